// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/sqlite/session.h"

#include <stdexcept>

namespace causeway::ledger::sqlite {
namespace {

// A checkpoint copies the WAL into the file and syncs it: cheap when nobody waits, and due in the
// end even when somebody does, after so many times as many pages.
constexpr int kPatience = 4;

// Made anew for every call: a look-up by its text costs little beside the rows.
std::string statement_of(const Rows& rows) {
    std::string sql = "INSERT INTO ";
    sql += rows.table;
    std::string values;
    for (std::size_t i = 0; i < rows.columns.size(); ++i) {
        sql += i == 0 ? " (" : ", ";
        sql += rows.columns[i].name;
        values += (i == 0 ? "$" : ", $") + std::to_string(i + 1);
    }
    sql += ") VALUES (" + values + ") ";
    return sql += rows.tail;
}

void check_width(const Rows& rows) {
    const std::size_t width = rows.columns.size();
    if (width == 0 || rows.values.size() % width != 0) {
        throw std::logic_error("values that fill no whole rows of " + std::string(rows.table));
    }
}

// Hands each row to `write` until one answers with an error.
Result<void> for_each_row(const Rows& rows,
                          const std::function<Result<void>(std::span<const Value>)>& write) {
    check_width(rows);
    const std::size_t width = rows.columns.size();
    for (std::size_t at = 0; at < rows.values.size(); at += width) {
        Result<void> written = write(rows.values.subspan(at, width));
        if (!written) return written;
    }
    return {};
}

}  // namespace

Result<std::int64_t> Snapshot::execute(std::string_view sql, std::initializer_list<Value>) {
    throw std::logic_error("a reader's snapshot can not write: " + std::string(sql.substr(0, 200)));
}

Result<void> Snapshot::defer(std::string_view sql, std::initializer_list<Value> values) {
    return execute(sql, values).error();
}

Result<void> Snapshot::insert_rows(const Rows& rows) {
    return execute(rows.table, {}).error();
}

Result<void> Snapshot::query(std::string_view sql,
                             std::initializer_list<Value> values,
                             const std::function<void(const Row&)>& each) {
    const Lease prepared(connection_, sql);
    if (prepared->writes) throw std::logic_error("a reader's snapshot can not write");
    const Result<void> bound = connection_.bind(*prepared, values);
    if (!bound) return bound.error();
    const Outcome outcome = connection_.step(*prepared, &each);
    if (outcome.code == 0) return {};
    return Error(ErrorCode::storage, connection_.last_error());
}

Result<std::int64_t> Upgrade::execute(std::string_view sql, std::initializer_list<Value> values) {
    return run(sql, values, nullptr);
}

Result<void> Upgrade::query(std::string_view sql,
                            std::initializer_list<Value> values,
                            const std::function<void(const Row&)>& each) {
    const Result<std::int64_t> done = run(sql, values, &each);
    return done ? Result<void>() : Result<void>(done.error());
}

Result<void> Upgrade::defer(std::string_view sql, std::initializer_list<Value> values) {
    const Result<std::int64_t> done = run(sql, values, nullptr);
    return done ? Result<void>() : Result<void>(done.error());
}

Result<void> Upgrade::insert_rows(const Rows& rows) {
    const Lease prepared(connection_, statement_of(rows));
    return for_each_row(rows, [&](std::span<const Value> row) -> Result<void> {
        Result<void> bound = connection_.bind(*prepared, row);
        if (!bound) return bound;
        const int code = connection_.step_row(*prepared);
        return code == 0 ? Result<void>() : Result<void>(failed(code));
    });
}

Result<std::int64_t> Upgrade::run(std::string_view sql,
                                  std::initializer_list<Value> values,
                                  const std::function<void(const Row&)>* each) {
    const Lease prepared(connection_, sql);
    const Result<void> bound = connection_.bind(*prepared, values);
    if (!bound) return bound.error();
    const Outcome outcome = connection_.step(*prepared, each);
    if (outcome.code == 0) return outcome.changed;
    return failed(outcome.code);
}

Error Upgrade::failed(int code) const {
    if (is_bug(code)) throw std::logic_error(connection_.last_error());
    return Error(is_constraint(code) ? ErrorCode::conflict : ErrorCode::storage,
                 connection_.last_error());
}

void Session::begin() {
    must("BEGIN IMMEDIATE", "can not begin a transaction");
    redo_.shrink(0);
    body_start_ = 0;
    savepoints_ = false;
    recording_ = true;  // for what the participants write before the first body
}

void Session::begin_body(bool last) {
    body_start_ = redo_.size();
    body_wrote_ = false;
    recording_ = !last && !savepoints_;
    if (savepoints_) must("SAVEPOINT body", "can not begin a body");
}

void Session::keep_body() {
    check_transaction();
    if (savepoints_) must("RELEASE body", "can not keep a body");
}

void Session::undo_body() {
    check_transaction();
    if (savepoints_) {
        must("ROLLBACK TO body; RELEASE body", "can not undo a body");
    } else if (body_wrote_) {
        redo_.shrink(body_start_);
        run_again();
        savepoints_ = true;
    }
}

void Session::run_again() {
    must("ROLLBACK; BEGIN IMMEDIATE", "can not undo a body");
    for (std::size_t i = 0; i < redo_.size(); ++i) {
        const Lease prepared(connection_, redo_.sql(i));
        const Result<void> bound = connection_.bind(*prepared, redo_.values(i));
        if (!bound || connection_.step(*prepared, nullptr).code != 0) {
            fail_stop_.stop("can not write again what stood before a failed body: " +
                            connection_.last_error());
        }
    }
}

void Session::bodies_over() {
    recording_ = false;
}

bool Session::commit() {
    check_transaction();
    must("COMMIT", "can not commit");
    return true;
}

void Session::rollback() {
    must("ROLLBACK", "can not roll back");
}

void Session::tidy(bool idle) {
    const int pages = connection_.wal_pages();
    if (pages < pages_before_) checkpoint_at_ = 0;  // the WAL began anew
    pages_before_ = pages;
    if (pages < checkpoint_at_ + checkpoint_pages_ * (idle ? 1 : kPatience)) return;
    // A reader may keep pages from being copied; the next try waits for as many more.
    checkpoint_at_ = pages;
    const Result<void> done = connection_.checkpoint();
    if (!done) fail_stop_.stop("can not checkpoint: " + done.error().detail());
}

Result<std::int64_t> Session::execute(std::string_view sql, std::initializer_list<Value> values) {
    const Lease prepared(connection_, sql);
    return run(*prepared, values, nullptr);
}

Result<void> Session::query(std::string_view sql,
                            std::initializer_list<Value> values,
                            const std::function<void(const Row&)>& each) {
    const Lease prepared(connection_, sql);
    const Result<std::int64_t> done = run(*prepared, values, &each);
    if (!done) return done.error();
    return {};
}

Result<std::int64_t> Session::run(Prepared& prepared,
                                  std::span<const Value> values,
                                  const std::function<void(const Row&)>* each) {
    const Result<void> bound = connection_.bind(prepared, values);
    if (!bound) return bound.error();
    const Outcome outcome = connection_.step(prepared, each);
    if (outcome.code != 0) return failed(outcome.code, prepared.writes);
    if (prepared.writes) {
        body_wrote_ = true;
        if (recording_) redo_.add(prepared.sql, values);
    }
    return outcome.changed;
}

Result<void> Session::defer(std::string_view sql, std::initializer_list<Value> values) {
    const Result<std::int64_t> done = execute(sql, values);
    return done ? Result<void>() : Result<void>(done.error());
}

Result<void> Session::insert_rows(const Rows& rows) {
    if (!rows.values.empty()) body_wrote_ = true;  // the first row may be there when the next fails
    if (rows.tail.empty() && !recording_ && rows.columns.size() <= RowSource::kColumnsMax) {
        check_width(rows);
        const Result<int> code = connection_.insert(rows);
        if (!code) return code.error();
        return *code == 0 ? Result<void>() : Result<void>(failed(*code, true));
    }
    const Lease prepared(connection_, statement_of(rows));
    return for_each_row(rows, [&](std::span<const Value> row) -> Result<void> {
        Result<void> bound = connection_.bind(*prepared, row);
        if (!bound) return bound;
        const int code = connection_.step_row(*prepared);
        if (code != 0) return failed(code, true);
        if (recording_) redo_.add(prepared->sql, row);
        return {};
    });
}

Error Session::failed(int code, bool wrote) {
    if (is_constraint(code)) return Error(ErrorCode::conflict, connection_.last_error());
    if (is_bug(code)) throw std::logic_error(connection_.last_error());
    if (wrote) fail_stop_.stop("can not write: " + connection_.last_error());
    return Error(ErrorCode::storage, connection_.last_error());
}

void Session::must(const char* sql, const char* what) {
    const Result<void> done = connection_.run(sql);
    if (!done) fail_stop_.stop(std::string(what) + ": " + done.error().detail());
}

// Some errors end the transaction behind our back, and the next statement would commit alone.
void Session::check_transaction() {
    if (!connection_.in_transaction()) {
        fail_stop_.stop("a failed statement ended the transaction: " + connection_.last_error());
    }
}

}  // namespace causeway::ledger::sqlite
