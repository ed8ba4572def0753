// SPDX-License-Identifier: Apache-2.0
//
// What a charge with a due date costs on a day.
//
// Everything is counted from the original amount less the rebate, rounded half up to a centavo
// each. Months have 30 days and years 365; working days are Monday to Friday, for the sandbox
// knows no holidays.
#pragma once

#include "connectors/pix/charge.h"
#include "ledger/clock.h"

#include <cstdint>

namespace causeway::connectors::pix::sandbox {

/// Units: centavos.
struct Payable {
    std::int64_t fine = 0;
    std::int64_t interest = 0;
    std::int64_t rebate = 0;
    std::int64_t discount = 0;
    std::int64_t total = 0;
};

/// Requires an amount and a due date in `terms`.
[[nodiscard]] Payable payable_on(const CobvTerms& terms, Day day);

}  // namespace causeway::connectors::pix::sandbox
