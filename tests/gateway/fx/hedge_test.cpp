// SPDX-License-Identifier: Apache-2.0
#include "gateway/fx/hedge.h"

#include "tests/support/fx_books.h"

#include <gtest/gtest.h>

#include <array>
#include <barrier>
#include <optional>
#include <string>
#include <thread>

namespace causeway::gateway {
namespace {

using test::currency;
using test::FxBooks;

Result<TradeOutcome> trade(ledger::Database& database,
                           ledger::Journal& journal,
                           FxBooks& books,
                           const TradeOrder& order) {
    return database.writer().commit<TradeOutcome>([&](ledger::Transaction& body) {
        return book_trade(body, journal, books.ids, order, books.clock.now());
    });
}

// Until the first of them there is no account that the second could wait for.
TEST(Hedge, TwoFirstTradesOfAPairAtTheSameMomentLeaveNoCostBehind) {
    if (!test::PostgresServer::is_installed()) GTEST_SKIP() << "a file has one owner";
    FxBooks books(test::Engine::postgres);
    const auto opened = books.open_again();
    ledger::Journal there(*opened);
    const std::array codes{"USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "AUD", "CAD"};
    for (const char* const code : codes) {
        for (const char* const counter : {"EUR", "BRL"}) {
            TradeOrder bought{.pair = {.base = currency(code), .counter = currency(counter)},
                              .trade = {.base = 100, .counter = 86},
                              .deal = std::string(code) + counter + "-1"};
            TradeOrder sold = bought;
            sold.trade = {.base = -100, .counter = -85};
            sold.deal = std::string(code) + counter + "-2";
            std::barrier start(2);
            std::optional<Result<TradeOutcome>> second;
            std::jthread rival([&] {
                start.arrive_and_wait();
                second.emplace(trade(*opened, there, books, sold));
            });
            start.arrive_and_wait();
            const Result<TradeOutcome> first =
                trade(books.context.database, books.context.journal, books, bought);
            rival.join();
            ASSERT_TRUE(first) << first.error().detail();
            ASSERT_TRUE(*second) << second->error().detail();
        }
    }
    for (const fx::Position& position : *positions(books.context.database, books.context.journal)) {
        EXPECT_EQ(position.open, 0) << position.pair.owner();
        EXPECT_EQ(position.cost, 0) << position.pair.owner();
        EXPECT_EQ(position.realised, -1) << position.pair.owner();
    }
    EXPECT_TRUE(books.verifies());
}

}  // namespace
}  // namespace causeway::gateway
