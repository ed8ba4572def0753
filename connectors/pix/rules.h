// SPDX-License-Identifier: Apache-2.0
//
// What the API's rules want of a body beyond its form, asked before it is sent: a provider's
// refusal costs a round trip and says less.
#pragma once

#include "connectors/pix/charge.h"
#include "connectors/pix/messages.h"
#include "connectors/pix/payment.h"
#include "ledger/result.h"

namespace causeway::connectors::pix {

/// Errors, of all: `invalid_argument` that begins with the property, "cobv.valor.desconto".
/// Source: Bacen API Pix 2.9.0.
[[nodiscard]] Result<void> check(const CobRequest& body);
[[nodiscard]] Result<void> check(const CobRevision& body);
[[nodiscard]] Result<void> check(const CobvRequest& body);
[[nodiscard]] Result<void> check(const CobvRevision& body);
[[nodiscard]] Result<void> check(const RefundRequest& body);
[[nodiscard]] Result<void> check(const WebhookRequest& body);

}  // namespace causeway::connectors::pix
