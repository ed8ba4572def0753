// SPDX-License-Identifier: Apache-2.0
//
// Reads `payment_method` of a request: a card by its token, or who is to pay later.
#pragma once

#include "gateway/http/json_reader.h"
#include "gateway/payments/confirmation.h"

#include <optional>

namespace causeway::gateway {

/// Nothing when there is none; mistakes are left in the reader.
[[nodiscard]] std::optional<MethodChoice> read_method(ObjectReader& body);

}  // namespace causeway::gateway
