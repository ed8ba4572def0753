// SPDX-License-Identifier: Apache-2.0
//
// What a capture or a refund is worth to the merchant, and everything that is written when the
// provider has confirmed it: the journal entry, the merchant's balance transaction and the
// expectation that the provider's file will say the same.
#pragma once

#include "gateway/payments/payment.h"
#include "gateway/payments/steps.h"

namespace causeway::gateway {

/// Books a confirmed capture and returns its balance transaction. `payment.captured` does not yet
/// include it.
///
/// Errors: `amount_overflow`, and storage errors.
[[nodiscard]] Result<Uuid> book_capture(ledger::Transaction& tx,
                                        const Workshop& shop,
                                        const Payment& payment,
                                        const Capture& capture,
                                        const OperationRow& operation);

/// Books a confirmed refund and returns its balance transaction. `payment.refunded` does not yet
/// include it.
[[nodiscard]] Result<Uuid> book_refund(ledger::Transaction& tx,
                                       const Workshop& shop,
                                       const Payment& payment,
                                       const Refund& refund,
                                       const OperationRow& operation);

/// Puts an operation's amount into suspense, or takes it out again; no effect when it stands so
/// already. Changes `operation.in_doubt`; the caller stores the row.
[[nodiscard]] Result<void> book_doubt(ledger::Transaction& tx,
                                      const Workshop& shop,
                                      const Payment& payment,
                                      OperationRow& operation,
                                      bool in_doubt);

}  // namespace causeway::gateway
