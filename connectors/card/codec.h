// SPDX-License-Identifier: Apache-2.0
//
// Between a Message and its bytes, for one dialect. Strict both ways: what is decoded encodes to
// the same bytes again, and what is not wholly understood is refused with the place of the fault.
//
// Source: ISO 8583:1987 clauses 4 and 5 (message structure, data element formats).
#pragma once

#include "connectors/card/dialect.h"
#include "connectors/card/message.h"
#include "ledger/result.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace causeway::connectors::card {

/// The bytes of one message, without the length header.
///
/// Errors: `invalid_argument`, naming the data element, when a value does not fit its format or
/// the element is not in the table. The value itself is never part of the error.
[[nodiscard]] Result<std::vector<std::uint8_t>> encode(const Message& message,
                                                       const Dialect& dialect);

/// Reads exactly one message. Bytes left over are an error, which most libraries overlook.
///
/// Errors: `invalid_argument` with the data element and the byte offset ("DE2 at byte 20: ...").
[[nodiscard]] Result<Message> decode(std::span<const std::uint8_t> bytes, const Dialect& dialect);

/// "0100 DE2=476173******0119 DE3=000000 ..." for logs: the card number as first six and last
/// four, tracks, PIN blocks, ICC data, private data and holder names left out.
[[nodiscard]] std::string loggable(const Message& message);

}  // namespace causeway::connectors::card
