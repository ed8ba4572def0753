// SPDX-License-Identifier: Apache-2.0
#include "fx/decimal.h"

#include "fx/printable.h"

#include <algorithm>
#include <cassert>

namespace causeway::fx {
namespace {

using ledger::Rounding;

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

}  // namespace

Int128 power_of_ten(int exponent) noexcept {
    assert(exponent >= 0 && exponent <= 38);
    Int128 power = 1;
    for (int i = 0; i < exponent; ++i)
        power *= 10;
    return power;
}

Int128 divide_half_even(Int128 numerator, Int128 denominator) noexcept {
    assert(denominator > 0);
    const Int128 quotient = numerator / denominator;
    const Int128 remainder = numerator % denominator;
    const Int128 twice = 2 * (remainder < 0 ? -remainder : remainder);
    if (twice < denominator || (twice == denominator && quotient % 2 == 0)) return quotient;
    return numerator < 0 ? quotient - 1 : quotient + 1;
}

Decimal Decimal::normalized(std::int64_t mantissa, int scale) noexcept {
    while (scale > 0 && mantissa % 10 == 0) {
        mantissa /= 10;
        --scale;
    }
    return {mantissa, scale};
}

Result<Decimal> Decimal::parse(std::string_view text) {
    const Error wrong(ErrorCode::invalid_argument,
                      "'" + printable(text) + "' is not a decimal number");
    const std::size_t point = text.find('.');
    const std::string_view whole = text.substr(0, point);
    const bool has_point = point != std::string_view::npos;
    const std::string_view fraction = has_point ? text.substr(point + 1) : std::string_view{};
    const bool digits_only =
        std::ranges::all_of(whole, is_digit) && std::ranges::all_of(fraction, is_digit);
    if (whole.empty() || has_point == fraction.empty() || !digits_only) return wrong;
    if (whole.size() > 1 && whole.front() == '0') return wrong;
    const std::size_t leading = whole == "0" ? 0 : whole.size();
    if (fraction.size() > kScaleMax || leading + fraction.size() > kDigitsMax) {
        return Error(ErrorCode::invalid_argument,
                     "'" + printable(text) + "' has more than 18 digits");
    }
    std::int64_t mantissa = 0;
    for (const std::string_view part : {whole, fraction}) {
        for (const char c : part)
            mantissa = mantissa * 10 + (c - '0');
    }
    return normalized(mantissa, static_cast<int>(fraction.size()));
}

Result<Decimal> Decimal::from_parts(std::int64_t mantissa, int scale) {
    const bool fits = mantissa >= 0 && mantissa < power_of_ten(kDigitsMax);
    if (!fits || scale < 0 || scale > kScaleMax) {
        return Error(ErrorCode::invalid_argument, "not the parts of a decimal number");
    }
    return normalized(mantissa, scale);
}

Result<Decimal> Decimal::ratio(Int128 numerator,
                               Int128 denominator,
                               int digits,
                               Rounding rounding) {
    assert(numerator >= 0 && denominator > 0 && digits >= 1 && digits <= kDigitsMax);
    if (numerator == 0) return Decimal();
    Int128 quotient = numerator / denominator;
    Int128 remainder = numerator % denominator;
    const Int128 full = power_of_ten(digits);
    int scale = 0;
    // Long division: one more decimal a step, until there are enough significant ones.
    for (; quotient < full / 10 && scale < kScaleMax; ++scale) {
        remainder *= 10;
        quotient = quotient * 10 + remainder / denominator;
        remainder %= denominator;
    }
    if (quotient < full / 10) {
        return Error(ErrorCode::amount_overflow, "the number is too small for its digits");
    }
    // Before the point there may be too many; what they cut off takes part in the rounding.
    Int128 unit = 1;
    while (quotient / unit >= full)
        unit *= 10;
    const Int128 kept = quotient / unit;
    const Int128 twice = 2 * (quotient % unit);
    const bool is_tie = unit == 1 ? 2 * remainder == denominator : twice == unit && remainder == 0;
    const bool is_more =
        unit == 1 ? 2 * remainder > denominator : twice > unit || (twice == unit && remainder > 0);
    const bool is_exact = quotient % unit == 0 && remainder == 0;
    const bool to_nearest = is_more || (is_tie && kept % 2 != 0);
    const bool goes_up = rounding == Rounding::half_even ? to_nearest
                         : rounding == Rounding::up      ? !is_exact
                                                         : false;
    const Int128 rounded = kept + (goes_up ? 1 : 0);
    // The cut above happens only with a quotient of whole units, so the scale is 0 there.
    const Int128 mantissa = rounded * unit;
    // 10^18 itself fits once its zeros are gone behind the point.
    const Int128 end = power_of_ten(kDigitsMax);
    if (mantissa > end || (mantissa == end && scale == 0)) {
        return Error(ErrorCode::amount_overflow, "the number has too many digits");
    }
    return normalized(static_cast<std::int64_t>(mantissa), scale);
}

Result<Decimal> Decimal::divide(const Decimal& divisor, int digits, Rounding rounding) const {
    if (divisor.is_zero()) return Error(ErrorCode::invalid_argument, "division by zero");
    const int shift = divisor.scale_ - scale_;
    return ratio(mantissa_ * power_of_ten(std::max(shift, 0)),
                 divisor.mantissa_ * power_of_ten(std::max(-shift, 0)),
                 digits,
                 rounding);
}

std::string Decimal::to_string() const {
    std::string text = std::to_string(mantissa_);
    if (scale_ == 0) return text;
    const auto decimals = static_cast<std::size_t>(scale_);
    if (text.size() <= decimals) text.insert(0, decimals + 1 - text.size(), '0');
    text.insert(text.size() - decimals, 1, '.');
    return text;
}

std::strong_ordering operator<=>(const Decimal& a, const Decimal& b) noexcept {
    const Int128 left = a.mantissa_ * power_of_ten(std::max(b.scale_ - a.scale_, 0));
    const Int128 right = b.mantissa_ * power_of_ten(std::max(a.scale_ - b.scale_, 0));
    if (left == right) return std::strong_ordering::equal;
    return left < right ? std::strong_ordering::less : std::strong_ordering::greater;
}

}  // namespace causeway::fx
