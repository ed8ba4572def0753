// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/journal.h"

#include "ledger/store/commit_queue.h"
#include "tests/support/books.h"
#include "tests/support/case_name.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <limits>
#include <string>
#include <vector>

namespace causeway::ledger {
namespace {

using test::account;
using test::Books;
using test::capture;

constexpr auto kMax = std::numeric_limits<std::int64_t>::max();

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
    EXPECT_EQ(books.entry(posted.id), posted);
}

TEST_F(JournalTest, DoesNotFindAnEntryThatIsNotThere) {
    ASSERT_TRUE(books.database->read([&](Transaction& snapshot) -> Result<void> {
        EXPECT_EQ(books.journal->entry(snapshot, ids.next()).error().code(), ErrorCode::not_found);
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

TEST_F(JournalTest, NumbersEntriesWithoutAGap) {
    for (Sequence expected = 1; expected <= 5; ++expected) {
        (void)books.post(capture(ids.next(), 0));  // refused: it takes no number
        EXPECT_EQ(books.post(capture(ids.next(), 10))->sequence, expected);
    }
}

// A client that heard nothing sends the same again, later.
TEST_F(JournalTest, CountsAnEntryOnceHoweverOftenItIsPosted) {
    Entry entry = capture(ids.next(), 1000);
    const Result<Posted> first = books.post(entry);
    ASSERT_TRUE(first);
    EXPECT_FALSE(first->replayed);
    const Timestamp recorded = entry.recorded;
    entry.recorded += std::chrono::hours(5);
    const Result<Posted> second = books.post(entry);
    ASSERT_TRUE(second);
    EXPECT_TRUE(second->replayed);
    EXPECT_EQ(second->sequence, first->sequence);
    EXPECT_EQ(books.net(provider), 1000);
    EXPECT_EQ(books.entry(entry.id).recorded, recorded);
    EXPECT_TRUE(books.verified().findings.empty());
}

TEST_F(JournalTest, SeesAReplayInsideOneBodyToo) {
    const Entry entry = capture(ids.next(), 1000);
    const Result<int> told = books.run<int>([&](Transaction& t) -> Result<int> {
        EXPECT_FALSE(books.journal->post(t, entry)->replayed);
        EXPECT_TRUE(books.journal->post(t, entry)->replayed);
        Entry other = entry;
        other.reference = "cap_2";
        EXPECT_EQ(refusal_of(books.journal->post(t, other).error()), Refusal::id_reused);
        return 0;
    });
    ASSERT_TRUE(told);
    EXPECT_EQ(books.net(provider), 1000);
}

struct ContentCase {
    const char* name;
    void (*change)(Entry& entry);
};

class JournalReplay : public testing::TestWithParam<ContentCase> {};

// An id stands for one content: whoever sends another one has made a mistake and must hear of it.
TEST_P(JournalReplay, IsRefusedWithOtherContent) {
    const test::TemporaryFolder folder;
    test::Ids ids;
    Books books(folder.url());
    Entry entry = capture(ids.next(), 100);
    ASSERT_TRUE(books.post(entry));
    GetParam().change(entry);
    EXPECT_EQ(refusal_of(books.post(entry).error()), Refusal::id_reused);
    EXPECT_EQ(books.balances().size(), 2U) << "no account of the refused entry";
}

INSTANTIATE_TEST_SUITE_P(
    Content,
    JournalReplay,
    testing::Values(
        ContentCase{"Kind", [](Entry& e) { e.kind = "refund"; }},
        ContentCase{"Reference", [](Entry& e) { e.reference = "cap_2"; }},
        ContentCase{"Effective", [](Entry& e) { e.effective += std::chrono::microseconds(1); }},
        ContentCase{"Type", [](Entry& e) { e.type = EntryType::pending; }},
        ContentCase{"Amounts",
                    [](Entry& e) {
                        e.lines[0].minor_units += 1;
                        e.lines[1].minor_units -= 1;
                    }},
        ContentCase{"OrderOfLines", [](Entry& e) { std::ranges::reverse(e.lines); }},
        ContentCase{"KnownAccounts",
                    [](Entry& e) { std::swap(e.lines[0].account, e.lines[1].account); }},
        ContentCase{"NewAccount", [](Entry& e) { e.lines[0].account.owner = "stranger"; }}),
    test::case_name<ContentCase>);

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
    const Result<int> told = books.run<int>([&](Transaction& t) -> Result<int> {
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
    const Result<int> told = books.run<int>([&](Transaction& t) -> Result<int> {
        EXPECT_TRUE(books.journal->post(t, first));
        EXPECT_TRUE(books.journal->post(t, first)->replayed);
        Entry other = capture(first.id, 50, "mer_new");
        EXPECT_EQ(books.journal->post(t, other).error().code(), ErrorCode::conflict);
        EXPECT_EQ(books.journal->balance(t, provider)->net(), 100) << "its own entries included";
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
        const Result<int> told = books.run<int>([&](Transaction& t) -> Result<int> {
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

// Two clocks that disagree, or one that was set back: history must not be rewritten.
TEST_F(JournalTest, RecordsNothingBeforeWhatItRecordedLast) {
    const Entry late = capture(ids.next(), 10, "mer_1");
    Entry early = capture(ids.next(), 10, "mer_2");
    early.recorded -= std::chrono::hours(1);
    ASSERT_TRUE(books.post(late));
    ASSERT_TRUE(books.post(early));
    EXPECT_EQ(books.entry(early.id).recorded, late.recorded);
    EXPECT_TRUE(books.post(early)->replayed) << "what was moved is no other content";
}

TEST_F(JournalTest, PostsLinkedEntriesAllOrNone) {
    const std::vector<Entry> good{capture(ids.next(), 10), capture(ids.next(), 20, "mer_2")};
    std::vector<Entry> bad{capture(ids.next(), 1, "mer_3"), capture(ids.next(), 2), good[1]};
    bad.back().kind = "refund";
    const auto told = books.run<int>([&](Transaction& t) -> Result<int> {
        const auto posted = books.journal->post_linked(t, good);
        EXPECT_EQ(posted->at(1).sequence, 2);
        const auto refused = books.journal->post_linked(t, bad);
        EXPECT_EQ(refusal_of(refused.error()), Refusal::id_reused);
        EXPECT_NE(refused.error().detail().find(to_text("je", good[1].id)), std::string::npos)
            << "the first refusal names its entry";
        EXPECT_EQ(books.journal->post(t, capture(ids.next(), 5))->sequence, 3);
        return 0;
    });
    ASSERT_TRUE(told);
    EXPECT_EQ(books.net(provider), 35);
    EXPECT_EQ(books.balances().size(), 3U) << "mer_3 has no account";
    EXPECT_TRUE(books.verified().findings.empty());
}

TEST_F(JournalTest, LaterLinkedEntriesSeeTheEarlier) {
    const Uuid pending = ids.next();
    const std::vector<Entry> linked{test::reservation(pending, 10),
                                    test::post_of(ids.next(), pending)};
    const auto posted = books.run<std::vector<Posted>>(
        [&](Transaction& t) { return books.journal->post_linked(t, linked); });
    ASSERT_TRUE(posted);
    EXPECT_EQ(books.net(provider), 10);
    const auto again = books.run<std::vector<Posted>>(
        [&](Transaction& t) { return books.journal->post_linked(t, linked); });
    ASSERT_TRUE(again);
    EXPECT_TRUE(again->at(0).replayed && again->at(1).replayed);
}

// Everybody who waits shares a batch: one who fails must not harm the others.
TEST_F(JournalTest, AFailedBodyDoesNotHarmItsNeighbours) {
    std::promise<void> gate;
    const std::shared_future<void> opened = gate.get_future().share();
    CommitQueue& queue = books.database->writer();
    const auto ignore = [](const Result<int>&) {};
    ASSERT_TRUE(queue.submit<int>(
        [opened](Transaction&) -> Result<int> {
            opened.wait();
            return 0;
        },
        ignore));
    for (int i = 0; i < 30; ++i) {
        const Entry entry = capture(ids.next(), 1 << i, "mer_" + std::to_string(i));
        ASSERT_TRUE(queue.submit<int>(
            [this, entry, i](Transaction& t) -> Result<int> {
                EXPECT_TRUE(books.journal->post(t, entry));
                if (i % 3 == 1) return Error(ErrorCode::declined);
                return 0;
            },
            ignore));
    }
    gate.set_value();
    EXPECT_EQ(books.net(provider), 0x2DB6DB6D) << "all but every third, from the second";
    EXPECT_EQ(books.balances().size(), 21U);
    EXPECT_TRUE(books.verified().findings.empty());
}

TEST(Purpose, IsSpeltAsItIsStored) {
    for (int i = 0; i <= static_cast<int>(Purpose::fx_fee); ++i) {
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
