// SPDX-License-Identifier: Apache-2.0
//
// The rows of operations: what was or will be said to providers, and which of it is still open.
// Together they are the store-and-forward log of every connector.
#pragma once

#include "gateway/payments/payment.h"
#include "ledger/store/database.h"

#include <optional>
#include <string>
#include <vector>

namespace causeway::gateway {

/// Errors: `conflict` when the connector's sequence number was used before.
[[nodiscard]] Result<void> insert_operation(ledger::Transaction& tx, const OperationRow& row);
[[nodiscard]] Result<void> update_operation(ledger::Transaction& tx, const OperationRow& row);
/// Errors: `not_found`.
[[nodiscard]] Result<OperationRow> load_operation(ledger::Transaction& tx, const Uuid& id);

/// Open operations whose next try is due, oldest first, `limit` at most.
[[nodiscard]] Result<std::vector<OperationRow>> due_operations(ledger::Transaction& tx,
                                                               Timestamp now,
                                                               int limit);

/// Open operations that an instance has taken up last.
[[nodiscard]] Result<std::vector<OperationRow>> open_operations_of(ledger::Transaction& tx,
                                                                   const Uuid& worker);

/// When the next open operation wants its turn; nothing when none is open.
[[nodiscard]] Result<std::optional<Timestamp>> next_due(ledger::Transaction& tx);

[[nodiscard]] Result<std::int64_t> count_open_operations(ledger::Transaction& tx);

/// The approved authorise or sale of a payment.
///
/// Errors: `not_found`.
[[nodiscard]] Result<OperationRow> authorising_operation(ledger::Transaction& tx,
                                                         const Uuid& payment);

/// Every attempt to charge, oldest first.
[[nodiscard]] Result<std::vector<OperationRow>> charges_of(ledger::Transaction& tx,
                                                           const Uuid& payment);

/// Whose operation bears a reference.
struct OperationName {
    std::string reference;
    Uuid payment;
};

/// Takes and remembers those of them that there are, so that find_by_reference() need not ask for
/// each. Gives back which there are.
[[nodiscard]] Result<std::vector<OperationName>> foresee_operations(
    ledger::Transaction& tx,
    const std::string& connector,
    const std::vector<std::string>& references);

/// The operation that a provider names by our reference; nothing when it is not ours.
[[nodiscard]] Result<std::optional<OperationRow>> find_by_reference(ledger::Transaction& tx,
                                                                    const std::string& connector,
                                                                    const std::string& reference);

/// Reversals of an operation that the janitor still has to send, or to send again.
[[nodiscard]] Result<std::vector<OperationRow>> open_reversals_of(ledger::Transaction& tx,
                                                                  const Uuid& original);

/// Operations whose amount stands in suspense, oldest first.
[[nodiscard]] Result<std::vector<OperationRow>> operations_in_doubt(ledger::Transaction& tx,
                                                                    int limit);
[[nodiscard]] Result<std::int64_t> count_in_doubt(ledger::Transaction& tx);

/// The highest sequence number a connector has used; 0 when it has used none.
[[nodiscard]] Result<std::int64_t> last_sequence(ledger::Transaction& tx,
                                                 const std::string& connector);

}  // namespace causeway::gateway
