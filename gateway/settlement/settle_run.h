// SPDX-License-Identifier: Apache-2.0
//
// Closing one settlement: the unit of work that a CommitQueue body does whole or not at all. What
// is settled already is not open, so a second run of the same order closes nothing.
#pragma once

#include "gateway/settlement/settlement.h"
#include "ledger/journal/journal.h"
#include "ledger/store/database.h"

#include <optional>

namespace causeway::gateway {

struct SettleOrder {
    SettlementKey key;
    Timestamp cutoff;    ///< Closes what was created before this moment.
    Uuid settlement_id;  ///< Of the settlement that may come of it.
    Uuid entry_id;       ///< Of its journal entry.
    Timestamp now;
};

/// What closing would give, without writing anything; none when nothing is open.
///
/// Errors: `amount_overflow`, `integrity`, `storage`.
[[nodiscard]] Result<std::optional<SettlementReport>> prepare_settlement(
    ledger::Transaction& transaction, const SettleOrder& order);

/// Closes it: the settlement's row, its number on every line, and the journal entry that moves
/// the net from pending to available (none when the net is zero).
///
/// Errors: as prepare_settlement() and Journal::post().
/// Threads: inside a CommitQueue body only.
[[nodiscard]] Result<std::optional<SettlementReport>> close_settlement(
    ledger::Transaction& transaction, ledger::Journal& journal, const SettleOrder& order);

}  // namespace causeway::gateway
