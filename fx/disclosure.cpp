// SPDX-License-Identifier: Apache-2.0
#include "fx/disclosure.h"

#include <algorithm>

namespace causeway::fx {
namespace {

constexpr int kHundredthsOfPercent = 10'000;

// Towards plus infinity.
Int128 divide_up(Int128 numerator, Int128 denominator) {
    const Int128 quotient = numerator / denominator;
    return quotient * denominator < numerator ? quotient + 1 : quotient;
}

std::string percent_text(std::int64_t hundredths) {
    const bool negative = hundredths < 0;
    std::string digits = std::to_string(negative ? -hundredths : hundredths);
    if (digits.size() < 3) digits.insert(0, 3 - digits.size(), '0');
    digits.insert(digits.size() - 2, 1, '.');
    return (negative ? "-" : "") + digits;
}

Result<std::string> markup_percent_of(const Quote& quote) {
    const Error too_large(ErrorCode::amount_overflow, "the percentage");
    const int shift = quote.target.currency().exponent() - quote.source.currency().exponent() -
                      quote.mid_rate.scale();
    Int128 worth = 0;  // At the mid rate, and `target`: in the same unit.
    Int128 target = 0;
    Int128 charged = 0;
    const bool fits =
        !__builtin_mul_overflow(Int128{quote.source.minor_units()} * quote.mid_rate.mantissa(),
                                power_of_ten(std::max(shift, 0)),
                                &worth) &&
        !__builtin_mul_overflow(
            Int128{quote.target.minor_units()}, power_of_ten(std::max(-shift, 0)), &target) &&
        !__builtin_sub_overflow(worth, target, &charged) &&
        !__builtin_mul_overflow(charged, Int128{kHundredthsOfPercent}, &charged);
    if (!fits || target <= 0) return too_large;
    const Int128 hundredths = divide_up(charged, target);
    constexpr Int128 kMax = 1'000'000'000'000'000'000;
    if (hundredths > kMax || hundredths < -kMax) return too_large;
    return percent_text(static_cast<std::int64_t>(hundredths));
}

}  // namespace

Result<Disclosure> disclosure_of(const Quote& quote) {
    const Result<std::string> percent = markup_percent_of(quote);
    if (!percent) return percent.error();
    return Disclosure{.total = quote.source,
                      .receives = quote.target,
                      .mid_rate = quote.mid_rate,
                      .rate = quote.rate,
                      .markup_percent = *percent,
                      .fee = ledger::Money(quote.fee, quote.target.currency()),
                      .rounding = quote.rounding,
                      .bearer = quote.bearer,
                      .rate_source = quote.rate_source,
                      .rate_date = quote.rate_date,
                      .valid_until = quote.expires_at};
}

}  // namespace causeway::fx
