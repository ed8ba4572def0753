// SPDX-License-Identifier: Apache-2.0
//
// From a message to the fact it may become, and from the decided fact to the answer.
#pragma once

#include "connectors/card/message.h"
#include "connectors/card/sandbox/fact.h"

#include <optional>

namespace causeway::connectors::card::sandbox {

/// What an MTI asks for, as far as this acquirer knows it.
enum class Request {
    network,          ///< 0800
    authorisation,    ///< 0100
    single_message,   ///< 0200, purchase and refund
    stand_in,         ///< 0120
    capture,          ///< 0220
    reversal,         ///< 0400
    reversal_advice,  ///< 0420
    reconciliation,   ///< 0500, 0520
    other,            ///< A request or advice that we do not serve.
};

/// nullopt when no answer is due, as to an answer. A repeat (xxx1) counts as what it repeats.
[[nodiscard]] std::optional<Request> request_of(const Message& message);

/// Whether the sender will repeat it until it is answered, so that it must not be declined.
[[nodiscard]] bool is_advice(const Message& message);

/// xxx1, xxx3 or xxx5.
[[nodiscard]] bool is_repeat(const Message& message);

/// The fact with everything that the message itself says. `response_code` is empty, or the code
/// of what is wrong with the message: 30 format, 13 amount or currency, 14 card number.
[[nodiscard]] Fact read_fact(const Message& message, Request request, Timestamp now);

/// The card number of DE2, or of DE35.
[[nodiscard]] std::string card_number_of(const Message& message);

/// The answer's MTI, what every answer repeats of its request, and DE39.
[[nodiscard]] Message answer_with(const Message& message, const std::string& response_code);

}  // namespace causeway::connectors::card::sandbox
