// SPDX-License-Identifier: Apache-2.0
//
// What a capture or a refund is worth to the merchant, and everything that is written when the
// provider has confirmed it: the journal entry, the merchant's balance transaction and the
// expectation that the provider's file will say the same.
#pragma once

#include "gateway/payments/payment.h"
#include "gateway/payments/steps.h"
#include "gateway/reconcile/expectation.h"

namespace causeway::gateway {

/// What was written for one movement of money.
struct Booked {
    Uuid movement;  ///< The balance transaction.
    Uuid entry;     ///< Of the journal.
    Expectation expected;
};

/// Books a confirmed capture. `payment.captured` does not yet include it.
///
/// Errors: `amount_overflow`, and storage errors.
[[nodiscard]] Result<Booked> book_capture(ledger::Transaction& tx,
                                          const Workshop& shop,
                                          const Payment& payment,
                                          const Capture& capture,
                                          const OperationRow& operation);

/// Books what a buyer has paid for an instrument, as far as it is the payment's. Neither a cost nor
/// an expectation: those are the whole receipt's.
[[nodiscard]] Result<Booked> book_collected(ledger::Transaction& tx,
                                            const Workshop& shop,
                                            const Payment& payment,
                                            const Capture& capture,
                                            const OperationRow& operation);

/// Books what a buyer has paid beyond the payment's amount and is the merchant's: fine, interest,
/// excess. Requires a payment that is not converted. `source` is the receipt, "rcp_...".
[[nodiscard]] Result<Booked> book_surcharge(ledger::Transaction& tx,
                                            const Workshop& shop,
                                            const Payment& payment,
                                            const OperationRow& operation,
                                            ledger::Money surcharge,
                                            const std::string& source);

/// Books a confirmed refund. `payment.refunded` does not yet include it.
[[nodiscard]] Result<Booked> book_refund(ledger::Transaction& tx,
                                         const Workshop& shop,
                                         const Payment& payment,
                                         const Refund& refund,
                                         const OperationRow& operation);

/// Books that the provider has taken a disputed amount back, with our fee in the first round, and
/// fixes `dispute.share`. `payment.disputed` does not yet include it.
[[nodiscard]] Result<Booked> book_dispute(ledger::Transaction& tx,
                                          const Workshop& shop,
                                          const Payment& payment,
                                          Dispute& dispute,
                                          const OperationRow& charge);

/// Books that the provider has given a disputed amount back: what book_dispute() took, to the unit.
[[nodiscard]] Result<Booked> book_dispute_won(ledger::Transaction& tx,
                                              const Workshop& shop,
                                              const Payment& payment,
                                              const Dispute& dispute,
                                              const OperationRow& charge);

/// Books that a dispute is over and the money gone; returns the journal entry.
[[nodiscard]] Result<Uuid> book_dispute_over(ledger::Transaction& tx,
                                             const Workshop& shop,
                                             const Payment& payment,
                                             const Dispute& dispute);

/// Puts an operation's amount into suspense, or takes it out again, and returns the entry; nothing
/// when it stands so already. Changes `operation.in_doubt`; the caller stores the row.
[[nodiscard]] Result<std::optional<Uuid>> book_doubt(ledger::Transaction& tx,
                                                     const Workshop& shop,
                                                     const Payment& payment,
                                                     OperationRow& operation,
                                                     bool in_doubt);

}  // namespace causeway::gateway
