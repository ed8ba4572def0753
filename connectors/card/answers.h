// SPDX-License-Identifier: Apache-2.0
//
// What the host's answer means for an operation. Pure.
#pragma once

#include "connectors/card/message.h"
#include "connectors/connector.h"
#include "ledger/result.h"

#include <string_view>

namespace causeway::connectors::card {

/// Our word for a response code (DE39) that is no approval; `provider_error` for one that we do
/// not know. 65 asks for strong authentication at Mastercard and is a count limit elsewhere.
///
/// Source: ISO 8583:1987 annex A; 1A and Mastercard's 65 as acquirers document them.
[[nodiscard]] Decline decline_of(std::string_view response_code, bool is_mastercard) noexcept;

/// Reads an answer that was matched to the operation's request.
///
/// Errors: `outcome_unknown` when the host itself does not know (68), or says nothing that can be
/// understood.
[[nodiscard]] Result<Answer> read_answer(const Operation& operation, const Message& answer);

}  // namespace causeway::connectors::card
