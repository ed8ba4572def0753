// SPDX-License-Identifier: Apache-2.0
#include "ledger/chain/verify.h"

#include "ledger/journal/stored_entry.h"
#include "tests/support/engines.h"
#include "tests/support/sample_books.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace causeway::ledger {
namespace {

using test::account;
using test::Books;
using test::capture;
using test::SampleBooks;

constexpr Sequence kVictim = 5;

void expect_none(const VerifyReport& report) {
    for (const Finding& finding : report.findings)
        ADD_FAILURE() << finding.rule << ": " << finding.detail;
}

/// The first finding, which names what broke first.
void expect_first(const VerifyReport& report, std::string_view rule, std::string_view detail) {
    ASSERT_FALSE(report.findings.empty());
    const Finding& first = report.findings.front();
    EXPECT_EQ(first.rule, rule) << first.detail;
    EXPECT_NE(first.detail.find(detail), std::string::npos) << first.detail;
}

bool has(const VerifyReport& report, std::string_view rule) {
    return std::ranges::find(report.findings, rule, &Finding::rule) != report.findings.end();
}

class VerifyTest : public test::OnEachEngine {
  protected:
    SampleBooks& sample() {
        if (!sample_) sample_ = std::make_unique<SampleBooks>(url());
        return *sample_;
    }
    VerifyReport verified() { return sample().books.verified(sample().trusting()); }

    /// Changes an entry's postings, and nothing else of it.
    void rewrite(Sequence sequence, const std::function<void(StoredEntry&)>& change) {
        const auto done = sample().books.run<int>([&](Transaction& body) -> Result<int> {
            Result<StoredEntry> entry = load_entry(body, sequence);
            if (!entry) return entry.error();
            change(*entry);
            std::vector<std::uint8_t> postings;
            pack_postings(*entry, postings);
            const auto written =
                body.execute("UPDATE journal_entries SET postings = $1 WHERE sequence = $2",
                             {std::span<const std::uint8_t>(postings), sequence});
            return written ? Result<int>(0) : Result<int>(written.error());
        });
        ASSERT_TRUE(done) << done.error().detail();
    }
    /// The entry as a finding names it.
    std::string name_of(Sequence sequence) {
        return sample().books.read<std::string>([&](Transaction& snapshot) -> Result<std::string> {
            const Result<StoredEntry> entry = load_entry(snapshot, sequence);
            if (!entry) return entry.error();
            return "entry " + std::to_string(sequence) + " (" + to_text("je", entry->id) + ")";
        });
    }

  private:
    std::unique_ptr<SampleBooks> sample_;
};

TEST_P(VerifyTest, FindsNothingInSoundBooks) {
    VerifyOptions options = sample().trusting();
    options.exported = sample().exported();
    const VerifyReport report = sample().books.verified(options);
    expect_none(report);
    EXPECT_EQ(report.entries, 288);
    EXPECT_EQ(report.lines, 579);
    EXPECT_EQ(report.accounts, 9);
    EXPECT_EQ(report.heads, 3);
    EXPECT_TRUE(report.signatures_checked);
}

TEST_P(VerifyTest, FindsNothingInEmptyBooks) {
    Books books(url());
    const VerifyReport report = books.verified();
    expect_none(report);
    EXPECT_EQ(report.entries, 0);
    EXPECT_FALSE(report.signatures_checked);
}

// When it is closed, the journal takes a snapshot of its balances.
TEST_P(VerifyTest, FindsNothingAfterTheBooksWereClosed) {
    const VerifyOptions options = sample().trusting();
    sample().books.journal.reset();
    sample().books.database.reset();
    Books again(url());
    expect_none(again.verified(options));
    ASSERT_TRUE(again.post(capture(sample().ids.next(), 12)));
    expect_none(again.verified(options));
}

TEST_P(VerifyTest, SaysHowFarItIs) {
    std::vector<std::pair<std::int64_t, std::int64_t>> told;
    VerifyOptions options;
    options.progress = [&](std::int64_t done, std::int64_t all) { told.emplace_back(done, all); };
    (void)sample().books.verified(options);
    ASSERT_FALSE(told.empty());
    EXPECT_EQ(told.back(), (std::pair<std::int64_t, std::int64_t>{288, 288}));
}

// A unit more on one line: the entry is named, what is wrong with it, and nobody else.
TEST_P(VerifyTest, BlamesOnlyTheEntryThatIsBroken) {
    rewrite(kVictim, [](StoredEntry& entry) { entry.lines[0].minor_units += 1; });
    const VerifyReport report = verified();
    ASSERT_EQ(report.findings.size(), 3U);
    EXPECT_EQ(report.findings[0].rule, "unbalanced_entry");
    EXPECT_EQ(report.findings[0].detail,
              name_of(kVictim) + ": EUR in the client fund adds up to 1");
    EXPECT_EQ(report.findings[1].rule, "balance_differs");
    EXPECT_EQ(report.findings[1].detail,
              name_of(kVictim) +
                  ", provider_receivable card EUR: says debits 510, credits 0,"
                  " pending debits 0, pending credits 0 after it; it is debits 511,"
                  " credits 0, pending debits 0, pending credits 0");
    EXPECT_EQ(report.findings[2].rule, "hash_differs");
    EXPECT_NE(report.findings[2].detail.find(name_of(kVictim)), std::string::npos);
}

// The books balance and every sum is right; only the chain knows.
TEST_P(VerifyTest, FindsAnotherKindByTheChain) {
    sample().books.tamper("UPDATE journal_entries SET kind = 'refund' WHERE sequence = 5");
    const VerifyReport report = verified();
    EXPECT_EQ(report.findings.size(), 1U);
    expect_first(report, "hash_differs", name_of(kVictim));
}

TEST_P(VerifyTest, FindsARenamedAccountAtItsFirstEntry) {
    sample().books.tamper(
        "UPDATE journal_accounts SET owner = 'mer_9' WHERE owner = 'mer_2' AND currency = 'EUR'");
    expect_first(verified(), "hash_differs", name_of(3));
}

TEST_P(VerifyTest, FindsAnEntryThatIsGone) {
    sample().books.tamper("DELETE FROM journal_entries WHERE sequence = 5");
    expect_first(verified(), "missing_entry", "entry 5 is not there");
}

TEST_P(VerifyTest, FindsEntriesThatHaveChangedPlaces) {
    sample().books.tamper("UPDATE journal_entries SET sequence = 1000 WHERE sequence = 5");
    sample().books.tamper("UPDATE journal_entries SET sequence = 5 WHERE sequence = 6");
    sample().books.tamper("UPDATE journal_entries SET sequence = 6 WHERE sequence = 1000");
    const VerifyReport report = verified();
    expect_first(report, "balance_differs", "entry 5");
    EXPECT_TRUE(has(report, "recorded_backwards"));
    EXPECT_TRUE(has(report, "hash_differs"));
}

TEST_P(VerifyTest, FindsALineOfNoAccount) {
    rewrite(kVictim, [](StoredEntry& entry) { entry.lines[0].account_id = 999; });
    expect_first(verified(), "line_without_account", name_of(kVictim) + " names account 999");
}

TEST_P(VerifyTest, FindsAHistoryThatSkipsAnEntry) {
    rewrite(kVictim, [](StoredEntry& entry) { entry.lines[0].previous = 3; });
    const VerifyReport report = verified();
    EXPECT_EQ(report.findings.size(), 1U);
    expect_first(report, "history_differs", name_of(kVictim) + ", provider_receivable card EUR");
}

TEST_P(VerifyTest, FindsARunningBalanceThatIsOff) {
    rewrite(kVictim, [](StoredEntry& entry) { entry.lines[1].balance.pending_debits = 1; });
    expect_first(verified(), "balance_differs", name_of(kVictim) + ", merchant_pending mer_1 EUR");
}

// Each entry is sound and each balance the sum of its lines; only the whole is not.
TEST_P(VerifyTest, FindsAClaimThatDoesNotMirrorTheShare) {
    Entry entry = capture(sample().ids.next(), 50, "mer_1", "JPY");
    entry.lines[1].account = account("operator", Purpose::operator_share, "JPY");
    ASSERT_TRUE(sample().books.post(entry));
    const VerifyReport report = verified();
    ASSERT_EQ(report.findings.size(), 1U);
    EXPECT_EQ(report.findings[0].rule, "client_money");
    EXPECT_EQ(report.findings[0].detail,
              "JPY: held 1050, owed 970, operator's share 80, operator's claim 30");
}

TEST_P(VerifyTest, ReportsTheEarliestFirstAndNotMoreThanAHundred) {
    sample().books.tamper("UPDATE journal_entries SET kind = 'refund'");
    const VerifyReport report = verified();
    EXPECT_EQ(report.findings.size(), 100U);
    expect_first(report, "hash_differs", name_of(1));
}

TEST_P(VerifyTest, SaysWhatThePendingRowsGetWrong) {
    sample().books.tamper("UPDATE journal_pendings SET state = 2 WHERE state = 1");
    const VerifyReport report = verified();
    ASSERT_EQ(report.findings.size(), 2U);
    expect_first(report, "pending_differs", "otherwise of its state");
}

TEST_P(VerifyTest, FindsACutTailByTheHeadsThatAreStillThere) {
    sample().books.tamper("DELETE FROM journal_entries WHERE sequence > 200");
    const VerifyReport report = verified();
    EXPECT_TRUE(has(report, "cut_tail"));
}

TEST_P(VerifyTest, FindsAHeadThatIsGone) {
    sample().books.tamper("DELETE FROM journal_heads WHERE last_sequence = 180");
    expect_first(verified(), "missing_head", "the head up to entry 270 begins at 181");
}

TEST_P(VerifyTest, FindsASignatureOfAnotherKey) {
    VerifyOptions options = sample().trusting();
    options.trusted = {test::throwaway_signer(9).public_key()};
    const VerifyReport report = sample().books.verified(options);
    EXPECT_EQ(report.findings.size(), 3U);
    expect_first(report, "wrong_signature", "");
}

CAUSEWAY_ON_EACH_ENGINE(VerifyTest);

}  // namespace
}  // namespace causeway::ledger
