// SPDX-License-Identifier: Apache-2.0
#include "gateway/instances/instances_store.h"

#include "gateway/payments/operations_store.h"
#include "ledger/store/row_memory.h"

namespace causeway::gateway {
namespace {

using ledger::Row;
using ledger::Transaction;

Result<void> add_workers(Transaction& tx, std::string_view sql, std::set<Uuid>& workers) {
    return tx.query(sql, {}, [&workers](const Row& row) { workers.insert(row.uuid(0)); });
}

// The end of a new range, if the connector has a row.
Result<std::optional<std::int64_t>> push_end(Transaction& tx,
                                             const std::string& connector,
                                             std::int64_t count) {
    std::optional<std::int64_t> end;
    const Result<void> moved = tx.query(
        "UPDATE operation_sequences SET next_sequence = next_sequence + $1 WHERE connector = $2 "
        "RETURNING next_sequence",
        {count, connector},
        [&end](const Row& row) { end = row.integer(0); });
    if (!moved) return moved.error();
    return end;
}

}  // namespace

Result<void> insert_instance(Transaction& tx, const Uuid& id, Timestamp now) {
    const Result<std::int64_t> done = tx.execute(
        "INSERT INTO gateway_instances (instance_id, beat, started_us, heartbeat_us) "
        "VALUES ($1, 1, $2, $3)",
        {id, now, now});
    if (!done) return done.error();
    return {};
}

Result<bool> beat_once(Transaction& tx, const Uuid& id, Timestamp now) {
    const Result<std::int64_t> changed = tx.execute(
        "UPDATE gateway_instances SET beat = beat + 1, heartbeat_us = $1 WHERE instance_id = $2",
        {now, id});
    if (!changed) return changed.error();
    return *changed == 1;
}

Result<void> remove_instance(Transaction& tx, const Uuid& id) {
    const Result<std::int64_t> changed =
        tx.execute("DELETE FROM gateway_instances WHERE instance_id = $1", {id});
    if (!changed) return changed.error();
    return {};
}

Result<bool> remove_silent(Transaction& tx, const Uuid& id, std::int64_t beat) {
    const Result<std::int64_t> changed = tx.execute(
        "DELETE FROM gateway_instances WHERE instance_id = $1 AND beat = $2", {id, beat});
    if (!changed) return changed.error();
    return *changed == 1;
}

Result<Beats> living_instances(Transaction& tx) {
    Beats beats;
    const Result<void> read =
        tx.query("SELECT instance_id, beat FROM gateway_instances", {}, [&beats](const Row& row) {
            beats.emplace(row.uuid(0), row.integer(1));
        });
    if (!read) return read.error();
    return beats;
}

Result<std::set<Uuid>> dead_workers(Transaction& tx) {
    std::set<Uuid> workers;
    // Before the living: who works on something has joined before.
    const Result<void> operations =
        add_workers(tx,
                    "SELECT DISTINCT worker FROM operations WHERE next_try_us IS NOT NULL AND "
                    "worker IS NOT NULL",
                    workers);
    if (!operations) return operations.error();
    const Result<void> requests =
        add_workers(tx,
                    // The first condition is the index's own.
                    "SELECT DISTINCT worker FROM idempotency_keys WHERE state <> 'done' AND "
                    "state = 'in_flight' AND worker IS NOT NULL",
                    workers);
    if (!requests) return requests.error();
    const Result<Beats> living = living_instances(tx);
    if (!living) return living.error();
    for (const auto& [id, beat] : *living)
        workers.erase(id);
    return workers;
}

Result<bool> claim_due(Transaction& tx, const OperationClaim& claim) {
    const Result<std::int64_t> changed = tx.execute(
        "UPDATE operations SET worker = $1, next_try_us = $2 WHERE operation_id = $3 AND "
        "next_try_us <= $4",
        {claim.worker, claim.lease_end, claim.operation, claim.now});
    if (!changed) return changed.error();
    ledger::forget<OperationRow>(tx, claim.operation);
    return *changed == 1;
}

Result<void> hand_back(Transaction& tx, const Uuid& operation, Timestamp due) {
    const Result<std::int64_t> changed = tx.execute(
        "UPDATE operations SET worker = NULL, next_try_us = $1 WHERE operation_id = $2 AND "
        "next_try_us IS NOT NULL",
        {due, operation});
    if (!changed) return changed.error();
    ledger::forget<OperationRow>(tx, operation);
    return {};
}

Result<std::int64_t> reserve_sequences(Transaction& tx,
                                       const std::string& connector,
                                       std::int64_t count) {
    Result<std::optional<std::int64_t>> end = push_end(tx, connector, count);
    if (!end) return end.error();
    if (!*end) {
        const Result<std::int64_t> made =
            tx.execute("INSERT INTO operation_sequences (connector, next_sequence) VALUES ($1, 1)",
                       {connector});
        // Another process may have been faster.
        if (!made && made.error().code() != ErrorCode::conflict) return made.error();
        end = push_end(tx, connector, count);
        if (!end) return end.error();
        if (!*end) return Error(ErrorCode::integrity, "no numbers for " + connector);
    }
    // The row may be younger than the operations, and a copy of the books older.
    const Result<std::int64_t> last = last_sequence(tx, connector);
    if (!last) return last.error();
    const std::int64_t first = **end - count;
    if (*last < first) return first;
    const Result<std::int64_t> moved =
        tx.execute("UPDATE operation_sequences SET next_sequence = $1 WHERE connector = $2",
                   {*last + 1 + count, connector});
    if (!moved) return moved.error();
    return *last + 1;
}

}  // namespace causeway::gateway
