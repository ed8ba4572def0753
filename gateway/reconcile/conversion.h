// SPDX-License-Identifier: Apache-2.0
//
// A line that was paid out in another currency than the buyer's: the provider has converted, at a
// rate of its own. Whether that is what we expected is a question of three amounts: the gross in
// the buyer's currency, what its rate makes of it, and its cost.
//
// The cost we expected is in the buyer's currency, its columns in the one it pays out. It is as
// expected when it lies within a unit for each of its kCostColumns of what its rate makes of ours.
#pragma once

#include "fx/provider_conversion.h"
#include "gateway/reconcile/expectation.h"
#include "gateway/reconcile/statement.h"
#include "ledger/money.h"
#include "ledger/result.h"

#include <cstdint>
#include <string>

namespace causeway::gateway {

inline constexpr std::int64_t kCostColumns = 4;

/// Signed from our side. Units: `cost` and the gap in minor units of conversion.settled's currency,
/// `expected_cost` in those of conversion.paid's.
struct SettledConversion {
    Uuid expectation_id;
    std::string source;  ///< "cap_...", "ref_...": what was settled.
    std::optional<Uuid> payment_id;
    fx::ProviderConversion conversion;
    fx::ConversionGap gap;
    std::int64_t cost = 0;
    std::int64_t expected_cost = 0;
    std::int64_t cost_gap = 0;  ///< What the cost is above the expected one at its rate.
    std::string rate;           ///< Of the line, for people.
    std::optional<ToldSettlement> told = {};  ///< What is booked already, by its answer.

    /// Whether the answer and the file say the same, or the answer said nothing.
    [[nodiscard]] bool is_as_told() const { return !told || told->settled == conversion.settled; }
    [[nodiscard]] bool cost_is_as_expected() const noexcept {
        return cost_gap >= -kCostColumns && cost_gap <= kCostColumns;
    }
};

/// Whether the line says all that is needed to check a conversion of the expected amount.
[[nodiscard]] bool is_conversion(const StatementLine& line, const Expectation& expectation);

/// Where we did not convert into that currency ourselves there is nothing to compare its rate with,
/// and the gap has no part of the rate.
///
/// Requires is_conversion(). Errors: `amount_overflow`.
[[nodiscard]] Result<SettledConversion> read_conversion(const StatementLine& line,
                                                        const Expectation& expectation);

/// What the answer said and the file does not. Requires what was told.
[[nodiscard]] std::string correction_note(const ToldSettlement& told, const StatementLine& line);

/// "EUR 85.00 at 0.85 for USD 100.00, where EUR 85.59 was booked: EUR 0.59 less: ..."
[[nodiscard]] std::string conversion_note(const SettledConversion& settled);

}  // namespace causeway::gateway
