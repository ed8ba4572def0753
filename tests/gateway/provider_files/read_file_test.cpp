// SPDX-License-Identifier: Apache-2.0
//
// What the bank tells by files: booked once, however often a file comes, and however it ends.
#include "gateway/provider_files/read_file.h"

#include "gateway/collections/receipts.h"
#include "gateway/metrics_store.h"
#include "gateway/notifications/notifications_store.h"
#include "tests/support/engines.h"
#include "tests/support/payment_desk.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <iostream>

namespace causeway::gateway {
namespace {

using connectors::NoticeKind;
using ledger::Purpose;
using test::eur;
using test::PaymentDesk;
using test::ScriptedSides;

// A file of the scripted provider's, from the lines between its first and its last.
std::string file_of(std::int64_t number, const std::vector<std::string>& lines) {
    std::string bytes = "H|scripted|" + std::to_string(number) + "|2026-04-15\n";
    for (const std::string& line : lines)
        bytes += line + "\n";
    return bytes + "T|" + std::to_string(lines.size() + 1) + "\n";
}

class ProviderFilesIn : public test::OnEachEngine {
  protected:
    PaymentDesk desk{1, ScriptedSides{.collecting = true, .files = true}, url()};

    Uuid bill() { return desk.create(PaymentDesk::bill(eur(10'000))).payment(); }
    std::string paid(const Uuid& payment, std::int64_t amount = 10'000) {
        return "R|" + desk.charge_of(payment).reference + "|" + std::to_string(amount) +
               "|EUR|2026-04-15";
    }
    FileReading reading(const std::string& bytes, bool corrected = false) {
        Result<ParsedFile> parsed = parse_provider_file(test::LineFiles("scripted"), bytes);
        if (!parsed) throw std::runtime_error(parsed.error().detail());
        return {*desk.database,
                desk.service->shop(),
                {.connector = "scripted",
                 .name = "ret.txt",
                 .bytes = bytes,
                 .parsed = *std::move(parsed),
                 .corrected = corrected}};
    }
    ReadReport read(const std::string& bytes, bool corrected = false) {
        FileReading file = reading(bytes, corrected);
        const Result<void> begun = file.begin();
        if (!begun) throw std::runtime_error(begun.error().detail());
        for (Result<bool> more = true; more && *more;)
            more = file.go_on();
        return file.report();
    }
    std::int64_t apart() { return -desk.net("scripted", Purpose::unallocated_receipt, "EUR"); }
};
CAUSEWAY_ON_EACH_ENGINE(ProviderFilesIn);

TEST_P(ProviderFilesIn, BookWhatTheyTell) {
    const Uuid first = bill();
    const Uuid second = bill();
    const Uuid third = bill();
    const std::string refused = "X|" + desk.charge_of(second).reference + "|03 no such branch";
    const std::string fee = "F|" + desk.charge_of(third).reference + "|290|EUR|registration";
    const ReadReport report = read(file_of(1, {paid(first), refused, fee}));
    EXPECT_EQ(desk.status(first), "succeeded");
    EXPECT_EQ(desk.status(second), "failed");
    EXPECT_EQ(desk.net("scripted", Purpose::provider_cost, "EUR"), 35 + 290);
    EXPECT_EQ(report.file.counts, (FileCounts{.lines = 3, .applied = 3}));
    EXPECT_EQ(report.kinds.at(NoticeKind::received).applied, 1);
    EXPECT_TRUE(report.warnings.empty());
    EXPECT_TRUE(desk.books_are_clean());
}

TEST_P(ProviderFilesIn, ChangeNothingTheSecondTime) {
    const Uuid id = bill();
    const std::string bytes = file_of(1, {paid(id)});
    const ReadReport first = read(bytes);
    desk.clock.advance(std::chrono::hours(5));
    const ReadReport again = read(bytes);
    EXPECT_TRUE(again.read_before);
    EXPECT_EQ(again.file.created, first.file.created);
    EXPECT_EQ(again.file.counts, first.file.counts);
    EXPECT_EQ(desk.payment(id).captured, 10'000);
    EXPECT_EQ(apart(), 0);
}

TEST_P(ProviderFilesIn, RefuseAnotherOfTheSameNumber) {
    const Uuid id = bill();
    (void)read(file_of(7, {}));
    FileReading other = reading(file_of(7, {paid(id)}));
    const Result<void> begun = other.begin();
    ASSERT_FALSE(begun);
    EXPECT_EQ(begun.error().code(), ErrorCode::conflict);
    EXPECT_NE(begun.error().detail().find("number 7"), std::string::npos);
    EXPECT_NE(begun.error().detail().find("2026-04-14T08:00:00"), std::string::npos);
    EXPECT_EQ(desk.status(id), "requires_action");
}

// A line of the first could not be read; the bank sends the file again under its number.
TEST_P(ProviderFilesIn, TakeThePlaceOfOneThatWasWrongWhenToldTo) {
    const Uuid first = bill();
    const Uuid second = bill();
    (void)read(file_of(7, {paid(first), "R|x|ten|EUR|2026-04-15"}));
    const std::string right = file_of(7, {paid(first), paid(second)});
    const ReadReport report = read(right, true);
    EXPECT_EQ(report.file.counts, (FileCounts{.lines = 2, .applied = 1, .known = 1}));
    EXPECT_EQ(report.file.corrects, 7);
    ASSERT_EQ(report.warnings.size(), 1U);
    EXPECT_NE(report.warnings[0].find("takes the place of"), std::string::npos);
    EXPECT_EQ(desk.status(second), "succeeded");
    EXPECT_EQ(apart(), 0);
    EXPECT_TRUE(read(right).read_before);
    EXPECT_TRUE(read(file_of(8, {})).warnings.empty());
    // Nothing to correct: a file like any other.
    EXPECT_EQ(read(file_of(9, {}), true).file.sequence, 9);
}

// The payment was booked with the day of the first file; it is one that changed, and not one more.
TEST_P(ProviderFilesIn, LeaveALineThatChangedToAPerson) {
    const Uuid id = bill();
    const Uuid other = bill();
    (void)read(file_of(7, {paid(id)}));
    const std::string moved = "R|" + desk.charge_of(id).reference + "|10000|EUR|2026-04-14";
    const ReadReport report = read(file_of(7, {moved, paid(other)}), true);
    ASSERT_EQ(report.faults.size(), 1U);
    EXPECT_EQ(report.faults[0].line, 2);
    EXPECT_NE(report.faults[0].reason.find("something else"), std::string::npos);
    EXPECT_EQ(desk.status(other), "succeeded");
    EXPECT_EQ(apart(), 0);
    EXPECT_TRUE(desk.books_are_clean());
}

// The one that was missing stands before the one that was there.
TEST_P(ProviderFilesIn, BookWhatWasMissingWhereverItStands) {
    const Uuid id = bill();
    (void)read(file_of(7, {"R|x|ten|EUR|2026-04-15", paid(id, 6'000)}));
    const ReadReport report = read(file_of(7, {paid(id, 4'000), paid(id, 6'000)}), true);
    EXPECT_TRUE(report.faults.empty());
    EXPECT_EQ(report.file.counts, (FileCounts{.lines = 2, .applied = 1, .known = 1}));
    EXPECT_EQ(apart(), 10'000);
    EXPECT_TRUE(read(file_of(7, {paid(id, 4'000), paid(id, 6'000)})).read_before);
    const ReadReport third =
        read(file_of(7, {paid(id, 4'000), paid(id, 6'000), paid(bill())}), true);
    EXPECT_EQ(third.file.counts, (FileCounts{.lines = 3, .applied = 1, .known = 2}));
    EXPECT_EQ(apart(), 10'000);
}

TEST_P(ProviderFilesIn, CorrectOneThatToldNothing) {
    const Uuid id = bill();
    (void)read(file_of(7, {"R|x|ten|EUR|2026-04-15"}));
    EXPECT_EQ(read(file_of(7, {paid(id)}), true).file.counts.applied, 1);
    EXPECT_EQ(desk.status(id), "succeeded");
}

// The first correction is as wrong as the first file was, and tells nothing that this one had not.
TEST_P(ProviderFilesIn, CorrectOneMoreThanOnce) {
    const Uuid first = bill();
    const Uuid second = bill();
    (void)read(file_of(7, {paid(first), "R|x|ten|EUR|2026-04-15"}));
    const ReadReport again = read(file_of(7, {paid(first), "R|x|two|EUR|2026-04-15"}), true);
    EXPECT_EQ(again.file.counts, (FileCounts{.lines = 2, .known = 1, .faults = 1}));
    const ReadReport right = read(file_of(7, {paid(first), paid(second)}), true);
    EXPECT_EQ(right.file.counts, (FileCounts{.lines = 2, .applied = 1, .known = 1}));
    EXPECT_EQ(desk.status(second), "succeeded");
    EXPECT_EQ(apart(), 0);
}

TEST_P(ProviderFilesIn, WaitForTheWrongOneToBeReadToItsEnd) {
    const Uuid id = bill();
    {
        FileReading cut = reading(file_of(7, {paid(id), "E|x|y"}));
        ASSERT_TRUE(cut.begin());
    }
    FileReading right = reading(file_of(7, {paid(id)}), true);
    const Result<void> begun = right.begin();
    ASSERT_FALSE(begun);
    EXPECT_NE(begun.error().detail().find("read in part"), std::string::npos);
}

// Read again after a crash it is not the first any more, and was named when it was.
TEST_P(ProviderFilesIn, SayOnceWithWhichNumberTheyBegan) {
    const Uuid id = bill();
    const std::string bytes = file_of(3, {paid(id)});
    FileReading cut = reading(bytes);
    ASSERT_TRUE(cut.begin());
    ASSERT_EQ(cut.report().warnings.size(), 1U);
    EXPECT_NE(cut.report().warnings[0].find("first file of this account is number 3"),
              std::string::npos);
    EXPECT_TRUE(read(bytes).warnings.empty());
    EXPECT_TRUE(read(file_of(4, {})).warnings.empty());
}

TEST_P(ProviderFilesIn, WarnOfNumbersThatAreMissing) {
    EXPECT_EQ(read(file_of(3, {})).warnings.size(), 1U);
    EXPECT_TRUE(read(file_of(4, {})).warnings.empty());
    const ReadReport gap = read(file_of(7, {}));
    ASSERT_EQ(gap.warnings.size(), 1U);
    EXPECT_NE(gap.warnings[0].find("numbers 5 to 6 were not read"), std::string::npos);
    EXPECT_EQ(read(file_of(5, {})).warnings.size(), 1U);
    EXPECT_TRUE(read(file_of(0, {})).warnings.empty());
}

TEST_P(ProviderFilesIn, BookTheGoodLinesOfAFileWithBadOnes) {
    const Uuid id = bill();
    const ReadReport report = read(file_of(1, {"R|x|ten|EUR|2026-04-15", paid(id), "?"}));
    EXPECT_EQ(desk.status(id), "succeeded");
    ASSERT_EQ(report.faults.size(), 2U);
    EXPECT_EQ(report.faults[0].line, 2);
    EXPECT_EQ(report.faults[0].column, 3);
    EXPECT_EQ(report.faults[0].field, "amount");
    EXPECT_EQ(report.file.counts.lines, 3);
}

TEST_P(ProviderFilesIn, AreOfNoUseWhenTheyAreCutOff) {
    const std::string whole = file_of(1, {"E|x|y"});
    const Result<ParsedFile> parsed =
        parse_provider_file(test::LineFiles("scripted"), whole.substr(0, whole.size() - 4));
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().code(), ErrorCode::invalid_argument);
}

TEST_P(ProviderFilesIn, SayWhatWasNotBelievedAndWhatStandsApart) {
    const Uuid id = bill();
    const ReadReport report =
        read(file_of(1,
                     {paid(id, 9'000),
                      "R|nobody's|5000|EUR|2026-04-15",
                      "X|nobody's|why",
                      "R|" + desk.charge_of(id).reference + "|10000|USD|2026-04-15"}));
    EXPECT_EQ(apart(), 14'000);
    EXPECT_EQ(report.file.counts,
              (FileCounts{.lines = 4, .applied = 1, .unmatched = 1, .disbelieved = 2}));
    ASSERT_EQ(report.apart.size(), 2U);
    EXPECT_EQ(report.apart[0].reason, "short_payment");
    EXPECT_EQ(report.apart[0].amount, 9'000);
    EXPECT_EQ(report.apart[1].reason, "unmatched");
    ASSERT_EQ(report.disbelieved.size(), 3U);
    EXPECT_EQ(report.disbelieved[1].verdict, NoticeVerdict::unknown_reference);
    EXPECT_EQ(report.disbelieved[2].line, 5);
    EXPECT_EQ(report.disbelieved[2].verdict, NoticeVerdict::currency_mismatch);
    EXPECT_TRUE(desk.books_are_clean());
}

TEST_P(ProviderFilesIn, AreReadAgainAfterACrashInTheMiddle) {
    std::vector<Uuid> bills;
    std::vector<std::string> lines;
    for (int count = 0; count < 4; ++count) {
        bills.push_back(bill());
        lines.push_back(paid(bills.back()));
    }
    while (lines.size() < 700)
        lines.push_back("R|stray-" + std::to_string(lines.size()) + "|1|EUR|2026-04-15");
    std::swap(lines[3], lines[699]);
    const std::string bytes = file_of(1, lines);
    {
        FileReading cut = reading(bytes);
        ASSERT_TRUE(cut.begin());
        ASSERT_TRUE(*cut.go_on());
    }
    EXPECT_EQ(desk.status(bills[0]), "succeeded");
    EXPECT_EQ(desk.status(bills[3]), "requires_action");
    (void)desk.restart();
    const ReadReport report = read(bytes);
    EXPECT_FALSE(report.read_before);
    EXPECT_EQ(report.file.counts,
              (FileCounts{.lines = 700, .applied = 1, .known = 3, .unmatched = 696}));
    EXPECT_EQ(desk.status(bills[3]), "succeeded");
    EXPECT_EQ(apart(), 696);
    const auto kept = desk.read<std::vector<NotificationRow>>(
        [&report](ledger::Transaction& tx) { return notifications_of(tx, report.file.id); });
    EXPECT_EQ(kept.size(), 700U);
    EXPECT_TRUE(read(bytes).read_before);
    EXPECT_TRUE(desk.books_are_clean());
}

TEST_P(ProviderFilesIn, TellOfAPaymentThatIsKnownByAnotherWay) {
    const Uuid id = bill();
    connectors::Notice notice{.kind = NoticeKind::received, .id = "m1"};
    notice.amount = eur(10'000);
    notice.receipt = connectors::Receipt{.channel = "api", .paid_on = *parse_day("2026-04-15")};
    EXPECT_EQ(desk.notice(id, notice), NoticeVerdict::applied);
    EXPECT_EQ(read(file_of(1, {paid(id)})).file.counts, (FileCounts{.lines = 1, .known = 1}));
    EXPECT_EQ(desk.payment(id).captured, 10'000);
}

TEST_P(ProviderFilesIn, TellTwoPaymentsAlikeInOneFileApart) {
    const Uuid id = bill();
    const ReadReport report = read(file_of(1, {paid(id), paid(id)}));
    EXPECT_EQ(report.file.counts.applied, 2);
    EXPECT_EQ(apart(), 10'000);
}

TEST_P(ProviderFilesIn, KeepALineThatCanNotBeStoredFromTheOthers) {
    const Uuid id = bill();
    const std::string odd = "X|" + desk.charge_of(bill()).reference + "|\xff\xfe";
    const ReadReport report = read(file_of(1, {paid(id), odd}));
    EXPECT_EQ(desk.status(id), "succeeded");
    ASSERT_EQ(report.faults.size(), 1U);
    EXPECT_EQ(report.faults[0].line, 3);
}

TEST_P(ProviderFilesIn, LeaveWhatStandsApartToBeSeen) {
    const Uuid id = bill();
    const Timestamp later = desk.clock.now() + std::chrono::minutes(190);
    const auto report = [&] {
        return desk.read<std::string>(
            [&](ledger::Transaction& tx) { return receipts_report(tx, later); });
    };
    EXPECT_EQ(report(), "");
    (void)read(file_of(1, {paid(id, 9'000)}));
    EXPECT_EQ(report(), "receipts: 1 held, the oldest for 3 h 10 min (warning)\n");
    const auto waiting = desk.read<std::vector<FileBacklog>>(
        [](ledger::Transaction& tx) { return file_backlogs(tx); });
    ASSERT_EQ(waiting.size(), 1U);
    EXPECT_EQ(waiting[0].connector, "scripted");
    EXPECT_EQ(waiting[0].waiting, 1);
    EXPECT_EQ(waiting[0].oldest, desk.clock.now());
}

// Prints how long it takes; CAUSEWAY_FILE_LINES and CAUSEWAY_FILE_BILLS make it longer.
TEST_P(ProviderFilesIn, TakeTheirTime) {
    const auto number = [](const char* name, std::size_t otherwise) -> std::size_t {
        const char* const text = std::getenv(name);  // NOLINT(concurrency-mt-unsafe)
        return text == nullptr ? otherwise : std::stoul(text);
    };
    const std::size_t bills = number("CAUSEWAY_FILE_BILLS", 20);
    const std::size_t count = number("CAUSEWAY_FILE_LINES", 1'000);
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < bills; ++at)
        lines.push_back(paid(bill()));
    while (lines.size() < count)
        lines.push_back("R|stray-" + std::to_string(lines.size()) + "|1|EUR|2026-04-15");
    const std::string bytes = file_of(1, lines);
    const auto begun = std::chrono::steady_clock::now();
    const ReadReport report = read(bytes);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    std::cout << count << " lines, " << bills << " of them paid bills: " << took.count() << " s\n";
    EXPECT_EQ(report.file.counts.applied, static_cast<std::int64_t>(bills));
}

}  // namespace
}  // namespace causeway::gateway
