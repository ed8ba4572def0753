// SPDX-License-Identifier: Apache-2.0
//
// Amounts as Pix spells them: reais with a point and exactly two decimals. Inside they are
// centavos, as everywhere.
#pragma once

#include "ledger/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace causeway::connectors::pix {

/// Ten digits before the point. Units: centavos.
constexpr std::int64_t kAmountMax = 999'999'999'999;

/// Requires 0 <= centavos <= kAmountMax. "12.34".
[[nodiscard]] std::string amount_text(std::int64_t centavos);

/// Reads one to ten digits, a point and two digits; zero is an amount here.
///
/// Units: centavos. Errors: `invalid_argument`.
[[nodiscard]] Result<std::int64_t> parse_amount(std::string_view text);

}  // namespace causeway::connectors::pix
