// SPDX-License-Identifier: Apache-2.0
//
// Two phases: what is reserved, and what becomes of it.
#include "ledger/journal/journal.h"
#include "tests/support/books.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <vector>

namespace causeway::ledger {
namespace {

using test::account;
using test::Books;
using test::capture;
using test::post_of;
using test::reservation;
using test::void_of;

struct PendingTest : testing::Test {
    std::vector<Line> part(std::int64_t minor_units) {
        return {{.account = provider, .minor_units = minor_units},
                {.account = merchant, .minor_units = -minor_units}};
    }
    // The provider's side; the merchant's is checked to be its mirror.
    std::pair<std::int64_t, std::int64_t> posted_and_pending() {
        const Balance debits = books.balance(provider);
        const Balance credits = books.balance(merchant);
        EXPECT_EQ(debits.debits, credits.credits);
        EXPECT_EQ(debits.pending_debits, credits.pending_credits);
        EXPECT_EQ(debits.credits + debits.pending_credits, 0);
        EXPECT_EQ(credits.debits + credits.pending_debits, 0);
        return {debits.debits, debits.pending_debits};
    }
    std::optional<Refusal> refusal(const Entry& entry) {
        const Result<Posted> posted = books.post(entry);
        return posted ? std::nullopt : refusal_of(posted.error());
    }
    std::int64_t expire(Timestamp now, std::int64_t count_max = 1000) {
        return *books.run<std::int64_t>(
            [&](Transaction& t) { return books.journal->expire(t, now, ids.source, count_max); });
    }

    using Sums = std::pair<std::int64_t, std::int64_t>;
    test::TemporaryFolder folder;
    test::Ids ids;
    Books books{folder.url()};
    const AccountKey provider = account("card", Purpose::provider_receivable);
    const AccountKey merchant = account("mer_1", Purpose::merchant_pending);
    const Uuid pending = ids.next();
    const Timestamp recorded = capture(pending, 1).recorded;
    const Timestamp expiry = recorded + std::chrono::hours(1);
};

TEST_F(PendingTest, ReservesWithoutPosting) {
    ASSERT_TRUE(books.post(reservation(pending, 100, expiry)));
    EXPECT_EQ(posted_and_pending(), Sums(0, 100));
    EXPECT_EQ(books.entry(pending), reservation(pending, 100, expiry));
    EXPECT_TRUE(books.verified().findings.empty());
}

TEST_F(PendingTest, PostsAllThatRemainsWhenNoLinesAreNamed) {
    ASSERT_TRUE(books.post(reservation(pending, 100)));
    ASSERT_TRUE(books.post(post_of(ids.next(), pending, part(30))));
    const Uuid rest = ids.next();
    ASSERT_TRUE(books.post(post_of(rest, pending)));
    EXPECT_EQ(posted_and_pending(), Sums(100, 0));
    EXPECT_EQ(books.entry(rest), post_of(rest, pending, part(70))) << "as it turned out";
    EXPECT_EQ(refusal(post_of(ids.next(), pending)), Refusal::pending_posted);
    EXPECT_TRUE(books.verified().findings.empty());
}

TEST_F(PendingTest, PostsPartsUntilNothingRemains) {
    ASSERT_TRUE(books.post(reservation(pending, 100)));
    ASSERT_TRUE(books.post(post_of(ids.next(), pending, part(60))));
    EXPECT_EQ(posted_and_pending(), Sums(60, 40));
    EXPECT_EQ(refusal(post_of(ids.next(), pending, part(41))), Refusal::pending_exceeded);
    EXPECT_EQ(posted_and_pending(), Sums(60, 40));
    ASSERT_TRUE(books.post(post_of(ids.next(), pending, part(40))));
    EXPECT_EQ(posted_and_pending(), Sums(100, 0));
    EXPECT_EQ(refusal(void_of(ids.next(), pending)), Refusal::pending_posted);
    EXPECT_TRUE(books.verified().findings.empty());
}

TEST_F(PendingTest, VoidsWhatRemainsAfterAPart) {
    ASSERT_TRUE(books.post(reservation(pending, 100)));
    ASSERT_TRUE(books.post(post_of(ids.next(), pending, part(25))));
    const Uuid voiding = ids.next();
    ASSERT_TRUE(books.post(void_of(voiding, pending)));
    EXPECT_EQ(posted_and_pending(), Sums(25, 0));
    EXPECT_EQ(books.entry(voiding).lines, part(75));
    EXPECT_EQ(refusal(post_of(ids.next(), pending, part(1))), Refusal::pending_voided);
    EXPECT_EQ(refusal(void_of(ids.next(), pending)), Refusal::pending_voided);
    EXPECT_TRUE(books.verified().findings.empty());
}

TEST_F(PendingTest, LetsWhatIsDueExpireEarliestFirst) {
    const Uuid sooner = ids.next();
    const Uuid never = ids.next();
    ASSERT_TRUE(books.post(reservation(pending, 100, expiry)));
    ASSERT_TRUE(books.post(reservation(sooner, 10, expiry - std::chrono::minutes(1))));
    ASSERT_TRUE(books.post(reservation(never, 1)));
    EXPECT_EQ(expire(expiry - std::chrono::minutes(2)), 0);
    EXPECT_EQ(expire(expiry, 1), 1);
    EXPECT_EQ(posted_and_pending(), Sums(0, 101)) << "the sooner one went first";
    EXPECT_EQ(expire(expiry), 1);
    EXPECT_EQ(expire(expiry), 0);
    EXPECT_EQ(posted_and_pending(), Sums(0, 1));
    EXPECT_EQ(refusal(post_of(ids.next(), pending)), Refusal::pending_expired);
    EXPECT_EQ(refusal(void_of(ids.next(), pending)), Refusal::pending_expired);
    EXPECT_TRUE(books.verified().findings.empty());
}

// Between its time and the entry that says so it can not be posted either; but whoever voids it
// does what the expiry would do.
TEST_F(PendingTest, CanBeVoidedButNotPostedOnceItsTimeHasCome) {
    ASSERT_TRUE(books.post(reservation(pending, 100, expiry)));
    Entry late = post_of(ids.next(), pending, part(5));
    late.recorded = expiry;
    EXPECT_EQ(refusal(late), Refusal::pending_expired);
    late.recorded -= std::chrono::microseconds(1);
    ASSERT_TRUE(books.post(late));
    Entry voiding = void_of(ids.next(), pending);
    voiding.recorded = expiry + std::chrono::hours(1);
    ASSERT_TRUE(books.post(voiding));
    EXPECT_EQ(posted_and_pending(), Sums(5, 0));
    EXPECT_EQ(expire(expiry + std::chrono::hours(2)), 0);
    EXPECT_TRUE(books.verified().findings.empty());
}

// The clock that decides is that of the books: it may be ahead of the caller's.
TEST_F(PendingTest, IsLateWhenTheBooksAreThoughTheCallerIsNot) {
    ASSERT_TRUE(books.post(reservation(pending, 100, expiry)));
    Entry other = capture(ids.next(), 1, "mer_2");
    other.recorded = expiry;
    ASSERT_TRUE(books.post(other));
    EXPECT_EQ(refusal(post_of(ids.next(), pending)), Refusal::pending_expired);
}

TEST_F(PendingTest, AnswersEveryStepAgain) {
    const Entry reserve = reservation(pending, 100, expiry);
    const Entry first = post_of(ids.next(), pending, part(10));
    const Entry second = post_of(ids.next(), pending);
    const Uuid other = ids.next();
    const Entry reserve_other = reservation(other, 7);
    const Entry voiding = void_of(ids.next(), other);
    const std::vector<Entry> steps{reserve, first, second, reserve_other, voiding};
    for (const Entry& step : steps)
        EXPECT_FALSE(books.post(step)->replayed);
    for (const Entry& step : steps)
        EXPECT_TRUE(books.post(step)->replayed) << "whatever has happened since";
    EXPECT_EQ(posted_and_pending(), Sums(100, 0));
    Entry changed = reserve;
    changed.expires = expiry + std::chrono::hours(1);
    EXPECT_EQ(refusal(changed), Refusal::id_reused);
    changed = second;
    changed.pending = other;
    EXPECT_EQ(refusal(changed), Refusal::id_reused);
    changed = first;
    changed.lines = part(11);
    EXPECT_EQ(refusal(changed), Refusal::id_reused);
    EXPECT_TRUE(books.verified().findings.empty());
}

TEST_F(PendingTest, TakesFromBothLinesOfAnAccountThatStandsThereTwice) {
    Entry reserve = reservation(pending, 100);
    reserve.lines = {{provider, 60}, {merchant, -100}, {provider, 40}};
    ASSERT_TRUE(books.post(reserve));
    ASSERT_TRUE(books.post(post_of(ids.next(), pending, part(70))));
    EXPECT_EQ(posted_and_pending(), Sums(70, 30));
    EXPECT_EQ(refusal(post_of(ids.next(), pending, part(31))), Refusal::pending_exceeded);
    ASSERT_TRUE(books.post(post_of(ids.next(), pending)));
    EXPECT_EQ(posted_and_pending(), Sums(100, 0));
    EXPECT_TRUE(books.verified().findings.empty());
}

TEST_F(PendingTest, IsOpenAgainWhenTheBodyThatClosedItFails) {
    ASSERT_TRUE(books.post(reservation(pending, 100, expiry)));
    const Result<int> told = books.run<int>([&](Transaction& t) -> Result<int> {
        EXPECT_TRUE(books.journal->post(t, post_of(ids.next(), pending, part(40))));
        EXPECT_TRUE(books.journal->post(t, void_of(ids.next(), pending)));
        EXPECT_EQ(refusal_of(books.journal->post(t, post_of(ids.next(), pending)).error()),
                  Refusal::pending_voided);
        return Error(ErrorCode::declined);
    });
    ASSERT_FALSE(told);
    EXPECT_EQ(posted_and_pending(), Sums(0, 100));
    EXPECT_EQ(expire(expiry), 1) << "its time is known again too";
    EXPECT_TRUE(books.verified().findings.empty());
}

TEST_F(PendingTest, IsGoneWithTheBodyThatMadeIt) {
    const Result<int> told = books.run<int>([&](Transaction& t) -> Result<int> {
        EXPECT_TRUE(books.journal->post(t, reservation(pending, 100, expiry)));
        return Error(ErrorCode::declined);
    });
    ASSERT_FALSE(told);
    EXPECT_EQ(refusal(post_of(ids.next(), pending)), Refusal::pending_unknown);
    EXPECT_EQ(expire(expiry), 0);
    EXPECT_TRUE(books.post(reservation(pending, 50))) << "the id is free";
}

}  // namespace
}  // namespace causeway::ledger
