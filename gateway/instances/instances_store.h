// SPDX-License-Identifier: Apache-2.0
//
// The rows of the processes that share one database: who lives, and who works on what.
//
// An instance that is not in the table is dead, whatever it thinks of itself: what it works on may
// be taken over, and its next beat tells it so.
#pragma once

#include "ledger/store/database.h"

#include <cstdint>
#include <map>
#include <set>

namespace causeway::gateway {

/// The beat of each living instance. It grows; nobody compares it with a clock.
using Beats = std::map<Uuid, std::int64_t>;

[[nodiscard]] Result<void> insert_instance(ledger::Transaction& tx, const Uuid& id, Timestamp now);
/// False when the row is gone: others have taken over.
[[nodiscard]] Result<bool> beat_once(ledger::Transaction& tx, const Uuid& id, Timestamp now);
[[nodiscard]] Result<void> remove_instance(ledger::Transaction& tx, const Uuid& id);
/// Removes the instance unless it has moved on from `beat`; whether it did.
[[nodiscard]] Result<bool> remove_silent(ledger::Transaction& tx,
                                         const Uuid& id,
                                         std::int64_t beat);
[[nodiscard]] Result<Beats> living_instances(ledger::Transaction& tx);

/// Those named by an open operation or by a request in flight that do not live.
[[nodiscard]] Result<std::set<Uuid>> dead_workers(ledger::Transaction& tx);

/// Takes an operation that is due, for the instance: the lease is the claim. False when somebody
/// was faster, or when nobody has to act on it any more.
struct OperationClaim {
    Uuid operation;
    std::optional<Uuid> worker;
    Timestamp now;
    Timestamp lease_end;
};
[[nodiscard]] Result<bool> claim_due(ledger::Transaction& tx, const OperationClaim& claim);

/// Gives an operation back: due at `due`, and nobody's.
[[nodiscard]] Result<void> hand_back(ledger::Transaction& tx, const Uuid& operation, Timestamp due);

/// The first of `count` numbers of a connector that nobody else has or gets, and that are higher
/// than all that were used.
[[nodiscard]] Result<std::int64_t> reserve_sequences(ledger::Transaction& tx,
                                                     const std::string& connector,
                                                     std::int64_t count);

}  // namespace causeway::gateway
