// SPDX-License-Identifier: Apache-2.0
//
// The same books on each engine, and the books that several processes share. Two databases opened
// on one URL are to the server what two processes are: connections, lanes and memories of their
// own.
#include "tests/support/books.h"
#include "tests/support/engines.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace causeway::ledger {
namespace {

using test::account;
using test::Books;
using test::capture;

constexpr std::int64_t kNow = 1'776'074'461'000'000;

Entry transfer(const Uuid& id, const AccountKey& from, const AccountKey& to, std::int64_t amount) {
    return {.id = id,
            .kind = "transfer",
            .reference = "t",
            .effective = from_microseconds(kNow),
            .recorded = from_microseconds(kNow),
            .lines = {{.account = from, .minor_units = amount},
                      {.account = to, .minor_units = -amount}}};
}

class JournalOnEngine : public test::OnEachEngine {};

TEST_P(JournalOnEngine, KeepsPendingPostedAndVoidedAmountsApart) {
    test::Ids ids;
    Books books(url());
    const AccountKey card = account("card", Purpose::provider_receivable);
    Entry pending = capture(ids.next(), 100);
    pending.type = EntryType::pending;
    ASSERT_TRUE(books.post(pending));
    EXPECT_EQ(books.balance(card).pending_debits, 100);
    Entry part = capture(ids.next(), 30);
    part.type = EntryType::post_pending;
    part.pending = pending.id;
    ASSERT_TRUE(books.post(part));
    ASSERT_TRUE(books.post(test::void_of(ids.next(), pending.id)));
    EXPECT_EQ(books.balance(card),
              (Balance{.debits = 30, .credits = 0, .pending_debits = 0, .pending_credits = 0}));
    const Result<Posted> late = books.post(test::void_of(ids.next(), pending.id));
    ASSERT_FALSE(late);
    EXPECT_EQ(refusal_of(late.error()), Refusal::pending_voided);
    EXPECT_TRUE(books.verified().findings.empty());
}

TEST_P(JournalOnEngine, KnowsAnIdAgainAfterARestart) {
    test::Ids ids;
    const Entry entry = capture(ids.next(), 100);
    {
        Books books(url());
        ASSERT_TRUE(books.post(entry));
    }
    Books books(url());
    const Result<Posted> again = books.post(entry);
    ASSERT_TRUE(again);
    EXPECT_TRUE(again->replayed);
    Entry other = entry;
    other.kind = "other";
    const Result<Posted> refused = books.post(other);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refusal_of(refused.error()), Refusal::id_reused);
    EXPECT_EQ(books.entry(entry.id).lines.size(), 2U);
    EXPECT_EQ(books.balances().size(), 2U);
    EXPECT_TRUE(books.verified().findings.empty());
}

TEST_P(JournalOnEngine, HoldsAnAccountToItsTerms) {
    test::Ids ids;
    Books books(url());
    const AccountKey card = account("card", Purpose::provider_receivable);
    const AccountKey merchant = account("mer_1", Purpose::merchant_pending);
    ASSERT_TRUE(books.post(capture(ids.next(), 100)));
    ASSERT_TRUE(books.set_terms(ids.next(), merchant, {.debits_within_credits = true}));
    const Result<Posted> more = books.post(transfer(ids.next(), merchant, card, 101));
    ASSERT_FALSE(more);
    EXPECT_EQ(refusal_of(more.error()), Refusal::debits_exceed_credits);
    ASSERT_TRUE(books.post(transfer(ids.next(), merchant, card, 100)));
    EXPECT_TRUE(books.verified().findings.empty());
}

TEST_P(JournalOnEngine, ExpiresWhatIsDue) {
    test::Ids ids;
    Books books(url());
    Entry pending = capture(ids.next(), 100);
    pending.type = EntryType::pending;
    pending.expires = from_microseconds(kNow + 1000);
    ASSERT_TRUE(books.post(pending));
    const auto expire = [&](std::int64_t at) {
        return *books.run<std::int64_t>([&](Transaction& body) {
            return books.journal->expire(body, from_microseconds(at), ids.source);
        });
    };
    EXPECT_EQ(expire(kNow + 999), 0);
    EXPECT_EQ(expire(kNow + 1000), 1);
    EXPECT_EQ(expire(kNow + 1001), 0);
    EXPECT_EQ(books.balance(account("card", Purpose::provider_receivable)), Balance{});
    EXPECT_TRUE(books.verified().findings.empty());
}

// What it stood for is what it posted, and nothing else goes under its id.
TEST_P(JournalOnEngine, RefusesOtherContentUnderTheIdOfAPostThatNamedNoLines) {
    test::Ids ids;
    Books books(url());
    const Entry pending = test::reservation(ids.next(), 100);
    const Entry other_pending = test::reservation(ids.next(), 100);
    const Entry part = test::post_of(ids.next(), pending.id, capture(ids.next(), 30).lines);
    const Entry rest = test::post_of(ids.next(), pending.id);
    for (const Entry& entry : {pending, other_pending, part, rest})
        ASSERT_TRUE(books.post(entry));
    std::vector<Entry> others(6, rest);
    others[0].kind = "other";
    others[1].pending = other_pending.id;
    others[2].lines = capture(ids.next(), 100).lines;
    others[3].lines = capture(ids.next(), 70, "mer_2").lines;
    others[4].type = EntryType::void_pending;
    others[5].effective += std::chrono::seconds(1);
    for (std::size_t i = 0; i < others.size(); ++i) {
        const Result<Posted> refused = books.post(others[i]);
        ASSERT_FALSE(refused) << i;
        EXPECT_EQ(refusal_of(refused.error()), Refusal::id_reused) << i;
    }
    Entry spelt_out = rest;
    spelt_out.lines = capture(ids.next(), 70).lines;
    EXPECT_TRUE(books.post(spelt_out)->replayed);
    EXPECT_TRUE(books.post(rest)->replayed);
    EXPECT_EQ(books.balance(account("card", Purpose::provider_receivable)),
              (Balance{.debits = 100, .pending_debits = 100}));
    EXPECT_TRUE(books.verified().findings.empty());
}

// A body that fails has posted nothing, and its neighbours in the batch do not notice.
TEST_P(JournalOnEngine, TakesAFailedBodyBackAlone) {
    test::Ids ids;
    Books books(url());
    std::atomic<int> told{0};
    for (int i = 0; i < 40; ++i) {
        const Entry entry = capture(ids.next(), 1 + i, "mer_" + std::to_string(i % 7));
        const Result<void> queued = books.database->writer().submit<Posted>(
            [&books, entry, fails = i % 3 == 0](Transaction& body) -> Result<Posted> {
                Result<Posted> posted = books.journal->post(body, entry);
                if (fails) return Error(ErrorCode::declined, "changed its mind");
                return posted;
            },
            [&told](const Result<Posted>& posted) { told += posted ? 1 : 0; });
        ASSERT_TRUE(queued);
    }
    std::int64_t expected = 0;
    for (int i = 0; i < 40; ++i)
        expected += i % 3 == 0 ? 0 : 1 + i;
    EXPECT_EQ(books.net(account("card", Purpose::provider_receivable)), expected);
    EXPECT_EQ(told.load(), 26);
    EXPECT_TRUE(books.verified().findings.empty());
}

CAUSEWAY_ON_EACH_ENGINE(JournalOnEngine);

/// One gateway among several: posts between a few hot accounts, sometimes the same entry again.
void post_many(Books& books, std::uint64_t seed, int count, std::atomic<std::int64_t>& moved) {
    test::Ids ids(seed);
    std::mt19937_64 random(seed);
    const AccountKey hot = account("hot", Purpose::merchant_available);
    std::atomic<int> waiting{0};
    for (int i = 0; i < count; ++i) {
        const AccountKey other =
            account("m" + std::to_string(random() % 3), Purpose::merchant_pending);
        const auto amount = static_cast<std::int64_t>(1 + random() % 9);
        const bool give = random() % 2 == 0;
        const Entry entry = give ? transfer(ids.next(), other, hot, amount)
                                 : transfer(ids.next(), hot, other, amount);
        const std::vector<AccountKey> keys{hot, other};
        const auto hint = i % 2 == 0 ? std::make_shared<PostHint>(keys, std::vector{entry.id})
                                     : std::shared_ptr<PostHint>();
        ++waiting;
        const Result<void> queued = books.database->writer().submit<Posted>(
            [&books, entry](Transaction& body) { return books.journal->post(body, entry); },
            [&moved, &waiting, give, amount](const Result<Posted>& posted) {
                if (posted) moved += give ? amount : -amount;
                if (!posted && refusal_of(posted.error()) != Refusal::debits_exceed_credits)
                    moved += 1'000'000'000;
                --waiting;
                waiting.notify_one();
            },
            hint);
        ASSERT_TRUE(queued);
    }
    for (int left = waiting.load(); left > 0; left = waiting.load())
        waiting.wait(left);
}

TEST(SharedJournal, HoldsEveryInvariantWhenSeveralPostToTheSameAccounts) {
    if (!test::PostgresServer::is_installed()) GTEST_SKIP() << "PostgreSQL 15 is not installed";
    const test::Place place(test::Engine::postgres);
    std::vector<std::unique_ptr<Books>> gateways;
    for (int i = 0; i < 3; ++i)
        gateways.push_back(std::make_unique<Books>(place.url()));
    // The hot account may never owe more than it has: nobody's check may be based on what another
    // has changed meanwhile.
    test::Ids ids(7);
    const AccountKey hot = account("hot", Purpose::merchant_available);
    ASSERT_TRUE(gateways[0]->set_terms(ids.next(), hot, {.debits_within_credits = true}));
    std::atomic<std::int64_t> moved{0};
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < gateways.size(); ++i) {
        threads.emplace_back([&, i] { post_many(*gateways[i], 100 + i, 300, moved); });
    }
    for (std::thread& thread : threads)
        thread.join();
    const Balance balance = gateways[1]->balance(hot);
    EXPECT_EQ(-balance.net(), moved.load());
    EXPECT_GE(balance.available_to_debit(), 0);
    const VerifyReport report = gateways[2]->verified();
    for (const Finding& finding : report.findings)
        ADD_FAILURE() << finding.rule << ": " << finding.detail;
}

// Two that resolve the same pending entry at the same moment: one of them, and never both.
TEST(SharedJournal, LetsOneOfManyResolveAPendingEntry) {
    if (!test::PostgresServer::is_installed()) GTEST_SKIP() << "PostgreSQL 15 is not installed";
    const test::Place place(test::Engine::postgres);
    Books one(place.url());
    Books two(place.url());
    test::Ids ids(8);
    for (int round = 0; round < 20; ++round) {
        Entry pending = capture(ids.next(), 100);
        pending.type = EntryType::pending;
        ASSERT_TRUE(one.post(pending));
        const Entry post = test::post_of(ids.next(), pending.id);
        const Entry other = test::void_of(ids.next(), pending.id);
        std::atomic<int> done{0};
        std::thread poster([&] { done += one.post(post) ? 1 : 0; });
        std::thread voider([&] { done += two.post(other) ? 1 : 0; });
        poster.join();
        voider.join();
        EXPECT_EQ(done.load(), 1);
    }
    EXPECT_EQ(one.balance(account("card", Purpose::provider_receivable)).pending_debits, 0);
    EXPECT_TRUE(two.verified().findings.empty());
}

}  // namespace
}  // namespace causeway::ledger
