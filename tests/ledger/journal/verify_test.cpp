// SPDX-License-Identifier: Apache-2.0
//
// Whoever changes the file behind the journal's back is found, and so is what he changed.
#include "ledger/journal/journal.h"
#include "tests/support/books.h"
#include "tests/support/case_name.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::ledger {
namespace {

using test::account;
using test::Books;
using test::capture;

constexpr std::size_t kEntries = 10;
constexpr std::size_t kVictim = 4;

// SQL has no way to say "this id" but in hexadecimal.
std::string literal(const Uuid& id) {
    std::string digits = to_rfc9562(id);
    std::erase(digits, '-');
    return "x'" + digits + "'";
}

std::string with_id(std::string sql, const Uuid& id) {
    for (std::size_t at = 0; (at = sql.find("VICTIM")) != std::string::npos;)
        sql.replace(at, 6, literal(id));
    return sql;
}

/// Ten captures, the operator's share of them included, in two currencies.
struct VerifyTest : testing::Test {
    VerifyTest() {
        for (std::size_t i = 0; i < kEntries; ++i) {
            const std::string_view currency = i % 2 == 0 ? "EUR" : "JPY";
            Entry entry = capture(ids.next(), 1000, "mer_1", currency);
            entry.lines.push_back({account("mer_1", Purpose::merchant_pending, currency), 30});
            entry.lines.push_back({account("operator", Purpose::operator_share, currency), -30});
            entry.lines.push_back({account("operator", Purpose::client_money_claim, currency), 30});
            entry.lines.push_back({account("operator", Purpose::fee_revenue, currency), -30});
            EXPECT_TRUE(books.post(entry));
            posted.push_back(entry.id);
        }
    }
    [[nodiscard]] std::string victim() const { return to_text("je", posted[kVictim]); }

    test::TemporaryFolder folder;
    test::Ids ids;
    Books books{folder.url()};
    std::vector<Uuid> posted;
};

TEST_F(VerifyTest, FindsNothingInSoundBooks) {
    const VerifyReport report = books.verified();
    EXPECT_EQ(report.entries, 10);
    EXPECT_EQ(report.lines, 60);
    EXPECT_EQ(report.accounts, 10);
    EXPECT_TRUE(report.findings.empty());
}

TEST_F(VerifyTest, FindsNothingInEmptyBooks) {
    Books empty(folder.url("empty.db"));
    EXPECT_TRUE(empty.verified().findings.empty());
}

TEST_F(VerifyTest, SaysHowFarItIs) {
    std::vector<std::pair<std::int64_t, std::int64_t>> told;
    ASSERT_TRUE(books.database->read([&](Transaction& snapshot) -> Result<void> {
        EXPECT_TRUE(verify(
            snapshot, [&](std::int64_t done, std::int64_t all) { told.emplace_back(done, all); }));
        return {};
    }));
    ASSERT_FALSE(told.empty());
    EXPECT_EQ(told.back(), (std::pair<std::int64_t, std::int64_t>{60, 60}));
}

struct TamperCase {
    const char* name;
    const char* sql;             // VICTIM stands for the fifth entry
    const char* rule;            // of the first finding
    const char* detail = "je_";  // part of its detail
};

class VerifyFinds : public VerifyTest, public testing::WithParamInterface<TamperCase> {};

TEST_P(VerifyFinds, TheFirstBrokenThing) {
    books.tamper(with_id(GetParam().sql, posted[kVictim]));
    const VerifyReport report = books.verified();
    ASSERT_FALSE(report.findings.empty());
    const Finding& first = report.findings.front();
    EXPECT_EQ(first.rule, GetParam().rule) << first.detail;
    EXPECT_NE(first.detail.find(GetParam().detail), std::string::npos) << first.detail;
    if (std::string_view(GetParam().detail) == "je_") {
        EXPECT_NE(first.detail.find(victim()), std::string::npos) << first.detail;
    }
}

INSTANTIATE_TEST_SUITE_P(
    Tampered,
    VerifyFinds,
    testing::Values(
        TamperCase{"OneUnitOff",
                   "UPDATE lines SET amount = amount + 1 WHERE entry_id = VICTIM AND line_no = 1",
                   "unbalanced_entry"},
        // Balanced as a whole, but money has crossed from the clients' fund into ours.
        TamperCase{"BetweenTheFunds",
                   "UPDATE lines SET amount = amount + CASE line_no WHEN 2 THEN 5 ELSE -5 END"
                   " WHERE entry_id = VICTIM AND line_no IN (2, 6)",
                   "unbalanced_entry"},
        TamperCase{"IntoAnotherCurrency",
                   "UPDATE lines SET account_id = (SELECT account_id FROM accounts WHERE"
                   " owner = 'mer_1' AND currency = 'JPY')"
                   " WHERE entry_id = VICTIM AND line_no = 2",
                   "unbalanced_entry"},
        TamperCase{"ALineGone",
                   "DELETE FROM lines WHERE entry_id = VICTIM AND line_no = 6",
                   "unbalanced_entry"},
        TamperCase{"APairOfLinesGone",
                   "DELETE FROM lines WHERE entry_id = VICTIM AND line_no IN (3, 4)",
                   "line_missing"},
        TamperCase{"AllLinesGone", "DELETE FROM lines WHERE entry_id = VICTIM", "too_few_lines"},
        TamperCase{"OneLineLeft",
                   "DELETE FROM lines WHERE entry_id = VICTIM AND line_no > 1",
                   "too_few_lines"},
        TamperCase{"ALineOfZero",
                   "INSERT INTO lines (entry_id, line_no, account_id, amount)"
                   " VALUES (VICTIM, 7, 1, 0)",
                   "zero_line"},
        TamperCase{
            "EntryGone", "DELETE FROM entries WHERE entry_id = VICTIM", "line_without_entry"},
        TamperCase{"LinesAfterTheLastEntry",
                   "INSERT INTO lines (entry_id, line_no, account_id, amount)"
                   " VALUES (x'ffffffffffffffffffffffffffffffff', 1, 1, 5)",
                   "line_without_entry",
                   "je_7ZZZZZZZZZZZZZZZZZZZZZZZZZ"},
        TamperCase{"LineOfNoAccount",
                   "UPDATE lines SET account_id = 999 WHERE entry_id = VICTIM AND line_no = 1",
                   "line_without_account"},
        TamperCase{"AShortId",
                   "INSERT INTO entries (entry_id, kind, reference, effective_us, recorded_us)"
                   " VALUES (x'0102', 'capture', 'x', 0, 0)",
                   "malformed_id",
                   "2 bytes"},
        TamperCase{"ATextForAnId",
                   "INSERT INTO lines (entry_id, line_no, account_id, amount)"
                   " VALUES ('text', 1, 1, 5)",
                   "malformed_id",
                   "0 entries and 1 lines"},
        TamperCase{"ABalanceChanged",
                   "UPDATE balances SET debits = debits + 1 WHERE account_id = 1",
                   "balance_differs",
                   "provider_receivable card EUR: stored debits 5001, credits 0; its lines add up"
                   " to debits 5000, credits 0"},
        // The net is right and the sums are not: turnover would be reported wrongly.
        TamperCase{"BothSumsChanged",
                   "UPDATE balances SET debits = debits + 1, credits = credits + 1"
                   " WHERE account_id = 1",
                   "balance_differs",
                   "stored debits 5001, credits 1"},
        TamperCase{"ABalanceGone",
                   "DELETE FROM balances WHERE account_id = 1",
                   "balance_missing",
                   "provider_receivable card EUR"},
        TamperCase{"ABalanceTooMany",
                   "INSERT INTO balances (account_id, debits, credits) VALUES (999, 0, 0)",
                   "balance_without_account",
                   "999"},
        TamperCase{"AnAccountOfUnknownPurpose",
                   "UPDATE accounts SET purpose = 'pocket' WHERE account_id = 9",
                   "unknown_account",
                   "pocket operator JPY"}),
    test::case_name<TamperCase>);

// One broken entry must not make its sound successors look broken.
TEST_F(VerifyTest, BlamesOnlyTheEntryThatIsBroken) {
    books.tamper(
        with_id("UPDATE lines SET amount = amount + 1 WHERE entry_id = VICTIM"
                " AND line_no = 1",
                posted[kVictim]));
    const VerifyReport report = books.verified();
    ASSERT_EQ(report.findings.size(), 2U);
    EXPECT_EQ(report.findings[0].detail, victim() + ": EUR in the client fund adds up to 1");
    EXPECT_EQ(report.findings[1].rule, "balance_differs");
}

// Each entry is sound and each balance the sum of its lines; only the whole is not.
TEST_F(VerifyTest, FindsAClaimThatDoesNotMirrorTheShare) {
    Entry entry = capture(ids.next(), 50);
    entry.lines[1].account = account("operator", Purpose::operator_share);
    ASSERT_TRUE(books.post(entry));
    const VerifyReport report = books.verified();
    ASSERT_EQ(report.findings.size(), 1U);
    EXPECT_EQ(report.findings[0].rule, "client_money");
    EXPECT_EQ(report.findings[0].detail,
              "EUR: held 5050, owed 4850, operator's share 200, operator's claim 150");
}

TEST_F(VerifyTest, ReportsTheEarliestOfManyBrokenEntriesFirstAndNotMoreThanAHundred) {
    for (int i = 0; i < 120; ++i)
        ASSERT_TRUE(books.post(capture(ids.next(), 1)));
    books.tamper("UPDATE lines SET amount = amount + 1 WHERE line_no = 1");
    const VerifyReport report = books.verified();
    ASSERT_EQ(report.findings.size(), 100U);
    EXPECT_NE(report.findings[0].detail.find(to_text("je", posted[0])), std::string::npos);
}

}  // namespace
}  // namespace causeway::ledger
