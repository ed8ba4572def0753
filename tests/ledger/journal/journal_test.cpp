// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/journal.h"

#include "ledger/store/commit_queue.h"
#include "tests/support/books.h"
#include "tests/support/case_name.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

namespace causeway::ledger {
namespace {

using test::account;
using test::Books;
using test::capture;

constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
constexpr auto kMin = std::numeric_limits<std::int64_t>::min();

struct JournalTest : testing::Test {
    test::TemporaryFolder folder;
    test::Ids ids;
    Books books{folder.url()};
    const AccountKey provider = account("card", Purpose::provider_receivable);
    const AccountKey merchant = account("mer_1", Purpose::merchant_pending);
};

TEST_F(JournalTest, AddsUpDebitsAndCredits) {
    ASSERT_TRUE(books.post(capture(ids.next(), 1000)));
    ASSERT_TRUE(books.post(capture(ids.next(), -300)));
    EXPECT_EQ(books.net(provider), 700);
    EXPECT_EQ(books.net(merchant), -700);
    EXPECT_EQ(books.net(account("nobody", Purpose::dispute)), 0);
    const std::vector<AccountBalance> all = books.balances();
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].account, provider);
    EXPECT_EQ(all[0].balance.debits, 1000);
    EXPECT_EQ(all[0].balance.credits, 300);
}

TEST_F(JournalTest, HandsBackAnEntryAsItWasPosted) {
    const Entry posted = capture(ids.next(), 1000);
    ASSERT_TRUE(books.post(posted));
    const auto found = books.read<Entry>(
        [&](Transaction& snapshot) { return Journal::entry(snapshot, posted.id); });
    EXPECT_EQ(found.kind, posted.kind);
    EXPECT_EQ(found.reference, posted.reference);
    EXPECT_EQ(found.effective, posted.effective);
    EXPECT_EQ(found.recorded, posted.recorded);
    ASSERT_EQ(found.lines.size(), 2U);
    EXPECT_EQ(found.lines[0].account, provider);
    EXPECT_EQ(found.lines[0].minor_units, 1000);
    EXPECT_EQ(found.lines[1].account, merchant);
    EXPECT_EQ(found.lines[1].minor_units, -1000);
}

TEST_F(JournalTest, DoesNotFindAnEntryThatIsNotThere) {
    ASSERT_TRUE(books.database->read([&](Transaction& snapshot) -> Result<void> {
        EXPECT_EQ(Journal::entry(snapshot, ids.next()).error().code(), ErrorCode::not_found);
        return {};
    }));
}

TEST_F(JournalTest, KnowsItsBalancesAfterReopening) {
    ASSERT_TRUE(books.post(capture(ids.next(), 1000)));
    books.database.reset();  // in either order: the writer may go first,
    books.journal.reset();
    Books again(folder.url());
    EXPECT_EQ(again.net(merchant), -1000);
    ASSERT_TRUE(again.post(capture(ids.next(), 5, "mer_2")));
    EXPECT_EQ(again.balances().size(), 3U);
    EXPECT_TRUE(again.verified().findings.empty());
    again.journal.reset();  // or the journal
    again.database.reset();
}

TEST_F(JournalTest, RefusesAnIdTwiceAndCountsItOnce) {
    const Entry entry = capture(ids.next(), 1000);
    ASSERT_TRUE(books.post(entry));
    EXPECT_EQ(books.post(entry).error().code(), ErrorCode::conflict);
    EXPECT_EQ(books.net(provider), 1000);
    EXPECT_TRUE(books.verified().findings.empty());
}

TEST_F(JournalTest, RefusesToOverflowABalance) {
    ASSERT_TRUE(books.post(capture(ids.next(), kMax)));
    EXPECT_EQ(books.post(capture(ids.next(), 1)).error().code(), ErrorCode::amount_overflow);
    ASSERT_TRUE(books.post(capture(ids.next(), -kMax)));
    EXPECT_EQ(books.net(provider), 0);
    EXPECT_TRUE(books.verified().findings.empty());
}

// The second line overflows after the first one was added: neither may stay.
TEST_F(JournalTest, LeavesNothingOfAnEntryThatOverflowsHalfway) {
    ASSERT_TRUE(books.post(capture(ids.next(), kMax, "mer_1")));
    Entry entry = capture(ids.next(), 7, "mer_2");
    std::ranges::reverse(entry.lines);
    EXPECT_EQ(books.post(entry).error().code(), ErrorCode::amount_overflow);
    EXPECT_EQ(books.net(account("mer_2", Purpose::merchant_pending)), 0);
    EXPECT_EQ(books.balances().size(), 2U);
}

// The body does not care, and so nobody but post() can take the first line back.
TEST_F(JournalTest, LeavesNothingOfAnOverflowThatTheBodyIgnores) {
    ASSERT_TRUE(books.post(capture(ids.next(), kMax)));
    const Result<int> told =
        books.database->writer().commit<int>([&](Transaction& t) -> Result<int> {
            Entry entry = capture(ids.next(), 7, "mer_2");
            std::ranges::reverse(entry.lines);
            EXPECT_FALSE(books.journal->post(t, entry));
            return 0;
        });
    ASSERT_TRUE(told);
    EXPECT_EQ(books.balances().size(), 2U);
    EXPECT_TRUE(books.verified().findings.empty());
}

// A body may be refused an entry and go on with another one.
TEST_F(JournalTest, ARefusedEntryLeavesNothingInABodyThatGoesOn) {
    const Entry first = capture(ids.next(), 100);
    const Result<int> told =
        books.database->writer().commit<int>([&](Transaction& t) -> Result<int> {
            EXPECT_TRUE(books.journal->post(t, first));
            EXPECT_EQ(books.journal->post(t, first).error().code(), ErrorCode::conflict);
            Entry other = capture(first.id, 50, "mer_new");
            EXPECT_EQ(books.journal->post(t, other).error().code(), ErrorCode::conflict);
            EXPECT_EQ(books.journal->balance(t, provider)->net(), 100)
                << "its own entries included";
            return 0;
        });
    ASSERT_TRUE(told);
    EXPECT_EQ(books.net(provider), 100);
    EXPECT_EQ(books.balances().size(), 2U) << "no account of the refused entry";
    EXPECT_TRUE(books.verified().findings.empty());
}

TEST_F(JournalTest, ForgetsTheEntriesAndAccountsOfAFailedBody) {
    ASSERT_TRUE(books.post(capture(ids.next(), 100)));
    for (int round = 0; round < 2; ++round) {
        const Result<int> told =
            books.database->writer().commit<int>([&](Transaction& t) -> Result<int> {
                EXPECT_TRUE(books.journal->post(t, capture(ids.next(), 30)));
                EXPECT_TRUE(books.journal->post(t, capture(ids.next(), 40, "mer_2")));
                return Error(ErrorCode::declined);
            });
        EXPECT_FALSE(told);
        EXPECT_EQ(books.net(provider), 100);
    }
    ASSERT_TRUE(books.post(capture(ids.next(), 1, "mer_3")));
    EXPECT_EQ(books.balances().size(), 3U);
    EXPECT_TRUE(books.verified().findings.empty());
}

TEST_F(JournalTest, KeepsCurrenciesWithOneNumberApart) {
    // XCG took over the number of ANG: the two must not share an account.
    ASSERT_TRUE(books.post(capture(ids.next(), 100, "mer_1", "ANG")));
    ASSERT_TRUE(books.post(capture(ids.next(), 7, "mer_1", "XCG")));
    EXPECT_EQ(books.net(account("mer_1", Purpose::merchant_pending, "ANG")), -100);
    EXPECT_EQ(books.net(account("mer_1", Purpose::merchant_pending, "XCG")), -7);
}

struct EntryCase {
    const char* name;
    void (*spoil)(Entry& entry);
    ErrorCode code = ErrorCode::invalid_argument;
};

class JournalRefuses : public testing::TestWithParam<EntryCase> {};

TEST_P(JournalRefuses, AndKeepsNothing) {
    const test::TemporaryFolder folder;
    test::Ids ids;
    Books books(folder.url());
    Entry entry = capture(ids.next(), 100);
    GetParam().spoil(entry);
    EXPECT_EQ(books.post(entry).error().code(), GetParam().code);
    EXPECT_TRUE(books.balances().empty());
    EXPECT_EQ(books.verified().entries, 0);
}

INSTANTIATE_TEST_SUITE_P(
    Entry,
    JournalRefuses,
    testing::Values(
        EntryCase{"NoLines", [](Entry& e) { e.lines.clear(); }},
        EntryCase{"OneLine", [](Entry& e) { e.lines.pop_back(); }},
        EntryCase{"AZeroLine",
                  [](Entry& e) {
                      e.lines.push_back({account("card", Purpose::suspense), 0});
                  }},
        EntryCase{"NoKind", [](Entry& e) { e.kind.clear(); }},
        EntryCase{"NoOwner", [](Entry& e) { e.lines[0].account.owner.clear(); }},
        EntryCase{"OneUnitOff", [](Entry& e) { e.lines[0].minor_units += 1; }},
        EntryCase{"TwoCurrencies",
                  [](Entry& e) { e.lines[0].account.currency = *Currency::from_code("USD"); }},
        // Client money that pays a fee without saying so.
        EntryCase{"TwoFunds", [](Entry& e) { e.lines[0].account.purpose = Purpose::fee_revenue; }},
        // In 64 bits these two add up to zero.
        EntryCase{"AWrappedSum",
                  [](Entry& e) {
                      const AccountKey key = e.lines[0].account;
                      e.lines = {{key, kMin}, {key, kMin}};
                  }},
        EntryCase{"NulInTheReference", [](Entry& e) { e.reference = std::string("a\0b", 3); }},
        EntryCase{"BrokenOwner", [](Entry& e) { e.lines[1].account.owner = "mer_\xFF"; }},
        EntryCase{"TheSmallestNumber",
                  [](Entry& e) {
                      const AccountKey key = e.lines[0].account;
                      e.lines = {{key, kMin}, {key, kMax}, {key, 1}};
                  },
                  ErrorCode::amount_overflow}),
    test::case_name<EntryCase>);

TEST(Purpose, IsSpeltAsItIsStored) {
    for (int i = 0; i <= static_cast<int>(Purpose::rounding); ++i) {
        const auto purpose = static_cast<Purpose>(i);
        EXPECT_EQ(*parse_purpose(to_string(purpose)), purpose);
    }
    EXPECT_EQ(to_string(Purpose::merchant_pending), "merchant_pending");
    EXPECT_EQ(parse_purpose("pending").error().code(), ErrorCode::not_found);
}

TEST(Purpose, BelongsToOneFund) {
    EXPECT_EQ(fund_of(Purpose::provider_receivable), Fund::client);
    EXPECT_EQ(fund_of(Purpose::operator_share), Fund::client);
    EXPECT_EQ(fund_of(Purpose::client_money_claim), Fund::own);
    EXPECT_EQ(fund_of(Purpose::rounding), Fund::own);
}

}  // namespace
}  // namespace causeway::ledger
