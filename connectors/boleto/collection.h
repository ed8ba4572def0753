// SPDX-License-Identifier: Apache-2.0
//
// The slips of public utilities and taxes (arrecadação): 48 digits that begin with 8. They look
// like a boleto and are none: no bank, no due date, other check digits. Read only.
#pragma once

#include "ledger/money.h"
#include "ledger/result.h"

#include <optional>
#include <string>
#include <string_view>

namespace causeway::connectors::boleto {

struct Collection {
    std::string barcode;  ///< 44 digits.
    char segment;         ///< Who collects: '1' a municipality, '3' power and gas, '4' telephony.
    char value_kind;      ///< '6' and '8' are an amount, '7' and '9' a quantity.
    std::optional<ledger::Money> amount;  ///< In BRL; none if the value is a quantity.
};

/// Reads the 48 digits with or without hyphens and blanks, and checks the digit of each of the four
/// blocks and the general one.
///
/// Errors: `invalid_argument` that names the block.
[[nodiscard]] Result<Collection> parse_collection(std::string_view text);

}  // namespace causeway::connectors::boleto
