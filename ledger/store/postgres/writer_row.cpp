// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/postgres/writer_row.h"

#include <libpq-fe.h>

#include <initializer_list>

namespace causeway::ledger::postgres {
namespace {

void fill(Parameters& parameters, std::initializer_list<Value> values) {
    parameters.clear();
    // Numbers and bytes: there is nothing to refuse.
    for (const Value& value : values)
        (void)parameters.add(value);
}

}  // namespace

Result<void> WriterRow::insert(Connection& connection) {
    fill(parameters_, {id_, batch_});
    connection.send("INSERT INTO store_writers (writer_id, batch) VALUES ($1, $2)",
                    parameters_,
                    Connection::Wanted::yes);
    const Answer answer = connection.finish();
    if (answer.failure) return Error(ErrorCode::storage, answer.failure->detail);
    return {};
}

void WriterRow::remove(Connection& connection) const noexcept {
    Parameters parameters;
    fill(parameters, {id_});
    connection.send(
        "DELETE FROM store_writers WHERE writer_id = $1", parameters, Connection::Wanted::yes);
    (void)connection.finish();
}

// A row that has been moved on gives NULL here, and that is forbidden: the batch fails.
void WriterRow::send_step(Connection& connection) {
    tried_ = ++top_;
    fill(parameters_, {batch_, *tried_, id_});
    connection.send(
        "UPDATE store_writers SET batch = CASE WHEN batch = $1 THEN $2 END WHERE writer_id = $3",
        parameters_,
        Connection::Wanted::no);
}

void WriterRow::stepped() noexcept {
    batch_ = *tried_;
    tried_.reset();
}

WriterRow::Past WriterRow::resolve(Connection& connection) {
    connection.send_command("BEGIN ISOLATION LEVEL READ COMMITTED");
    connection.send_command("SET LOCAL lock_timeout = '5s'");
    fill(parameters_, {id_});
    connection.send("SELECT batch FROM store_writers WHERE writer_id = $1 FOR UPDATE",
                    parameters_,
                    Connection::Wanted::yes);
    const Answer answer = connection.finish();
    if (answer.failure) return Past::unknown;
    if (PQntuples(answer.result.get()) != 1) return Past::impossible;
    const std::int64_t found = ResultRow(answer.result.get(), 0).integer(0);
    if (found == batch_ || (moved_ && found >= *moved_)) return move_on(connection);
    if (found != tried_) return Past::impossible;
    connection.send_command("ROLLBACK");
    if (connection.finish().failure) return Past::unknown;
    stepped();
    moved_.reset();
    return Past::committed;
}

WriterRow::Past WriterRow::move_on(Connection& connection) {
    const std::int64_t next = ++top_;
    if (!moved_) moved_ = next;
    fill(parameters_, {next, id_});
    connection.send("UPDATE store_writers SET batch = $1 WHERE writer_id = $2",
                    parameters_,
                    Connection::Wanted::no);
    connection.send_command("COMMIT");
    if (connection.finish().failure) return Past::unknown;
    batch_ = next;
    tried_.reset();
    moved_.reset();
    return Past::taken_back;
}

}  // namespace causeway::ledger::postgres
