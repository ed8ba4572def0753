// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/operations_store.h"

#include "gateway/payments/operator_store.h"
#include "ledger/store/row_memory.h"
#include "ledger/store/sixteens.h"

#include <set>

namespace causeway::gateway {
namespace {

using ledger::Row;
using ledger::Transaction;

#define CAUSEWAY_OPERATION_COLUMNS                                                          \
    "operation_id, payment_id, subject, kind, connector, sequence, reference, amount, "     \
    "currency, original_id, reason, state, response_code, approval_code, in_doubt, tries, " \
    "next_try_us, created_us, answered_us, worker"

OperationRow read_operation(const Row& row) {
    OperationRow operation{
        .amount = ledger::Money(row.integer(7), *ledger::Currency::from_code(row.text(8)))};
    operation.id = row.uuid(0);
    operation.payment = row.uuid(1);
    operation.subject = row.text(2);
    operation.kind = *connectors::parse_operation_kind(row.text(3));
    operation.connector = row.text(4);
    operation.sequence = row.integer(5);
    operation.reference = row.text(6);
    operation.original = row.maybe_uuid(9);
    operation.reason = *parse_reversal_reason(row.text(10));
    operation.state = State<AttemptMachine>::stored(*parse_operation_state(row.text(11)));
    operation.response_code = row.text(12);
    operation.approval_code = row.text(13);
    operation.in_doubt = row.integer(14) != 0;
    operation.tries = static_cast<int>(row.integer(15));
    operation.next_try = row.maybe_moment(16);
    operation.created_at = row.moment(17);
    operation.answered_at = row.maybe_moment(18);
    operation.worker = row.maybe_uuid(19);
    return operation;
}

Result<OperationRow> one_operation(Transaction& tx, std::string_view sql, const Uuid& id) {
    std::optional<OperationRow> found;
    const Result<void> read =
        tx.query(sql, {id}, [&found](const Row& row) { found = read_operation(row); });
    if (!read) return read.error();
    if (!found) return Error(ErrorCode::not_found, "operation of " + to_text(id));
    return *std::move(found);
}

// A reference is borne by one operation of a connector, for good.
struct OperationOfReference {
    Uuid id;
};

// A status that moved is stored by Records alone, which writes what the move tells.
Error untold() {
    return Error(ErrorCode::integrity, "a move was to be stored without being told");
}

}  // namespace

Result<void> insert_operation(Transaction& tx, const OperationRow& o) {
    if (!o.state.taken().empty()) return untold();
    Result<void> inserted =
        tx.defer("INSERT INTO operations (" CAUSEWAY_OPERATION_COLUMNS
                 ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, "
                 "$16, $17, $18, $19, $20)",
                 {o.id,
                  o.payment,
                  o.subject,
                  connectors::to_string(o.kind),
                  o.connector,
                  o.sequence,
                  o.reference,
                  o.amount.minor_units(),
                  o.amount.currency().code(),
                  o.original,
                  to_string(o.reason),
                  to_string(o.state.get()),
                  o.response_code,
                  o.approval_code,
                  o.in_doubt,
                  o.tries,
                  o.next_try,
                  o.created_at,
                  o.answered_at,
                  o.worker});
    if (inserted) ledger::remember(tx, o.id, o);
    return inserted;
}

Result<void> update_operation(Transaction& tx, const OperationRow& o) {
    if (!o.state.taken().empty()) return untold();
    constexpr std::string_view kUpdate =
        "UPDATE operations SET state = $1, response_code = $2, approval_code = $3, "
        "in_doubt = $4, tries = $5, next_try_us = $6, answered_us = $7 WHERE operation_id = $8";
    Result<void> changed = ledger::change_row<OperationRow>(tx,
                                                            o.id,
                                                            kUpdate,
                                                            {to_string(o.state.get()),
                                                             o.response_code,
                                                             o.approval_code,
                                                             o.in_doubt,
                                                             o.tries,
                                                             o.next_try,
                                                             o.answered_at,
                                                             o.id});
    if (!changed) return changed;
    ledger::remember(tx, o.id, o);
    return {};
}

Result<OperationRow> load_operation(Transaction& tx, const Uuid& id) {
    if (const auto* const known = ledger::recall<OperationRow>(tx, id)) return *known;
    Result<OperationRow> found = one_operation(
        tx,
        "SELECT " CAUSEWAY_OPERATION_COLUMNS " FROM operations WHERE operation_id = $1 /*locked*/",
        id);
    if (found) ledger::remember(tx, id, *found);
    return found;
}

Result<std::vector<OperationRow>> due_operations(Transaction& tx, Timestamp now, int limit) {
    std::vector<OperationRow> due;
    const Result<void> read =
        tx.query("SELECT " CAUSEWAY_OPERATION_COLUMNS
                 " FROM operations WHERE next_try_us IS NOT NULL AND next_try_us <= $1 "
                 "ORDER BY next_try_us, operation_id LIMIT $2 /*locked*/",
                 {now, limit},
                 [&due](const Row& row) { due.push_back(read_operation(row)); });
    if (!read) return read.error();
    return due;
}

Result<std::vector<OperationRow>> open_operations_of(Transaction& tx, const Uuid& worker) {
    std::vector<OperationRow> open;
    const Result<void> read =
        tx.query("SELECT " CAUSEWAY_OPERATION_COLUMNS
                 " FROM operations WHERE next_try_us IS NOT NULL AND worker = $1 "
                 "ORDER BY operation_id /*locked*/",
                 {worker},
                 [&open](const Row& row) { open.push_back(read_operation(row)); });
    if (!read) return read.error();
    return open;
}

Result<std::optional<Timestamp>> next_due(Transaction& tx) {
    std::optional<Timestamp> next;
    const Result<void> read = tx.query(
        "SELECT next_try_us FROM operations WHERE next_try_us IS NOT NULL "
        "ORDER BY next_try_us LIMIT 1",
        {},
        [&next](const Row& row) { next = row.moment(0); });
    if (!read) return read.error();
    return next;
}

Result<std::int64_t> count_open_operations(Transaction& tx) {
    std::int64_t count = 0;
    const Result<void> read =
        tx.query("SELECT COUNT(*) FROM operations WHERE next_try_us IS NOT NULL",
                 {},
                 [&count](const Row& row) { count = row.integer(0); });
    if (!read) return read.error();
    return count;
}

Result<OperationRow> authorising_operation(Transaction& tx, const Uuid& payment) {
    return one_operation(tx,
                         "SELECT " CAUSEWAY_OPERATION_COLUMNS
                         " FROM operations WHERE payment_id = $1 AND state = 'approved' AND "
                         "kind IN ('authorise', 'sale', 'collect') "
                         "ORDER BY operation_id DESC LIMIT 1",
                         payment);
}

Result<std::vector<OperationRow>> charges_of(Transaction& tx, const Uuid& payment) {
    std::vector<OperationRow> charges;
    const Result<void> read =
        tx.query("SELECT " CAUSEWAY_OPERATION_COLUMNS
                 " FROM operations WHERE payment_id = $1 AND "
                 "kind IN ('authorise', 'sale', 'collect') ORDER BY operation_id",
                 {payment},
                 [&charges](const Row& row) { charges.push_back(read_operation(row)); });
    if (!read) return read.error();
    return charges;
}

Result<std::vector<OperationRow>> operations_of_payment(Transaction& tx, const Uuid& payment) {
    std::vector<OperationRow> all;
    const Result<void> read =
        tx.query("SELECT " CAUSEWAY_OPERATION_COLUMNS
                 " FROM operations WHERE payment_id = $1 ORDER BY operation_id",
                 {payment},
                 [&all](const Row& row) { all.push_back(read_operation(row)); });
    if (!read) return read.error();
    return all;
}

Result<std::vector<OperationName>> foresee_operations(Transaction& tx,
                                                      const std::string& connector,
                                                      const std::vector<std::string>& references) {
    static const std::string select = ledger::sixteen_times(
        "SELECT operation_id FROM operations WHERE connector = $1 AND reference = ");
    std::set<Uuid> ids;
    Result<void> read = ledger::by_sixteens(references, [&](const auto&... each) {
        return tx.query(
            select, {connector, each...}, [&ids](const Row& row) { ids.insert(row.uuid(0)); });
    });
    if (!read) return read.error();
    std::vector<OperationName> names;
    read = ledger::by_sixteens(std::vector(ids.begin(), ids.end()), [&](const auto&... each) {
        return tx.query("SELECT " CAUSEWAY_OPERATION_COLUMNS
                        " FROM operations WHERE operation_id IN (" CAUSEWAY_SIXTEEN
                        ") ORDER BY operation_id /*locked*/",
                        {each...},
                        [&](const Row& row) {
                            const OperationRow operation = read_operation(row);
                            names.push_back({operation.reference, operation.payment});
                            ledger::remember(tx, operation.id, operation);
                            ledger::remember(tx,
                                             ledger::name_key(connector, operation.reference),
                                             OperationOfReference{operation.id});
                        });
    });
    if (!read) return read.error();
    return names;
}

Result<std::optional<OperationRow>> find_by_reference(Transaction& tx,
                                                      const std::string& connector,
                                                      const std::string& reference) {
    const auto* const named =
        ledger::recall<OperationOfReference>(tx, ledger::name_key(connector, reference));
    const auto* const known =
        named == nullptr ? nullptr : ledger::recall<OperationRow>(tx, named->id);
    if (known != nullptr && known->reference == reference) return std::optional(*known);
    std::optional<OperationRow> found;
    const Result<void> read = tx.query("SELECT " CAUSEWAY_OPERATION_COLUMNS
                                       " FROM operations WHERE connector = $1 AND reference = $2 "
                                       "ORDER BY operation_id LIMIT 1 /*locked*/",
                                       {connector, reference},
                                       [&](const Row& row) { found = read_operation(row); });
    if (!read) return read.error();
    return found;
}

Result<std::vector<OperationRow>> open_reversals_of(Transaction& tx, const Uuid& original) {
    std::vector<OperationRow> open;
    const Result<void> read = tx.query(
        "SELECT " CAUSEWAY_OPERATION_COLUMNS
        " FROM operations WHERE payment_id = (SELECT payment_id FROM operations WHERE "
        "operation_id = $1) AND original_id = $1 AND kind = 'reverse' AND next_try_us IS NOT NULL "
        "/*locked*/",
        {original},
        [&open](const Row& row) { open.push_back(read_operation(row)); });
    if (!read) return read.error();
    return open;
}

Result<std::vector<OperationRow>> operations_in_doubt(Transaction& tx, int limit) {
    return operations_in_doubt_after(tx, limit, Uuid{});
}

Result<std::vector<OperationRow>> operations_in_doubt_after(Transaction& tx,
                                                            int limit,
                                                            const Uuid& after) {
    std::vector<OperationRow> doubtful;
    const Result<void> read =
        tx.query("SELECT " CAUSEWAY_OPERATION_COLUMNS
                 " FROM operations WHERE in_doubt = 1 AND operation_id > $1 "
                 "ORDER BY operation_id LIMIT $2",
                 {after, limit},
                 [&doubtful](const Row& row) { doubtful.push_back(read_operation(row)); });
    if (!read) return read.error();
    return doubtful;
}

Result<std::vector<OperationRow>> doubtful_of_merchant(Transaction& tx,
                                                       const Uuid& merchant,
                                                       int limit,
                                                       const Uuid& after) {
    std::vector<OperationRow> doubtful;
    const Result<void> read =
        tx.query("SELECT " CAUSEWAY_OPERATION_COLUMNS
                 " FROM operations WHERE in_doubt = 1 AND EXISTS (SELECT 1 FROM payments p WHERE "
                 "p.payment_id = operations.payment_id AND p.merchant_id = $1) "
                 "AND operation_id > $2 ORDER BY operation_id LIMIT $3",
                 {merchant, after, limit},
                 [&doubtful](const Row& row) { doubtful.push_back(read_operation(row)); });
    if (!read) return read.error();
    return doubtful;
}

Result<std::int64_t> count_in_doubt(Transaction& tx) {
    std::int64_t count = 0;
    const Result<void> read = tx.query("SELECT COUNT(*) FROM operations WHERE in_doubt = 1",
                                       {},
                                       [&count](const Row& row) { count = row.integer(0); });
    if (!read) return read.error();
    return count;
}

Result<std::int64_t> last_sequence(Transaction& tx, const std::string& connector) {
    std::int64_t last = 0;
    const Result<void> read = tx.query(
        "SELECT sequence FROM operations WHERE connector = $1 "
        "ORDER BY sequence DESC LIMIT 1",
        {connector},
        [&last](const Row& row) { last = row.integer(0); });
    if (!read) return read.error();
    return last;
}

}  // namespace causeway::gateway
