// SPDX-License-Identifier: Apache-2.0
//
// A provider that settles in another currency than the buyer paid in has converted, at a rate of
// its own. What it paid is compared with what its rate gives and with what we booked, so that
// every unit of the difference has a name.
#pragma once

#include "fx/decimal.h"
#include "fx/position.h"
#include "ledger/journal/entry.h"
#include "ledger/money.h"
#include "ledger/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::fx {

/// A rate and to how many decimals its sender wrote it: 1.080 says more than 1.08.
struct WrittenRate {
    Decimal value;
    int decimals = 0;
};

/// Reads a decimal number above zero as its sender wrote it, trailing zeros and all.
///
/// Errors: `invalid_argument` for anything else.
[[nodiscard]] Result<WrittenRate> parse_written_rate(std::string_view text);

/// What a provider says of one conversion, in its answer or in a line of its settlement file.
struct ProviderConversion {
    ledger::Money paid;     ///< What the buyer paid.
    ledger::Money settled;  ///< What the provider makes of it.
    WrittenRate rate;       ///< Its rate. Units: units of `settled` per one unit of `paid`.
};

enum class ConversionDifference {
    none,
    /// At most the last digit of its rate, 5 basis points, and the last unit of its amount.
    rounding,
    rate,         ///< Its rate is another than ours.
    unexplained,  ///< Its amount does not follow from its own rate: ask it.
};

[[nodiscard]] std::string_view to_string(ConversionDifference difference) noexcept;

/// settled - booked = rate + rounding + unexplained; of the last two at least one is zero.
///
/// Units: minor units of the settled currency.
struct ConversionGap {
    std::int64_t rate = 0;         ///< Ours booked at its rate instead of at ours.
    std::int64_t rounding = 0;     ///< What its rate's digits and its last unit explain.
    std::int64_t unexplained = 0;  ///< What nothing explains.

    /// The gravest of the parts that are not zero.
    [[nodiscard]] ConversionDifference difference() const noexcept;

    friend bool operator==(const ConversionGap&, const ConversionGap&) = default;
};

/// Compares with `booked`, what we took the same amount for.
///
/// Errors: `currency_mismatch` when `booked` is not in the currency that was settled;
/// `amount_overflow`.
[[nodiscard]] Result<ConversionGap> compare(const ProviderConversion& conversion,
                                            const ledger::Money& booked);

/// Whether the rate is further from ours than a market moves between two settlements: its part of
/// the gap is more than 10 % of what we booked, and a unit. Such a line is for a human, however
/// well its amount follows from its rate.
///
/// Requires the gap that compare() gave for an amount that was `settled`.
[[nodiscard]] bool is_far(const ConversionGap& gap, const ledger::Money& settled) noexcept;

/// The provider's settlement closes as much of the position as was paid, at the provider's amount;
/// what its rounding made is a line of its own, owned by `operator_name`.
///
/// Requires a gap that compare() gave for this conversion. Errors: `currency_mismatch` when the
/// conversion is not of this pair; as trade_lines().
[[nodiscard]] Result<std::vector<ledger::Line>> settlement_lines(
    const Position& position,
    const ProviderConversion& conversion,
    const ConversionGap& gap,
    const TradeAccounts& accounts,
    const std::string& operator_name);

}  // namespace causeway::fx
