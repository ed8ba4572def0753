// SPDX-License-Identifier: Apache-2.0
#include "fx/position.h"

#include "tests/support/amounts.h"
#include "tests/support/books.h"
#include "tests/support/case_name.h"
#include "tests/support/engines.h"

#include <gtest/gtest.h>

#include <limits>
#include <rapidcheck.h>
#include <string>
#include <vector>

namespace causeway::fx {
namespace {

using ledger::AccountBalance;
using ledger::AccountKey;
using ledger::Line;
using ledger::Money;
using ledger::Purpose;
using test::account;
using test::currency;

constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
const Pair kDollars{.base = currency("USD"), .counter = currency("EUR")};
const TradeAccounts kBank{.base = account("bank", Purpose::bank_own, "USD"),
                          .counter = account("bank", Purpose::bank_own, "EUR")};

Decimal rate(std::string_view text) {
    return *Decimal::parse(text);
}

Position position(std::int64_t open, std::int64_t cost) {
    return {.pair = kDollars, .open = open, .cost = cost};
}

TEST(Pair, IsNamedByItsOwner) {
    const Pair test_mode{.base = currency("JPY"), .counter = currency("KWD"), .livemode = false};
    EXPECT_EQ(kDollars.owner(), "USD/EUR");
    EXPECT_EQ(test_mode.owner(), "test/JPY/KWD");
    EXPECT_EQ(*Pair::of_owner("USD/EUR"), kDollars);
    EXPECT_EQ(*Pair::of_owner("test/JPY/KWD"), test_mode);
    for (const char* const wrong : {"",
                                    "operator",
                                    "USDxEUR",
                                    "USD/EURO",
                                    "usd/eur",
                                    "EUR/EUR",
                                    "test/",
                                    "test/test/USD/EUR",
                                    "ZZZ/EUR"})
        EXPECT_EQ(Pair::of_owner(wrong).error().code(), ErrorCode::not_found) << wrong;
}

struct TradeCase {
    std::string name;
    Position before;
    Trade trade;
    std::int64_t open;
    std::int64_t cost;
    std::int64_t realised;
};

class PositionTrade : public testing::TestWithParam<TradeCase> {};

TEST_P(PositionTrade, ClosesAtAverageCost) {
    const TradeCase& given = GetParam();
    const Result<Traded> traded = apply(given.before, given.trade);
    ASSERT_TRUE(traded) << traded.error().detail();
    EXPECT_EQ(traded->after.open, given.open);
    EXPECT_EQ(traded->after.cost, given.cost);
    EXPECT_EQ(traded->realised, given.realised);
    EXPECT_EQ(traded->after.realised, given.before.realised + given.realised);
}

INSTANTIATE_TEST_SUITE_P(
    All,
    PositionTrade,
    testing::Values(
        TradeCase{"Opens", position(0, 0), {10'000, 8'559}, 10'000, 8'559, 0},
        TradeCase{"Adds", position(10'000, 8'559), {10'000, 9'000}, 20'000, 17'559, 0},
        TradeCase{"ClosesWithGain", position(10'000, 8'559), {-10'000, -8'600}, 0, 0, 41},
        TradeCase{"ClosesWithLoss", position(10'000, 8'559), {-10'000, -8'500}, 0, 0, -59},
        // A third of 8559 is 2853.
        TradeCase{"ClosesAPart", position(9'000, 8'559), {-3'000, -2'900}, 6'000, 5'706, 47},
        // 2.5 and 3.5: a tie goes to the even unit, the rest of the cost stays.
        TradeCase{"RoundsHalfEven", position(2, 5), {-1, -4}, 1, 3, 2},
        // Half of what was sold closes, half opens the other way at the trade's own rate.
        TradeCase{"GoesThrough", position(5'000, 4'000), {-10'000, -9'000}, -5'000, -4'500, 500},
        TradeCase{"ShortAdds", position(-100, -80), {-100, -90}, -200, -170, 0},
        TradeCase{"ShortGains", position(-100, -90), {100, 85}, 0, 0, 5},
        TradeCase{"ShortLoses", position(-100, -90), {100, 95}, 0, 0, -5},
        TradeCase{"GivenAway", position(100, 85), {-100, 0}, 0, 0, -85},
        TradeCase{"Largest", position(kMax, kMax), {-kMax, -(kMax - 7)}, 0, 0, -7}),
    test::case_name<TradeCase>);

TEST(Position, RefusesWhatDoesNotFit) {
    EXPECT_EQ(apply(position(kMax, 1), {1, 1}).error().code(), ErrorCode::amount_overflow);
    EXPECT_EQ(apply(position(1, kMax), {1, 1}).error().code(), ErrorCode::amount_overflow);
    EXPECT_EQ(apply(position(1, -kMax), {-1, -kMax}).error().code(), ErrorCode::amount_overflow);
    EXPECT_EQ(apply(position(1, 1), {0, 1}).error().code(), ErrorCode::invalid_argument);
    EXPECT_EQ(market_value(position(kMax, 0), rate("2")).error().code(),
              ErrorCode::amount_overflow);
    EXPECT_EQ(unrealised_at(position(kMax, -kMax), rate("1")).error().code(),
              ErrorCode::amount_overflow);
}

TEST(Position, IsWorthWhatTheDayPays) {
    const Position held = position(10'000, 8'559);
    EXPECT_EQ((*average_rate(held))->to_string(), "0.8559");
    EXPECT_EQ(*market_value(held, rate("0.86005")), test::eur(8'600));
    EXPECT_EQ(*unrealised_at(held, rate("0.86005")), test::eur(41));
    EXPECT_EQ(*unrealised_at(position(-10'000, -8'559), rate("0.86")), test::eur(-41));
}

TEST(Position, AveragesOverBothExponents) {
    const Position yen{.pair = {.base = currency("JPY"), .counter = currency("KWD")},
                       .open = 30'000,
                       .cost = 61'000};
    // 61 dinars for 30,000 yen
    EXPECT_EQ((*average_rate(yen))->to_string(), "0.002033333333");
    EXPECT_EQ((*average_rate(position(-3, -2)))->to_string(), "0.6666666667");
    EXPECT_EQ((*average_rate(position(3, 0)))->to_string(), "0");
    EXPECT_FALSE(*average_rate(position(0, 5)));
    EXPECT_FALSE(*average_rate(position(3, -1)));
}

std::int64_t sum_in(const std::vector<Line>& lines, std::string_view code) {
    std::int64_t sum = 0;
    for (const Line& line : lines) {
        if (line.account.currency == currency(code)) sum += line.minor_units;
    }
    return sum;
}

TEST(Position, LinesOfATradeBalanceInEachCurrency) {
    const std::vector<Line> lines = *trade_lines(position(10'000, 8'559), {-4'000, -3'500}, kBank);
    const std::vector<Line> expected{{account("USD/EUR", Purpose::fx_trading, "USD"), 4'000},
                                     {kBank.base, -4'000},
                                     {account("USD/EUR", Purpose::fx_trading, "EUR"), -3'424},
                                     {kBank.counter, 3'500},
                                     {account("USD/EUR", Purpose::fx_realised, "EUR"), -76}};
    EXPECT_EQ(lines, expected);
    EXPECT_EQ(sum_in(lines, "USD"), 0);
    EXPECT_EQ(sum_in(lines, "EUR"), 0);
}

TEST(Position, RevaluationIsBookedBesideTheCostAndReversed) {
    Position held = position(10'000, 8'559);
    const std::vector<Line> booked = *revaluation_lines(held, rate("0.86"));
    const std::vector<Line> expected{{account("USD/EUR", Purpose::fx_revaluation), 41},
                                     {account("USD/EUR", Purpose::fx_unrealised), -41}};
    EXPECT_EQ(booked, expected);
    EXPECT_TRUE(revaluation_lines(held, rate("0.8559"))->empty());
    EXPECT_TRUE(reversal_lines(held).empty());
    held.unrealised = 41;
    const std::vector<Line> reversed{{account("USD/EUR", Purpose::fx_unrealised), 41},
                                     {account("USD/EUR", Purpose::fx_revaluation), -41}};
    EXPECT_EQ(reversal_lines(held), reversed);
    // Twice on top of each other would count the same gain twice.
    EXPECT_EQ(revaluation_lines(held, rate("0.86")).error().code(), ErrorCode::conflict);
}

TEST(Position, ACostWithNothingOpenIsAResult) {
    const std::vector<Line> expected{{account("USD/EUR", Purpose::fx_realised), 5},
                                     {account("USD/EUR", Purpose::fx_trading), -5}};
    EXPECT_EQ(residue_lines(position(0, 5)), expected);
    EXPECT_TRUE(residue_lines(position(0, 0)).empty());
    EXPECT_TRUE(residue_lines(position(1, 5)).empty());
}

AccountBalance balance(AccountKey key, std::int64_t net) {
    AccountBalance made{.account = std::move(key), .balance = {}};
    made.balance.debits = 1'000'000 + net;
    made.balance.credits = 1'000'000;
    return made;
}

TEST(Positions, AreWhatTheAccountsOfThePairsSay) {
    const std::vector<AccountBalance> balances{
        balance(account("test/GBP/EUR", Purpose::fx_trading, "GBP"), 7),
        balance(account("USD/EUR", Purpose::fx_trading, "USD"), -100),
        balance(account("USD/EUR", Purpose::fx_trading, "EUR"), 85),
        balance(account("USD/EUR", Purpose::fx_result, "EUR"), -3),
        balance(account("USD/EUR", Purpose::fx_fee, "EUR"), -5),
        balance(account("USD/EUR", Purpose::fx_realised, "EUR"), 2),
        balance(account("USD/EUR", Purpose::fx_unrealised, "EUR"), -4),
        balance(account("USD/EUR", Purpose::fx_revaluation, "EUR"), 4),
        balance(account("operator", Purpose::fee_revenue, "EUR"), -9),
        balance(account("somebody", Purpose::fx_result, "EUR"), -9)};
    const std::vector<Position> expected{
        {.pair = kDollars,
         .open = 100,
         .cost = 85,
         .margin = 3,
         .fees = 5,
         .realised = -2,
         .unrealised = 4},
        {.pair = {.base = currency("GBP"), .counter = currency("EUR"), .livemode = false},
         .open = -7}};
    EXPECT_EQ(*positions_of(balances), expected);
    EXPECT_TRUE(positions_of({})->empty());
}

TEST(Positions, AThirdCurrencyIsNotGuessedAt) {
    const std::vector<AccountBalance> balances{
        balance(account("USD/EUR", Purpose::fx_trading, "GBP"), 1)};
    const Result<std::vector<Position>> found = positions_of(balances);
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code(), ErrorCode::integrity);
    EXPECT_EQ(found.error().detail(), "USD/EUR has a balance in GBP");
}

// A desk that trades by chance and keeps its own account of it, apart from the journal.
class TradingDesk {
  public:
    explicit TradingDesk(const std::string& url) : books(url) {}

    // A payment and a refund move the position at their own rate and realise nothing.
    void pay(std::int64_t base, std::int64_t counter) {
        const auto own = [](Purpose purpose, std::string_view code) {
            return account("USD/EUR", purpose, code);
        };
        post({{own(Purpose::fx_trading, "USD"), -base},
              {kBank.base, base},
              {own(Purpose::fx_trading, "EUR"), counter},
              {kBank.counter, -counter}});
        expected.open += base;
        expected.cost += counter;
        cash_counter -= counter;
    }
    void hedge(const Trade& trade) {
        post(*trade_lines(position_in_books(), trade, kBank));
        const Traded traded = *apply(expected, trade);
        expected = traded.after;
        cash_counter -= trade.counter;
    }
    void revalue(const Decimal& mid) {
        post(*revaluation_lines(position_in_books(), mid));
        expected.unrealised = unrealised_at(expected, mid)->minor_units();
    }
    void reverse() {
        post(reversal_lines(position_in_books()));
        expected.unrealised = 0;
    }
    void sweep() {
        post(residue_lines(position_in_books()));
        if (expected.open != 0) return;
        expected.realised -= expected.cost;
        expected.cost = 0;
    }
    Position position_in_books() {
        const std::vector<Position> found = *positions_of(books.balances());
        return found.empty() ? Position{.pair = kDollars} : found.front();
    }
    std::int64_t net(Purpose purpose, std::string_view code) {
        return books.net(account("USD/EUR", purpose, code));
    }

    test::Books books;
    test::Ids ids;
    Position expected{.pair = kDollars};
    std::int64_t cash_counter = 0;

  private:
    void post(std::vector<Line> lines) {
        std::erase_if(lines, [](const Line& line) { return line.minor_units == 0; });
        if (lines.empty()) return;
        const Result<ledger::Posted> posted = books.post({.id = ids.next(),
                                                          .kind = "trade",
                                                          .reference = "USD/EUR",
                                                          .effective = ids.clock.now(),
                                                          .recorded = ids.clock.now(),
                                                          .lines = std::move(lines)});
        RC_ASSERT(posted.has_value());
    }
};

class PositionsInBooks : public test::OnEachEngine {};
CAUSEWAY_ON_EACH_ENGINE(PositionsInBooks);

// Whatever is traded, the position is what the ledger says, to the unit, and the money adds up:
// what was realised plus what is open at cost is what went through the bank.
TEST_P(PositionsInBooks, EqualTheLedgerToTheUnit) {
    TradingDesk desk(url());
    const bool holds = rc::check([&desk] {
        const auto amount = [] { return *rc::gen::inRange<std::int64_t>(1, 1'000'000); };
        const int steps = *rc::gen::inRange(1, 5);
        for (int i = 0; i < steps; ++i) {
            const std::int64_t base = amount();
            const std::int64_t counter = base * *rc::gen::inRange(700, 1'100) / 1'000;
            switch (*rc::gen::inRange(0, 5)) {
                case 0: desk.pay(base, counter); break;
                case 1: desk.pay(-base, -counter); break;
                case 2: desk.hedge({base, counter}); break;
                case 3: desk.hedge({-base, -counter}); break;
                default:
                    desk.revalue(*Decimal::from_parts(*rc::gen::inRange(700, 1'100), 3));
                    RC_ASSERT(desk.position_in_books() == desk.expected);
                    RC_ASSERT(desk.net(Purpose::fx_revaluation, "EUR") == desk.expected.unrealised);
                    desk.reverse();
            }
            RC_ASSERT(desk.position_in_books() == desk.expected);
            RC_ASSERT(desk.expected.realised - desk.expected.cost == desk.cash_counter);
        }
        if (desk.expected.open != 0) desk.hedge({-desk.expected.open, -amount()});
        desk.sweep();
        RC_ASSERT(desk.position_in_books() == desk.expected);
        RC_ASSERT(desk.expected.open == 0 && desk.expected.cost == 0);
        RC_ASSERT(desk.expected.realised == desk.cash_counter);
    });
    EXPECT_TRUE(holds);
    EXPECT_EQ(desk.net(Purpose::fx_trading, "USD"), 0);
    EXPECT_EQ(desk.net(Purpose::fx_trading, "EUR"), 0);
    EXPECT_EQ(desk.net(Purpose::fx_realised, "EUR"), -desk.cash_counter);
    EXPECT_EQ(desk.net(Purpose::fx_revaluation, "EUR"), 0);
    EXPECT_TRUE(desk.books.verified().findings.empty());
}

}  // namespace
}  // namespace causeway::fx
