// SPDX-License-Identifier: Apache-2.0
#include "gateway/fx/positions.h"

#include "tests/support/fx_books.h"

#include <gtest/gtest.h>

#include <rapidcheck.h>

namespace causeway::gateway {
namespace {

using ledger::Purpose;
using test::FxBooks;

class FxPositionsTest : public testing::TestWithParam<test::Engine> {};
CAUSEWAY_ON_EACH_ENGINE(FxPositionsTest);

void expect_the_ledgers(FxBooks& books) {
    const fx::Position found = books.position();
    RC_ASSERT(found.open == -books.net(Purpose::fx_trading, "USD"));
    RC_ASSERT(found.cost == books.net(Purpose::fx_trading, "EUR"));
    RC_ASSERT(found.margin == -books.net(Purpose::fx_result, "EUR"));
    RC_ASSERT(found.fees == -books.net(Purpose::fx_fee, "EUR"));
    RC_ASSERT(found.realised == -books.net(Purpose::fx_realised, "EUR"));
    RC_ASSERT(found.unrealised == -books.net(Purpose::fx_unrealised, "EUR"));
    RC_ASSERT(found.unrealised == books.net(Purpose::fx_revaluation, "EUR"));
}

std::string minor(std::int64_t amount) {
    return ledger::Money(amount, test::currency("EUR")).to_string().substr(4);
}

// Whatever happens, what the command prints is what the accounts say, and all that was ever taken
// and given is in it.
TEST_P(FxPositionsTest, EqualTheLedgerAfterPaymentsRefundsTradesAndRevaluations) {
    FxBooks books(GetParam());
    books.dollars_per_euro("2026-04-13", "1.1684");
    std::int64_t open = 0;
    std::int64_t made = 0;  // realised less cost: what went through the counter currency
    const bool holds = rc::check([&] {
        const int steps = *rc::gen::inRange(1, 6);
        for (int i = 0; i < steps; ++i) {
            const auto base = *rc::gen::inRange<std::int64_t>(2, 1'000'000);
            const std::int64_t counter = base * *rc::gen::inRange(800, 900) / 1'000;
            const int what = *rc::gen::inRange(0, 5);
            if (what <= 1) {
                books.pay(base, counter, counter / 100, what == 0 ? 1 : -1);
                open += what == 0 ? base : -base;
                made -= what == 0 ? counter : -counter;
            } else if (what <= 3) {
                const std::string sign = what == 2 ? "" : "-";
                const CommandOutput traded = books.run(fx_trade,
                                                       {{"base", sign + minor(base)},
                                                        {"counter", sign + minor(counter)},
                                                        {"reason", "hedge"},
                                                        {"off-market", "true"}},
                                                       {"USD/EUR"});
                if (counter == 0) continue;
                RC_ASSERT(traded.exit_code == kExitOk);
                open += what == 2 ? base : -base;
                made -= what == 2 ? counter : -counter;
            } else {
                books.clock.advance(std::chrono::days(1));
                const auto done =
                    revalue(books.desk(), day_of(books.clock.now()) - std::chrono::days(1));
                RC_ASSERT(done.has_value());
            }
            if (open == 0 && made == 0) continue;
            expect_the_ledgers(books);
            RC_ASSERT(books.position().open == open);
            RC_ASSERT(books.position().realised - books.position().cost == made);
        }
    });
    EXPECT_TRUE(holds);
    EXPECT_TRUE(books.verifies());
}

TEST_P(FxPositionsTest, AreAsTheyWereAtTheEndOfADay) {
    FxBooks books(GetParam());
    books.pay(10'000, 8'559, 68);
    const Day first = day_of(books.clock.now());
    books.clock.advance(std::chrono::days(1));
    books.pay(5'000, 4'300, 0);
    EXPECT_EQ(books.position(first).open, 10'000);
    EXPECT_EQ(books.position(first).cost, 8'559);
    EXPECT_EQ(books.position(first).margin, 68);
    EXPECT_EQ(books.position(first - std::chrono::days(1)).open, 0);
    EXPECT_EQ(books.position().open, 15'000);
}

}  // namespace
}  // namespace causeway::gateway
