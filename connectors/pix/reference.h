// SPDX-License-Identifier: Apache-2.0
//
// How we name charges and refunds to the provider: the payment's own 26 characters, so that a txid
// is unique among all that ever used the same key, then what it is and a number.
//
//     01JZ8QK3M5X9T2B7C4D6E8F0G1 + C + 1a     a charge at once, 26 to 35 characters
//     01JZ8QK3M5X9T2B7C4D6E8F0G1 + V + 1a     one with a due date
//     X9T2B7C4D6E8F0G1           + 1a         a static code, which may have 25 at most
//     01JZ8QK3M5X9T2B7C4D6E8F0G1 + D + 1a     a refund
//     01JZ8QK3M5X9T2B7C4D6E8F0G1 + W + 1a     taking a charge back; the provider never sees it
#pragma once

#include "connectors/operation.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace causeway::connectors::pix {

enum class ReferenceKind { at_once, by_date, static_code, refund, withdrawal };

/// Requires a sequence below 36^8.
[[nodiscard]] std::string make_pix_reference(std::int64_t sequence, const Operation& operation);

[[nodiscard]] ReferenceKind kind_of(std::string_view reference) noexcept;

}  // namespace causeway::connectors::pix
