// SPDX-License-Identifier: Apache-2.0
//
// A thousand buyers quote and pay while the rates are published anew without a pause.
#include "fx/builtin_rates.h"
#include "fx/convert.h"
#include "fx/quotes_store.h"
#include "ledger/store/commit_queue.h"
#include "tests/support/amounts.h"
#include "tests/support/books.h"
#include "tests/support/engines.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace causeway::fx {
namespace {

using ledger::Database;
using ledger::Money;
using ledger::Rounding;
using ledger::Transaction;
using test::currency;

constexpr int kThreads = 10;
constexpr int kBuyersOfAThread = 100;

class QuotesCrowd : public test::OnEachEngine {
  protected:
    QuotesCrowd() {
        const std::array steps{ledger::Migration{.version = 1, .sql = quotes_schema_sql()},
                               ledger::Migration{.version = 2, .sql = quotes_terms_schema_sql()},
                               ledger::Migration{.version = 3, .sql = quotes_makers_schema_sql()}};
        database = std::move(*Database::open(url(), steps));
        rates.publish(table_at(0));
    }

    // The rate of a pair tells which table it is from: 1.0000 and so many ten-thousandths.
    [[nodiscard]] ReferenceTable table_at(int edition) const {
        return *ReferenceTable::make(
            "ECB",
            day_of(ids.clock.now()),
            {{currency("USD"), *Decimal::from_parts(10'000 + edition, 4)}});
    }

    std::unique_ptr<Database> database;
    test::Ids ids;
    RateBook rates;
    const Corridors corridors = Corridors::uniform(80, std::chrono::days(7));
};

CAUSEWAY_ON_EACH_ENGINE(QuotesCrowd);

// One buyer: a quote, stored; then, with whatever rate is published by now, the payment.
struct Bought {
    Quote promised;
    Result<Quote> charged;
};

TEST_P(QuotesCrowd, EveryChargeIsItsQuoteWhateverTheRateDoes) {
    std::atomic<bool> open = true;
    std::thread market([&] {
        for (int edition = 1; open; edition = (edition + 1) % 10'000)
            rates.publish(table_at(edition));
    });
    const QuoteSources from{
        .rates = rates, .clock = ids.clock, .ids = ids.source, .corridors = corridors};
    const auto buy = [&](int buyer) -> std::optional<Bought> {
        // Every tenth hesitates until the end of the quote: the only reason to fail.
        const bool late = buyer % 10 == 0;
        const Result<Quote> made = make_quote({.merchant = {},
                                               .source = currency("EUR"),
                                               .target = currency("USD"),
                                               .source_amount = 10'000 + buyer},
                                              from);
        if (!made) return std::nullopt;
        const Quote quote = *made;
        const Uuid payment = ids.source.next();
        const Timestamp at = late ? quote.expires_at : ids.clock.now();
        const Result<bool> stored =
            database->writer().commit<bool>([quote](Transaction& tx) -> Result<bool> {
                const Result<void> inserted = insert_quote(tx, quote);
                if (!inserted) return inserted.error();
                return true;
            });
        if (!stored) return std::nullopt;
        return Bought{quote,
                      database->writer().commit<Quote>([quote, payment, at](Transaction& tx) {
                          return consume(tx, quote.id, payment, at);
                      })};
    };
    std::vector<std::optional<Bought>> bought(kThreads * kBuyersOfAThread);
    std::vector<std::thread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
        threads.emplace_back([&, thread] {
            for (int i = 0; i < kBuyersOfAThread; ++i) {
                const int buyer = thread * kBuyersOfAThread + i;
                bought[static_cast<std::size_t>(buyer)] = buy(buyer);
            }
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    open = false;
    market.join();

    for (std::size_t buyer = 0; buyer < bought.size(); ++buyer) {
        ASSERT_TRUE(bought[buyer]) << buyer;
        const auto& [promised, charged] = *bought[buyer];
        if (buyer % 10 == 0) {
            ASSERT_FALSE(charged);
            EXPECT_EQ(charged.error().code(), ErrorCode::expired);
            continue;
        }
        ASSERT_TRUE(charged) << charged.error().detail();
        EXPECT_EQ(charged->source, promised.source);
        EXPECT_EQ(charged->target, promised.target);
        EXPECT_EQ(charged->rate, promised.rate);
        // And it is of one table, not of two: the amount follows from the mid rate it shows.
        EXPECT_EQ(*with_markup(promised.mid_rate, 80, Rounding::down), promised.rate);
        EXPECT_EQ(*convert(promised.source, promised.rate, currency("USD"), Rounding::down),
                  promised.target);
    }
}

}  // namespace
}  // namespace causeway::fx
