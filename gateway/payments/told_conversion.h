// SPDX-License-Identifier: Apache-2.0
//
// A provider says with its answer what it will settle in another currency, and at which rate. What
// follows from its own rate and lies near the market's is booked at once; what does not is kept as
// it was said, stands in the timeline and is reported, but books nothing and holds no payment up:
// the provider's file will say what it paid.
#pragma once

#include "gateway/payments/earnings.h"
#include "gateway/payments/outcome_case.h"

namespace causeway::gateway {

/// Farther than this from our rate no provider's rate is believed.
inline constexpr std::int64_t kStrangeRatePercent = 10;

/// Keeps what the answer to an approved operation said of a conversion, if it did. The operation
/// has moved no money.
[[nodiscard]] Result<void> keep_conversion(OutcomeCase& c);

/// The same for an operation whose money `booked` is, and books the conversion. `booked` is of the
/// same transaction.
///
/// Errors: storage errors; never for what the provider said.
[[nodiscard]] Result<void> take_conversion(OutcomeCase& c, const Booked& booked);

}  // namespace causeway::gateway
