// SPDX-License-Identifier: Apache-2.0
#include "fx/provider_conversion.h"

#include "fx/convert.h"

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace causeway::fx {
namespace {

using ledger::AccountKey;
using ledger::Line;
using ledger::Money;
using ledger::Purpose;

using Limits = std::numeric_limits<std::int64_t>;

// However few digits a rate has, they explain no more than this of an amount, and a unit.
constexpr std::int64_t kRoundingMaxBps = 5;

// How far an amount may lie from what the rate gives: the rate was rounded to its last digit, or
// cut there, and the amount to its last unit.
Result<std::int64_t> tolerance_of(const ProviderConversion& conversion, const Money& at_its_rate) {
    const Result<Decimal> last_digit = Decimal::from_parts(1, conversion.rate.decimals);
    if (!last_digit) return last_digit.error();
    const Result<Money> reach =
        convert(conversion.paid, *last_digit, conversion.settled.currency(), ledger::Rounding::up);
    if (!reach) return reach.error();
    // A refund's amounts are negative.
    const bool fits = reach->minor_units() > -Limits::max() && reach->minor_units() < Limits::max();
    if (!fits) return Error(ErrorCode::amount_overflow, "the conversion");
    const Result<Money> most = at_its_rate.scale(kRoundingMaxBps, 10'000, ledger::Rounding::down);
    if (!most) return most.error();
    return std::min(std::abs(reach->minor_units()), std::abs(most->minor_units())) + 1;
}

}  // namespace

Result<WrittenRate> parse_written_rate(std::string_view text) {
    const Result<Decimal> value = Decimal::parse(text);
    if (!value || value->is_zero()) {
        return Error(ErrorCode::invalid_argument, "a rate is a decimal number above zero");
    }
    const std::size_t point = text.find('.');
    const std::size_t decimals = point == std::string_view::npos ? 0 : text.size() - point - 1;
    return WrittenRate{.value = *value, .decimals = static_cast<int>(decimals)};
}

std::string_view to_string(ConversionDifference difference) noexcept {
    switch (difference) {
        case ConversionDifference::none: return "none";
        case ConversionDifference::rounding: return "rounding";
        case ConversionDifference::rate: return "rate";
        case ConversionDifference::unexplained: return "unexplained";
    }
    return "none";
}

ConversionDifference ConversionGap::difference() const noexcept {
    if (unexplained != 0) return ConversionDifference::unexplained;
    if (rate != 0) return ConversionDifference::rate;
    return rounding != 0 ? ConversionDifference::rounding : ConversionDifference::none;
}

Result<ConversionGap> compare(const ProviderConversion& conversion, const Money& booked) {
    const Result<Money> at_its_rate =
        convert(conversion.paid, conversion.rate.value, conversion.settled.currency());
    if (!at_its_rate) return at_its_rate.error();
    const Result<Money> by_rate = at_its_rate->subtract(booked);
    if (!by_rate) return by_rate.error();
    const Result<Money> rest = conversion.settled.subtract(*at_its_rate);
    if (!rest) return rest.error();
    const Result<std::int64_t> tolerance = tolerance_of(conversion, *at_its_rate);
    if (!tolerance) return tolerance.error();
    const std::int64_t left = rest->minor_units();
    const bool explained = left >= -*tolerance && left <= *tolerance;
    return ConversionGap{.rate = by_rate->minor_units(),
                         .rounding = explained ? left : 0,
                         .unexplained = explained ? 0 : left};
}

bool is_far(const ConversionGap& gap, const Money& settled) noexcept {
    constexpr int kParts = 10;
    const Int128 booked = Int128{settled.minor_units()} - gap.rate - gap.rounding - gap.unexplained;
    const Int128 apart = gap.rate < 0 ? -Int128{gap.rate} : Int128{gap.rate};
    return (apart - 1) * kParts > (booked < 0 ? -booked : booked);
}

Result<std::vector<Line>> settlement_lines(const Position& position,
                                           const ProviderConversion& conversion,
                                           const ConversionGap& gap,
                                           const TradeAccounts& accounts,
                                           const std::string& operator_name) {
    if (conversion.paid.currency() != position.pair.base ||
        conversion.settled.currency() != position.pair.counter) {
        return Error(ErrorCode::currency_mismatch, "the conversion is of another pair");
    }
    const Money rounding(gap.rounding, conversion.settled.currency());
    const Result<Money> worth = conversion.settled.subtract(rounding);
    if (!worth) return worth.error();
    const Result<Money> bought = Money(0, conversion.paid.currency()).subtract(conversion.paid);
    const Result<Money> paid = Money(0, worth->currency()).subtract(*worth);
    if (!bought) return bought.error();
    if (!paid) return paid.error();
    const Trade trade{.base = bought->minor_units(), .counter = paid->minor_units()};
    Result<std::vector<Line>> lines = trade_lines(position, trade, accounts);
    if (!lines || gap.rounding == 0) return lines;
    // The trade's line there is -paid, the worth: with the rounding it is what was settled.
    const auto received = std::ranges::find(*lines, accounts.counter, &Line::account);
    if (received != lines->end()) received->minor_units += gap.rounding;
    if (received == lines->end()) {
        lines->push_back({.account = accounts.counter, .minor_units = gap.rounding});
    }
    const AccountKey own{
        .owner = operator_name, .purpose = Purpose::rounding, .currency = worth->currency()};
    lines->push_back({.account = own, .minor_units = -gap.rounding});
    return lines;
}

}  // namespace causeway::fx
