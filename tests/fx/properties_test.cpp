// SPDX-License-Identifier: Apache-2.0
//
// What holds for every pair, amount and corridor: nobody gains by going there and back, parts sum
// to the whole however they are cut, a detour gives what the direct way gives, and nothing wraps.
#include "fx/builtin_rates.h"
#include "fx/convert.h"
#include "fx/quote.h"
#include "tests/support/amounts.h"
#include "tests/support/books.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <rapidcheck.h>
#include <vector>

namespace causeway::fx {
namespace {

using ledger::Currency;
using ledger::Money;
using ledger::Rounding;

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

class FxProperties : public testing::Test {
  protected:
    FxProperties() { rates.publish(table); }

    [[nodiscard]] Currency any_currency() const {
        const std::size_t at = *rc::gen::inRange<std::size_t>(0, table.rates().size() + 1);
        return at == 0 ? test::currency("EUR") : table.rates()[at - 1].currency;
    }
    // Small ones, where a unit is much, as often as large ones.
    static std::int64_t any_amount() {
        const std::int64_t below = *rc::gen::element<std::int64_t>(
            10, 1'000, 1'000'000, 1'000'000'000, 1'000'000'000'000, 1'000'000'000'000'000);
        return *rc::gen::inRange<std::int64_t>(1, below);
    }
    static Corridor any_corridor() {
        return {.spread_bps = *rc::gen::inRange(0, 10'000),
                .rounding = *rc::gen::element(RoundingSide::nearest,
                                              RoundingSide::favour_buyer,
                                              RoundingSide::favour_merchant,
                                              RoundingSide::favour_operator),
                .bearer = *rc::gen::element(Bearer::merchant, Bearer::buyer),
                .rate_age_max = std::chrono::days(7)};
    }
    Result<Quote> quote(const Money& source, Currency target, const Corridor& corridor) {
        const Corridors corridors = *Corridors::make({corridor});
        return make_quote(
            {.merchant = {},
             .source = source.currency(),
             .target = target,
             .source_amount = source.minor_units()},
            {.rates = rates, .clock = ids.clock, .ids = ids.source, .corridors = corridors});
    }

    const ReferenceTable table = *newest_table(builtin_feed(), std::string(kEcb));
    RateBook rates;
    test::Ids ids;
};

// A pump that pays a cent a round would be found, and run all night.
TEST_F(FxProperties, ThereAndBackNeverGainsUnlessACorridorSaysOtherwise) {
    EXPECT_TRUE(rc::check([this] {
        const Money start(any_amount(), any_currency());
        const Currency other = any_currency();
        RC_PRE(start.currency() != other);
        Corridor corridor = any_corridor();
        corridor.rounding = Corridor{}.rounding;
        // Without a spread two rates of ten digits that were rounded could be worth 1e-9 together.
        if (*rc::gen::arbitrary<bool>()) corridor.spread_bps = 0;
        const Result<Quote> there = quote(start, other, corridor);
        RC_PRE(there.has_value());
        const Result<Quote> back = quote(there->target, start.currency(), corridor);
        RC_PRE(back.has_value());
        RC_ASSERT(back->target.minor_units() <= start.minor_units());
    }));
}

// To the nearest, each way may give half a unit of what it gives in, and no more.
TEST_F(FxProperties, ThereAndBackToTheNearestGainsAtMostTheTwoRoundings) {
    EXPECT_TRUE(rc::check([this] {
        const Money start(any_amount(), any_currency());
        const Currency other = any_currency();
        RC_PRE(start.currency() != other);
        Corridor corridor = any_corridor();
        corridor.rounding = RoundingSide::nearest;
        const Result<Quote> there = quote(start, other, corridor);
        RC_PRE(there.has_value());
        const Result<Quote> back = quote(there->target, start.currency(), corridor);
        RC_PRE(back.has_value());
        const Money unit_of_other(1, other);
        const std::int64_t worth_of_unit =
            convert(unit_of_other, back->mid_rate, start.currency(), Rounding::up)->minor_units();
        const std::int64_t digits = start.minor_units() / 1'000'000'000;
        RC_ASSERT(back->target.minor_units() - start.minor_units() <=
                  worth_of_unit / 2 + 1 + digits);
    }));
}

// The amount asked for in the target is worth no less than what is paid for it at the same rate.
TEST_F(FxProperties, TheSourceForATargetConvertsBackToIt) {
    EXPECT_TRUE(rc::check([this] {
        const Currency source = any_currency();
        const Currency target = any_currency();
        RC_PRE(source != target);
        const Money wanted(any_amount(), target);
        Corridor corridor = any_corridor();
        const Corridors corridors = *Corridors::make({corridor});
        const Result<Quote> made = make_quote(
            {.merchant = {},
             .source = source,
             .target = target,
             .target_amount = wanted.minor_units()},
            {.rates = rates, .clock = ids.clock, .ids = ids.source, .corridors = corridors});
        RC_PRE(made.has_value());
        RC_ASSERT(made->target == wanted);
        const auto worth = [&](std::int64_t source_units, Rounding rounding) {
            return convert(Money(source_units, source), made->rate, target, rounding)
                ->minor_units();
        };
        const std::int64_t paid = made->source.minor_units();
        if (corridor.rounding == RoundingSide::favour_operator) {
            RC_ASSERT(worth(paid, Rounding::up) >= wanted.minor_units());
            RC_ASSERT(worth(paid - 1, Rounding::down) < wanted.minor_units());
        } else if (corridor.rounding == RoundingSide::favour_buyer) {
            RC_ASSERT(worth(paid, Rounding::down) <= wanted.minor_units());
            RC_ASSERT(worth(paid + 1, Rounding::up) > wanted.minor_units());
        } else {
            RC_ASSERT(worth(paid, Rounding::half_even) >= wanted.minor_units());
            RC_ASSERT(worth(paid - 1, Rounding::down) < wanted.minor_units());
        }
    }));
}

std::vector<std::int64_t> any_cuts(std::int64_t whole) {
    std::vector<std::int64_t> ends =
        *rc::gen::container<std::vector<std::int64_t>>(rc::gen::inRange<std::int64_t>(0, whole));
    ends.push_back(whole);
    std::ranges::sort(ends);
    return ends;
}

void add(QuotePart& sum, const QuotePart& part) {
    sum.target += part.target;
    sum.mid_value += part.mid_value;
    sum.margin += part.margin;
    sum.fee += part.fee;
}

// What was captured in some parts and refunded in others leaves nothing behind: not in the
// merchant's currency, not in the buyer's, not in the margin, not in the fee.
TEST_F(FxProperties, RefundsReturnExactlyWhatCapturesGave) {
    EXPECT_TRUE(rc::check([this] {
        const Currency target = any_currency();
        const Money source(any_amount(), any_currency());
        RC_PRE(source.currency() != target);
        Corridor corridor = any_corridor();
        corridor.target = target;
        corridor.fixed_fee = Money(*rc::gen::inRange<std::int64_t>(0, 100), target);
        const Result<Quote> made = quote(source, target, corridor);
        RC_PRE(made.has_value());
        const std::int64_t captured = *rc::gen::inRange<std::int64_t>(0, source.minor_units() + 1);
        QuotePart gave;
        QuotePart returned;
        for (QuotePart* const sum : {&gave, &returned}) {
            std::int64_t before = 0;
            for (const std::int64_t end : any_cuts(captured)) {
                const QuotePart part = *part_of(*made, before, end - before);
                RC_ASSERT(part.target >= 0 && part.mid_value >= 0 && part.margin >= 0 &&
                          part.fee >= 0);
                add(*sum, part);
                before = end;
            }
        }
        RC_ASSERT(gave == returned);
        RC_ASSERT(gave == *part_of(*made, 0, captured));
        RC_ASSERT(part_of(*made, 0, source.minor_units())->target == made->target.minor_units());
        RC_ASSERT(part_of(*made, 0, source.minor_units())->fee == made->fee);
    }));
}

// USD to BRL is USD to EUR to BRL, but for the half cent of the detour and the tenth digits.
TEST_F(FxProperties, ADetourGivesWhatTheDirectWayGives) {
    EXPECT_TRUE(rc::check([this] {
        const Money start(any_amount(), any_currency());
        const Currency middle = any_currency();
        const Currency end = any_currency();
        const Decimal first = *table.cross(start.currency(), middle);
        const Decimal second = *table.cross(middle, end);
        const Decimal direct = *table.cross(start.currency(), end);
        const Result<Money> halfway = convert(start, first, middle);
        RC_PRE(halfway.has_value());
        const Result<Money> detour = convert(*halfway, second, end);
        const Result<Money> straight = convert(start, direct, end);
        RC_PRE(detour.has_value() && straight.has_value());
        // Half a unit of the middle in units of the end, half a unit of the end on each way, and
        // three rates each half a tenth digit off.
        const std::int64_t unit =
            convert(Money(1, middle), second, end, Rounding::up)->minor_units();
        const std::int64_t digits = straight->minor_units() / 500'000'000;
        const std::int64_t apart = detour->minor_units() - straight->minor_units();
        RC_ASSERT(std::max(apart, -apart) <= unit / 2 + 2 + digits);
    }));
}

// Any amount and any rate give an answer or an error: never another amount. The exact product is
// bounded by comparing with numbers that can not wrap.
TEST_F(FxProperties, NoAmountWraps) {
    EXPECT_TRUE(rc::check([this] {
        const std::int64_t amount =
            *rc::gen::oneOf(rc::gen::arbitrary<std::int64_t>(),
                            rc::gen::elementOf(std::vector<std::int64_t>{
                                kMax, -kMax, kMax - 1, -kMax - 1, 1, -1, 0}));
        const std::int64_t mantissa = *rc::gen::oneOf(
            rc::gen::inRange<std::int64_t>(1, 1'000'000'000'000'000'000),
            rc::gen::elementOf(std::vector<std::int64_t>{1, 999'999'999'999'999'999}));
        const Decimal rate = *Decimal::from_parts(mantissa, *rc::gen::inRange(0, 19));
        const std::size_t count = Currency::all().size();
        const Currency from = Currency::all()[*rc::gen::inRange<std::size_t>(0, count)];
        const Currency to = Currency::all()[*rc::gen::inRange<std::size_t>(0, count)];
        const long double about = static_cast<long double>(amount) *
                                  static_cast<long double>(rate.mantissa()) *
                                  std::pow(10.0L, to.exponent() - from.exponent() - rate.scale());
        const Result<Money> converted = convert(Money(amount, from), rate, to);
        if (converted) {
            const auto got = static_cast<long double>(converted->minor_units());
            RC_ASSERT(std::abs(got - about) <= 1.0L + std::abs(about) * 1e-15L);
        } else {
            RC_ASSERT(converted.error().code() == ErrorCode::amount_overflow);
            RC_ASSERT(std::abs(about) >= 9.2e18L);
        }
        const Result<Money> back = convert_back(Money(amount, to), rate, from, Rounding::down);
        const long double about_back =
            static_cast<long double>(amount) / static_cast<long double>(rate.mantissa()) *
            std::pow(10.0L, from.exponent() - to.exponent() + rate.scale());
        if (back) {
            const auto got = static_cast<long double>(back->minor_units());
            RC_ASSERT(std::abs(got - about_back) <= 1.0L + std::abs(about_back) * 1e-15L);
        } else {
            RC_ASSERT(back.error().code() == ErrorCode::amount_overflow);
            RC_ASSERT(std::abs(about_back) >= 9.2e18L);
        }
    }));
}

}  // namespace
}  // namespace causeway::fx
