// SPDX-License-Identifier: Apache-2.0
//
// What an answer says of other currencies than the one that was asked for: what the acquirer
// settles and what the cardholder is billed. Amounts and rates are told, none is computed here.
//
// Source: ISO 8583:1987, data elements 5, 9 and 50 (settlement), 6, 10 and 51 (cardholder
// billing); a rate is n 8, and its first digit counts the decimals of the other seven.
#pragma once

#include "connectors/card/message.h"
#include "connectors/operation.h"
#include "ledger/result.h"

#include <optional>
#include <string>
#include <string_view>

namespace causeway::connectors::card {

/// "61083215" is "1.083215", "61080000" is "1.080000": every digit as told.
///
/// Errors: `invalid_argument` for anything but eight digits, and for a rate of zero.
[[nodiscard]] Result<std::string> read_rate(std::string_view digits);

/// The inverse: at most seven digits. "0.85" is "20000085".
///
/// Errors: `invalid_argument` for anything but a decimal number of that length above zero.
[[nodiscard]] Result<std::string> write_rate(std::string_view rate);

/// None when the answer has neither an amount nor a rate of a conversion. What can not be
/// understood is named in `fault`, and the rest is told all the same.
[[nodiscard]] std::optional<Conversion> read_conversion(const Message& answer);

}  // namespace causeway::connectors::card
