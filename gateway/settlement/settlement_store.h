// SPDX-License-Identifier: Apache-2.0
//
// Settlements in the database: which balance transactions are open, and which settlement closed
// the others.
#pragma once

#include "gateway/settlement/settlement.h"
#include "ledger/store/database.h"

#include <optional>
#include <vector>

namespace causeway::gateway {

/// Everybody who has an open balance transaction created before `cutoff`, of one merchant or of
/// all, in order of merchant, mode and currency.
[[nodiscard]] Result<std::vector<SettlementKey>> open_settlement_keys(
    ledger::Transaction& transaction, Timestamp cutoff, const std::optional<Uuid>& merchant_id);

/// The open balance transactions of one key created before `cutoff`, oldest first. Numbers, nets
/// and balances are left to add_up().
[[nodiscard]] Result<std::vector<SettlementLine>> open_settlement_lines(
    ledger::Transaction& transaction, const SettlementKey& key, Timestamp cutoff);

/// The latest settlement of this key, or none.
[[nodiscard]] Result<std::optional<Settlement>> latest_settlement(ledger::Transaction& transaction,
                                                                  const SettlementKey& key);

/// Writes the settlement and claims its lines.
///
/// Errors: `conflict` when a line was settled before; then nothing may stay of it.
[[nodiscard]] Result<void> insert_settlement(ledger::Transaction& transaction,
                                             const SettlementReport& report);

/// Errors: `not_found`.
[[nodiscard]] Result<SettlementReport> load_settlement(ledger::Transaction& transaction,
                                                       const Uuid& settlement_id);

/// One settlement of a merchant at a time, whichever process makes it.
[[nodiscard]] Result<void> lock_merchant(ledger::Transaction& transaction, const Uuid& merchant_id);

[[nodiscard]] Result<bool> merchant_exists(ledger::Transaction& transaction,
                                           const Uuid& merchant_id);

}  // namespace causeway::gateway
