// SPDX-License-Identifier: Apache-2.0
//
// From a payment and its rows to what a connector is told, the same way for the first sending and
// for every repeat after a restart.
#pragma once

#include "gateway/payments/payment.h"
#include "gateway/payments/records.h"
#include "gateway/payments/steps.h"

#include <optional>
#include <string>

namespace causeway::gateway {

/// What a new operation is about.
struct NewOperation {
    connectors::OperationKind kind;
    ledger::Money amount;
    std::string subject;
    std::optional<OperationRow> original;
    connectors::ReversalReason reason = connectors::ReversalReason::no_answer;
    /// False: the janitor is to send it, at once. True: the caller sends it now, and the
    /// janitor takes over when the lease has run out.
    bool leased = true;
};

/// Makes an operation durable, with its number and its reference.
[[nodiscard]] Result<OperationRow> open_operation(Records& records,
                                                  const Payment& payment,
                                                  const NewOperation& wanted);

/// What the connector is told. Unseals the card.
[[nodiscard]] Result<Send> make_send(ledger::Transaction& tx,
                                     const Workshop& shop,
                                     const Payment& payment,
                                     const OperationRow& row);

/// The same for who has the operation at hand that `row` is about, as it is stored.
[[nodiscard]] Result<Send> make_send_about(ledger::Transaction& tx,
                                           const Workshop& shop,
                                           const Payment& payment,
                                           const OperationRow& row,
                                           const std::optional<OperationRow>& original);

/// How the provider's statement will name the operation.
[[nodiscard]] Result<connectors::StatementKey> statement_key_of(ledger::Transaction& tx,
                                                                const Workshop& shop,
                                                                const OperationRow& row);

}  // namespace causeway::gateway
