// SPDX-License-Identifier: Apache-2.0
//
// Which message an operation becomes, field by field. Pure: the same operation is the same
// message, so that a repeat differs from what it repeats in its type alone.
#pragma once

#include "connectors/card/message.h"
#include "connectors/connector.h"
#include "ledger/result.h"

#include <string>

namespace causeway::connectors::card {

/// Who we are to the host.
struct CardAcceptor {
    std::string acquirer_id;       ///< DE32, up to 11 digits.
    std::string terminal_id;       ///< DE41, up to 8 characters.
    std::string card_acceptor_id;  ///< DE42, up to 15 characters.
    std::string name;              ///< DE43: up to 25 characters,
    std::string city;              ///< up to 13,
    std::string country;           ///< and ISO 3166 in two letters.
    std::string mcc;               ///< DE18, ISO 18245 in four digits.
};

/// Errors: `invalid_argument` with the member at fault.
[[nodiscard]] Result<void> check(const CardAcceptor& acceptor);

/// The message of an operation:
///
///   authorise  0100            sale    0200
///   capture    0220, 0221      refund  0200 with DE3 200000
///   reverse    0400, 0401 for customer_cancel, else 0420, 0421
///   release    0420, 0421 with what remains charged in DE95
///
/// DE60 carries the payment's id, DE62 of a refund the DE37 of what it gives back. DE48 is our
/// TLV: two letters, three digits of length, value; `VC` is the card verification code, which
/// only an authorise or a sale carries.
///
/// Errors: `invalid_argument` with the rule that is broken. A request (0100, 0200) has no repeat:
/// the host might take it for a second payment. It is reversed instead.
[[nodiscard]] Result<Message> build_request(const CardAcceptor& acceptor,
                                            const Operation& operation);

}  // namespace causeway::connectors::card
