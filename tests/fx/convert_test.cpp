// SPDX-License-Identifier: Apache-2.0
#include "fx/convert.h"

#include "fx/builtin_rates.h"
#include "tests/support/amounts.h"
#include "tests/support/case_name.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <rapidcheck.h>
#include <string>

namespace causeway::fx {
namespace {

using ledger::Currency;
using ledger::Money;
using test::currency;
using test::eur;
using test::jpy;

constexpr auto kMax = std::numeric_limits<std::int64_t>::max();

struct ConvertCase {
    std::string name;
    std::string source;
    std::int64_t amount;
    std::string rate;
    std::string target;
    std::int64_t converted;
};

class Convert : public testing::TestWithParam<ConvertCase> {};

TEST_P(Convert, AppliesBothExponentsAndRoundsOnce) {
    const ConvertCase& given = GetParam();
    const Result<Money> converted = convert(Money(given.amount, currency(given.source)),
                                            *Decimal::parse(given.rate),
                                            currency(given.target));
    ASSERT_TRUE(converted);
    EXPECT_EQ(*converted, Money(given.converted, currency(given.target)));
}

INSTANTIATE_TEST_SUITE_P(Amount,
                         Convert,
                         testing::Values(
                             // 97.10 * 0.8490243068 = 82.44026019 EUR
                             ConvertCase{"TwoToTwo", "USD", 9710, "0.8490243068", "EUR", 8244},
                             // 100.00 EUR * 186.75 = 18675 JPY
                             ConvertCase{"TwoToNone", "EUR", 10000, "186.75", "JPY", 18675},
                             // 0.02 EUR * 186.75 = 3.735 JPY
                             ConvertCase{"TwoToNoneRounds", "EUR", 2, "186.75", "JPY", 4},
                             // 18675 JPY * 0.005354752343 = 100.00000000... EUR
                             ConvertCase{"NoneToTwo", "JPY", 18675, "0.005354752343", "EUR", 10000},
                             // 12.34 USD * 0.307 = 3.78838 KWD
                             ConvertCase{"TwoToThree", "USD", 1234, "0.307", "KWD", 3788},
                             // 3.000 KWD * 490.5 = 1471.5 JPY, a tie: 1472 is even
                             ConvertCase{"ThreeToNoneTieUp", "KWD", 3000, "490.5", "JPY", 1472},
                             ConvertCase{"ThreeToNoneTieDown", "KWD", 1000, "490.5", "JPY", 490},
                             ConvertCase{"TieDown", "USD", 5, "0.5", "EUR", 2},
                             ConvertCase{"TieUp", "USD", 15, "0.5", "EUR", 8},
                             ConvertCase{"NegativeTieDown", "USD", -5, "0.5", "EUR", -2},
                             ConvertCase{"NegativeTieUp", "USD", -15, "0.5", "EUR", -8},
                             ConvertCase{"Vanishes", "IDR", 1, "0.00004979571309", "EUR", 0},
                             ConvertCase{
                                 "ManyDecimals", "USD", kMax, "0.000000000000000001", "EUR", 9}),
                         test::case_name<ConvertCase>);

TEST(Convert, OverflowIsAnError) {
    const Decimal large = *Decimal::parse("999999999999999999");
    EXPECT_EQ(convert(eur(kMax), large, currency("KWD")).error().code(),
              ErrorCode::amount_overflow);
    EXPECT_EQ(convert(jpy(kMax), *Decimal::parse("1"), currency("EUR")).error().code(),
              ErrorCode::amount_overflow);
    EXPECT_EQ(convert(jpy(kMax), large, currency("CLF")).error().code(),
              ErrorCode::amount_overflow);
    EXPECT_EQ(amount_for(eur(kMax), *Decimal::parse("0.000000000000000001"), currency("CLF"))
                  .error()
                  .code(),
              ErrorCode::amount_overflow);
}

TEST(Convert, RoundsAsItIsTold) {
    const Decimal rate = *Decimal::parse("0.3");
    const auto there = [&rate](std::int64_t cents, ledger::Rounding rounding) {
        return convert(eur(cents), rate, currency("USD"), rounding)->minor_units();
    };
    const auto back = [&rate](std::int64_t cents, ledger::Rounding rounding) {
        return convert_back(eur(cents), rate, currency("JPY"), rounding)->minor_units();
    };
    using ledger::Rounding;
    // 0.9 cents; a refund's amounts are negative and as large.
    EXPECT_EQ(there(3, Rounding::down), 0);
    EXPECT_EQ(there(3, Rounding::up), 1);
    EXPECT_EQ(there(3, Rounding::half_even), 1);
    EXPECT_EQ(there(-3, Rounding::down), 0);
    EXPECT_EQ(there(-3, Rounding::up), -1);
    EXPECT_EQ(there(-10, Rounding::up), -3);
    // 1.00 / 0.3 = 3.33 yen
    EXPECT_EQ(back(100, Rounding::down), 3);
    EXPECT_EQ(back(100, Rounding::up), 4);
    EXPECT_EQ(back(-100, Rounding::up), -4);
    EXPECT_EQ(back(105, Rounding::half_even), 4);
    EXPECT_EQ(back(90, Rounding::up), 3);
    EXPECT_EQ(convert_back(eur(1), Decimal(), currency("JPY"), Rounding::up).error().code(),
              ErrorCode::invalid_argument);
    EXPECT_EQ(convert_back(eur(kMax), rate, currency("USD"), Rounding::up).error().code(),
              ErrorCode::amount_overflow);
}

TEST(AmountFor, IsTheSmallestThatReachesTheTarget) {
    // 117.78 USD * 0.8490243068 = 99.998 EUR rounds to 100.00; 117.77 gives 99.99.
    EXPECT_EQ(*amount_for(eur(10000), *Decimal::parse("0.8490243068"), currency("USD")),
              Money(11778, currency("USD")));
    // At 0.5 a tie goes to the even cent: 0.03 USD is 1.5 cents, and 2 is even.
    EXPECT_EQ(*amount_for(eur(2), *Decimal::parse("0.5"), currency("USD")),
              Money(3, currency("USD")));
    // 0.01 USD is half a cent, which goes to 0: it takes two.
    EXPECT_EQ(*amount_for(eur(1), *Decimal::parse("0.5"), currency("USD")),
              Money(2, currency("USD")));
}

TEST(AmountFor, WantsSomething) {
    const Decimal one = *Decimal::parse("1");
    EXPECT_EQ(amount_for(eur(0), one, currency("USD")).error().code(), ErrorCode::invalid_argument);
    EXPECT_EQ(amount_for(eur(-1), one, currency("USD")).error().code(),
              ErrorCode::invalid_argument);
    EXPECT_EQ(amount_for(eur(1), Decimal(), currency("USD")).error().code(),
              ErrorCode::invalid_argument);
}

Currency any_currency() {
    const auto all = Currency::all();
    return all[*rc::gen::inRange<std::size_t>(0, all.size())];
}

Decimal any_rate() {
    const auto mantissa = *rc::gen::inRange<std::int64_t>(1, 10'000'000'000);
    return *Decimal::from_parts(mantissa, *rc::gen::inRange(0, 14));
}

TEST(Convert, IsMonotone) {
    const bool holds = rc::check([] {
        const Currency source = any_currency();
        const Currency target = any_currency();
        const Decimal rate = any_rate();
        const auto a = *rc::gen::inRange<std::int64_t>(-1'000'000'000, 1'000'000'000);
        const auto b = *rc::gen::inRange<std::int64_t>(-1'000'000'000, 1'000'000'000);
        const Result<Money> less = convert(Money(std::min(a, b), source), rate, target);
        const Result<Money> more = convert(Money(std::max(a, b), source), rate, target);
        RC_PRE(less.has_value() && more.has_value());
        RC_ASSERT(less->minor_units() <= more->minor_units());
        const Result<Money> mirrored = convert(Money(-a, source), rate, target);
        RC_ASSERT(mirrored->minor_units() ==
                  -convert(Money(a, source), rate, target)->minor_units());
    });
    EXPECT_TRUE(holds);
}

TEST(AmountFor, NeverAsksForAUnitTooMuchOrTooLittle) {
    const bool holds = rc::check([] {
        const Currency source = any_currency();
        const Currency target = any_currency();
        const Decimal rate = any_rate();
        const Money wanted(*rc::gen::inRange<std::int64_t>(1, 1'000'000'000), target);
        const Result<Money> amount = amount_for(wanted, rate, source);
        RC_PRE(amount.has_value());
        const Result<Money> reached = convert(*amount, rate, target);
        RC_PRE(reached.has_value());
        RC_ASSERT(reached->minor_units() >= wanted.minor_units());
        const Money one_less(amount->minor_units() - 1, source);
        RC_ASSERT(convert(one_less, rate, target)->minor_units() < wanted.minor_units());
    });
    EXPECT_TRUE(holds);
}

// There and back at real rates, through the currency with the finer unit: at most one unit off.
TEST(Convert, RoundTripLosesAtMostOneUnit) {
    const ReferenceTable table = *newest_table(builtin_feed(), std::string(kEcb));
    const std::size_t count = table.rates().size();
    const bool holds = rc::check([&table, count] {
        Currency from = table.rates()[*rc::gen::inRange<std::size_t>(0, count)].currency;
        Currency to = table.rates()[*rc::gen::inRange<std::size_t>(0, count)].currency;
        // The finer unit is the one of which a million coarser ones give more.
        if (convert(Money(1'000'000, from), *table.cross(from, to), to)->minor_units() <
            1'000'000) {
            std::swap(from, to);
        }
        const Money start(*rc::gen::inRange<std::int64_t>(0, 1'000'000'000), from);
        const Money there = *convert(start, *table.cross(from, to), to);
        const Money back = *convert(there, *table.cross(to, from), from);
        RC_ASSERT(std::abs(back.minor_units() - start.minor_units()) <= 1);
    });
    EXPECT_TRUE(holds);
}

}  // namespace
}  // namespace causeway::fx
