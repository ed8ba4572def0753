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

/// When the next open operation wants its turn; nothing when none is open.
[[nodiscard]] Result<std::optional<Timestamp>> next_due(ledger::Transaction& tx);

[[nodiscard]] Result<std::int64_t> count_open_operations(ledger::Transaction& tx);

/// The approved authorise or sale of a payment.
///
/// Errors: `not_found`.
[[nodiscard]] Result<OperationRow> authorising_operation(ledger::Transaction& tx,
                                                         const Uuid& payment);

/// The highest sequence number a connector has used; 0 when it has used none.
[[nodiscard]] Result<std::int64_t> last_sequence(ledger::Transaction& tx,
                                                 const std::string& connector);

}  // namespace causeway::gateway
