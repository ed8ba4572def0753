// SPDX-License-Identifier: Apache-2.0
#include "fx/quotes_store.h"

#include "ledger/store/commit_queue.h"
#include "tests/support/amounts.h"
#include "tests/support/books.h"
#include "tests/support/engines.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace causeway::fx {
namespace {

using ledger::Database;
using ledger::Money;
using ledger::Transaction;
using test::currency;

class QuotesStore : public test::OnEachEngine {
  protected:
    QuotesStore() {
        const std::array steps{ledger::Migration{.version = 1, .sql = quotes_schema_sql()},
                               ledger::Migration{.version = 2, .sql = quotes_terms_schema_sql()},
                               ledger::Migration{.version = 3, .sql = quotes_makers_schema_sql()}};
        database = std::move(*Database::open(url(), steps));
    }

    [[nodiscard]] Quote open_quote(const QuoteOwner& whose) {
        return {.id = ids.next(),
                .merchant = whose.merchant,
                .livemode = whose.livemode,
                .source = Money(9710, currency("USD")),
                .target = Money(8244, currency("EUR")),
                .mid_rate = *Decimal::parse("0.855871277"),
                .rate = *Decimal::parse("0.8490243068"),
                .markup_bps = 80,
                .fee = 30,
                .rounding = RoundingSide::favour_operator,
                .bearer = Bearer::buyer,
                .rate_source = "ECB",
                .rate_date = *parse_day("2026-04-13"),
                .created_at = ids.clock.now(),
                .expires_at = ids.clock.now() + std::chrono::seconds{300},
                .consumed_by = std::nullopt};
    }

    Quote stored(const QuoteOwner& whose) {
        Quote quote = open_quote(whose);
        EXPECT_TRUE(database->writer().commit<bool>([&](Transaction& t) -> Result<bool> {
            const Result<void> inserted = insert_quote(t, quote);
            if (!inserted) return inserted.error();
            return true;
        }));
        return quote;
    }

    template <class T>
    Result<T> read(const std::function<Result<T>(Transaction&)>& body) {
        std::optional<Result<T>> result;
        const Result<void> done = database->read([&](Transaction& snapshot) -> Result<void> {
            result.emplace(body(snapshot));
            return {};
        });
        EXPECT_TRUE(done);
        return *std::move(result);
    }

    Result<Quote> load(const QuoteOwner& whose, const Uuid& id) {
        return read<Quote>([&](Transaction& t) { return load_quote(t, whose, id); });
    }

    Result<Quote> use(const Quote& quote, const Uuid& payment, Timestamp now) {
        return database->writer().commit<Quote>(
            [=](Transaction& t) { return consume(t, quote.id, payment, now); });
    }

    Result<bool> give_back(const Quote& quote, const Uuid& payment, Timestamp now) {
        return database->writer().commit<bool>(
            [=](Transaction& t) { return release(t, quote.id, payment, now); });
    }

    std::vector<Uuid> listed(const QuoteOwner& whose, const QuotePage& page, bool has_more) {
        const Result<QuoteList> list =
            read<QuoteList>([&](Transaction& t) { return list_quotes(t, whose, page); });
        EXPECT_TRUE(list);
        EXPECT_EQ(list->has_more, has_more);
        std::vector<Uuid> found;
        for (const Quote& quote : list->quotes)
            found.push_back(quote.id);
        return found;
    }

    std::unique_ptr<Database> database;
    test::Ids ids;
    QuoteOwner owner{.merchant = ids.next(), .livemode = true};
};

CAUSEWAY_ON_EACH_ENGINE(QuotesStore);

TEST_P(QuotesStore, GivesBackWhatWasStored) {
    const Quote quote = stored(owner);
    EXPECT_EQ(*load(owner, quote.id), quote);
}

// One merchant's key learns nothing of another's objects, nor test mode of live ones.
TEST_P(QuotesStore, HidesTheQuotesOfOthers) {
    const Quote quote = stored(owner);
    EXPECT_EQ(load({ids.next(), true}, quote.id).error().code(), ErrorCode::not_found);
    EXPECT_EQ(load({owner.merchant, false}, quote.id).error().code(), ErrorCode::not_found);
    EXPECT_EQ(load(owner, ids.next()).error().code(), ErrorCode::not_found);
}

TEST_P(QuotesStore, AQuoteServesOnePayment) {
    const Quote quote = stored(owner);
    const Uuid payment = ids.next();
    const Result<Quote> used = use(quote, payment, quote.created_at);
    ASSERT_TRUE(used);
    EXPECT_EQ(used->consumed_by, payment);
    EXPECT_EQ(load(owner, quote.id)->consumed_by, payment);
    EXPECT_EQ(use(quote, ids.next(), quote.created_at).error().code(), ErrorCode::conflict);
    // The same payment again is a repeated request, not a second use; but a payment that could not
    // be sent in time must not keep the old rate.
    EXPECT_TRUE(use(quote, payment, quote.created_at));
    EXPECT_EQ(use(quote, payment, quote.expires_at).error().code(), ErrorCode::expired);
}

TEST_P(QuotesStore, ExpiryIsCheckedAtTheMomentOfUse) {
    const Quote quote = stored(owner);
    EXPECT_EQ(use(quote, ids.next(), quote.expires_at).error().code(), ErrorCode::expired);
    EXPECT_EQ(load(owner, quote.id)->consumed_by, std::nullopt);
    EXPECT_TRUE(use(quote, ids.next(), quote.expires_at - std::chrono::microseconds{1}));
    EXPECT_EQ(use(open_quote(owner), ids.next(), quote.created_at).error().code(),
              ErrorCode::not_found);
}

// A declined card costs the buyer the payment, not the promise.
TEST_P(QuotesStore, APaymentThatFailedGivesItBackUntilItsEnd) {
    const Quote quote = stored(owner);
    const Uuid failed = ids.next();
    const Uuid next = ids.next();
    ASSERT_TRUE(use(quote, failed, quote.created_at));
    EXPECT_FALSE(*give_back(quote, next, quote.created_at));
    EXPECT_EQ(use(quote, next, quote.created_at).error().code(), ErrorCode::conflict);
    EXPECT_TRUE(*give_back(quote, failed, quote.created_at));
    EXPECT_EQ(*load(owner, quote.id), quote);
    EXPECT_FALSE(*give_back(quote, failed, quote.created_at));
    ASSERT_TRUE(use(quote, next, quote.created_at));
    EXPECT_FALSE(*give_back(quote, failed, quote.created_at));
    EXPECT_FALSE(*give_back(quote, next, quote.expires_at));
    EXPECT_EQ(load(owner, quote.id)->consumed_by, next);
}

TEST_P(QuotesStore, OneThatWasMadeForItsPaymentIsNotGivenBack) {
    Quote quote = open_quote(owner);
    quote.automatic = true;
    // Its payment came from a gateway whose clock is ahead.
    Uuid payment = ids.next();
    payment.bytes.front() = 0xFF;
    ASSERT_TRUE(database->writer().commit<bool>([&](Transaction& t) -> Result<bool> {
        const Result<void> inserted = insert_quote(t, quote);
        if (!inserted) return inserted.error();
        return true;
    }));
    EXPECT_EQ(*load(owner, quote.id), quote);
    ASSERT_TRUE(use(quote, payment, quote.created_at));
    EXPECT_FALSE(*give_back(quote, payment, quote.created_at));
}

TEST_P(QuotesStore, FiftyPaymentsAtOnceAndOneGetsIt) {
    const Quote quote = stored(owner);
    std::vector<Uuid> payments(50);
    for (Uuid& payment : payments)
        payment = ids.next();
    std::atomic<int> winners = 0;
    std::atomic<int> losers = 0;
    std::vector<std::thread> threads;
    for (const Uuid& payment : payments) {
        threads.emplace_back([&, payment] {
            const Result<Quote> used = use(quote, payment, quote.created_at);
            if (used) ++winners;
            if (!used && used.error().code() == ErrorCode::conflict) ++losers;
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    EXPECT_EQ(winners, 1);
    EXPECT_EQ(losers, 49);
    EXPECT_TRUE(load(owner, quote.id)->consumed_by);
}

TEST_P(QuotesStore, ListsNewestFirstInPages) {
    std::vector<Uuid> newest_first;
    for (int i = 0; i < 5; ++i) {
        newest_first.insert(newest_first.begin(), stored(owner).id);
        (void)stored({ids.next(), true});
        (void)stored({owner.merchant, false});
        ids.clock.advance(std::chrono::seconds{1});
    }
    const auto part = [&newest_first](std::size_t first, std::size_t count) {
        return std::vector<Uuid>(newest_first.begin() + static_cast<std::ptrdiff_t>(first),
                                 newest_first.begin() + static_cast<std::ptrdiff_t>(first + count));
    };
    EXPECT_EQ(listed(owner, {}, false), newest_first);
    EXPECT_EQ(listed(owner, {.limit = 2}, true), part(0, 2));
    EXPECT_EQ(listed(owner, {.after = newest_first[1], .limit = 2}, true), part(2, 2));
    EXPECT_EQ(listed(owner, {.after = newest_first[3], .limit = 2}, false), part(4, 1));
    EXPECT_EQ(listed(owner, {.before = newest_first[4], .limit = 2}, true), part(2, 2));
    EXPECT_EQ(listed(owner, {.before = newest_first[1], .limit = 2}, false), part(0, 1));
    const Timestamp third = load(owner, newest_first[2])->created_at;
    EXPECT_EQ(listed(owner, {.created_from = third}, false), part(0, 3));
    EXPECT_EQ(listed(owner, {.created_earlier = third}, false), part(3, 2));
}

}  // namespace
}  // namespace causeway::fx
