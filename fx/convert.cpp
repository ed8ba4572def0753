// SPDX-License-Identifier: Apache-2.0
#include "fx/convert.h"

#include <algorithm>
#include <limits>

namespace causeway::fx {
namespace {

using ledger::Currency;
using ledger::Money;
using ledger::Rounding;

// Minor units of the target per minor unit of the source, as an exact fraction.
struct Factor {
    Int128 numerator;
    Int128 denominator;
};

Factor factor_of(const Decimal& rate, Currency source, Currency target) {
    const int shift = target.exponent() - source.exponent() - rate.scale();
    return {.numerator = rate.mantissa() * power_of_ten(std::max(shift, 0)),
            .denominator = power_of_ten(std::max(-shift, 0))};
}

Result<Money> narrow(Int128 minor_units, Currency currency) {
    using Limits = std::numeric_limits<std::int64_t>;
    if (minor_units < Limits::min() || minor_units > Limits::max()) {
        return Error(ErrorCode::amount_overflow, "the converted amount does not fit");
    }
    return Money(static_cast<std::int64_t>(minor_units), currency);
}

Int128 divide(Int128 numerator, Int128 denominator, Rounding rounding) {
    if (rounding == Rounding::half_even) return divide_half_even(numerator, denominator);
    const Int128 quotient = numerator / denominator;
    if (rounding == Rounding::down || numerator % denominator == 0) return quotient;
    return numerator < 0 ? quotient - 1 : quotient + 1;
}

// amount * numerator / denominator. One of the two is below 10^18 or is 1: where the product does
// not fit in 128 bits, the quotient does not fit in 64.
Result<Money> scaled(
    const Money& amount, Int128 numerator, Int128 denominator, Currency to, Rounding rounding) {
    Int128 product = 0;
    if (__builtin_mul_overflow(Int128{amount.minor_units()}, numerator, &product)) {
        return Error(ErrorCode::amount_overflow, "the converted amount does not fit");
    }
    return narrow(divide(product, denominator, rounding), to);
}

}  // namespace

Result<Money> convert(const Money& amount,
                      const Decimal& rate,
                      Currency target,
                      Rounding rounding) {
    const Factor factor = factor_of(rate, amount.currency(), target);
    return scaled(amount, factor.numerator, factor.denominator, target, rounding);
}

Result<Money> convert_back(const Money& amount,
                           const Decimal& rate,
                           Currency source,
                           Rounding rounding) {
    if (rate.is_zero()) return Error(ErrorCode::invalid_argument, "the rate is zero");
    const Factor factor = factor_of(rate, source, amount.currency());
    return scaled(amount, factor.denominator, factor.numerator, source, rounding);
}

Result<Money> amount_for(const Money& wanted, const Decimal& rate, Currency source) {
    if (!wanted.is_positive() || rate.is_zero()) {
        return Error(ErrorCode::invalid_argument, "the wanted amount and the rate are positive");
    }
    const Factor factor = factor_of(rate, source, wanted.currency());
    // round(s * n / d) >= w exactly when s * 2n >= (2w - 1) * d; the tie goes to w if w is even,
    // and to w - 1 if it is odd.
    const Int128 twice_least = Int128{wanted.minor_units()} * 2 - 1;
    Int128 threshold = 0;
    if (__builtin_mul_overflow(twice_least, factor.denominator, &threshold)) {
        return Error(ErrorCode::amount_overflow, "the wanted amount does not fit");
    }
    const Int128 step = factor.numerator * 2;
    const bool tie_reaches = wanted.minor_units() % 2 == 0;
    const Int128 below = threshold / step;
    const bool exact = threshold % step == 0;
    return narrow(exact && tie_reaches ? below : below + 1, source);
}

}  // namespace causeway::fx
