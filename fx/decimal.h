// SPDX-License-Identifier: Apache-2.0
//
// Exact decimal numbers for rates: what a rate file writes is what we keep, and every step that
// must round says to how many digits and how. Never negative; no floating point anywhere.
#pragma once

#include "ledger/money.h"
#include "ledger/result.h"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace causeway::fx {

/// A product of two 64-bit values always fits; g++ and clang both have it.
__extension__ using Int128 = __int128;

/// mantissa / 10^scale, kept without trailing zeros: "366.90" and "366.9" are the same object.
///
/// Threads: immutable once built; share freely.
class Decimal {
  public:
    static constexpr int kDigitsMax = 18;  ///< Of the mantissa.
    static constexpr int kScaleMax = 18;   ///< Digits behind the point.

    /// Zero.
    constexpr Decimal() = default;

    /// Reads digits with at most one point between them: "1.1684", "0.5", "12".
    ///
    /// Errors: `invalid_argument` for a sign, a needless leading zero, anything else, or more
    /// digits than fit.
    static Result<Decimal> parse(std::string_view text);

    /// mantissa / 10^scale.
    ///
    /// Errors: `invalid_argument` outside the limits above.
    static Result<Decimal> from_parts(std::int64_t mantissa, int scale);

    /// numerator / denominator with `digits` significant digits; unless told otherwise the nearest,
    /// a tie to the even neighbour.
    ///
    /// Requires 0 <= numerator, 0 < denominator, both <= 10^36; 1 <= digits <= kDigitsMax.
    /// Errors: `amount_overflow` when the result has more digits before the point than fit, or
    /// is so small that `digits` significant ones do not fit behind it.
    static Result<Decimal> ratio(Int128 numerator,
                                 Int128 denominator,
                                 int digits,
                                 ledger::Rounding rounding = ledger::Rounding::half_even);

    [[nodiscard]] std::int64_t mantissa() const noexcept { return mantissa_; }
    [[nodiscard]] int scale() const noexcept { return scale_; }
    [[nodiscard]] bool is_zero() const noexcept { return mantissa_ == 0; }

    /// This divided by `divisor`. Errors: as ratio(); `invalid_argument` for division by zero.
    [[nodiscard]] Result<Decimal> divide(
        const Decimal& divisor,
        int digits,
        ledger::Rounding rounding = ledger::Rounding::half_even) const;

    /// The inverse of parse(), without needless zeros.
    [[nodiscard]] std::string to_string() const;

    friend bool operator==(const Decimal&, const Decimal&) = default;
    friend std::strong_ordering operator<=>(const Decimal& a, const Decimal& b) noexcept;

  private:
    constexpr Decimal(std::int64_t mantissa, int scale) : mantissa_(mantissa), scale_(scale) {}
    static Decimal normalized(std::int64_t mantissa, int scale) noexcept;

    std::int64_t mantissa_ = 0;
    int scale_ = 0;
};

/// 10^exponent. Requires 0 <= exponent <= 38.
[[nodiscard]] Int128 power_of_ten(int exponent) noexcept;

/// numerator / denominator to the nearest whole number, a tie to the even one; sign allowed.
/// Requires 0 < denominator <= 10^37.
[[nodiscard]] Int128 divide_half_even(Int128 numerator, Int128 denominator) noexcept;

}  // namespace causeway::fx
