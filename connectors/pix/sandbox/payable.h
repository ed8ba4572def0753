// SPDX-License-Identifier: Apache-2.0
//
// What a charge with a due date costs on a day.
//
// Everything is counted from the original amount less the rebate, rounded half up to a centavo
// each. Months have 30 days and years 365. A due date without banks counts as the next day with
// them, in everything, and so does the last day of a discount.
#pragma once

#include "connectors/pix/charge.h"
#include "ledger/clock.h"

#include <cstdint>

namespace causeway::connectors::pix::sandbox {

/// For how many days behind its due date a charge can be paid that does not say.
inline constexpr std::int64_t kDaysValidDefault = 30;

/// Units: centavos.
struct Payable {
    std::int64_t fine = 0;
    std::int64_t interest = 0;
    std::int64_t rebate = 0;
    std::int64_t discount = 0;
    std::int64_t total = 0;
};

/// The last day on which it can be paid at all. Requires a due date in `terms`.
[[nodiscard]] Day last_day_of(const CobvTerms& terms) noexcept;

/// Requires an amount and a due date in `terms`.
[[nodiscard]] Payable payable_on(const CobvTerms& terms, Day day);

}  // namespace causeway::connectors::pix::sandbox
