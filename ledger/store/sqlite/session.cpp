// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/sqlite/session.h"

#include <stdexcept>

namespace causeway::ledger::sqlite {
namespace {

// Units: pages of the WAL. A checkpoint copies them into the file and syncs it: cheap when nobody
// waits, and due in the end even when somebody does.
constexpr int kCheckpointWhenIdle = 500;
constexpr int kCheckpointAlways = 2000;

}  // namespace

Result<std::int64_t> Snapshot::execute(std::string_view sql, std::initializer_list<Value>) {
    throw std::logic_error("a reader's snapshot can not write: " + std::string(sql.substr(0, 200)));
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

void Session::begin() {
    must("BEGIN IMMEDIATE", "can not begin a transaction");
    redo_.shrink(0);
    savepoints_ = false;
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

void Session::commit() {
    check_transaction();
    must("COMMIT", "can not commit");
}

void Session::rollback() {
    must("ROLLBACK", "can not roll back");
}

void Session::tidy(bool idle) {
    const int pages = connection_.wal_pages();
    if (pages < pages_before_) checkpoint_at_ = 0;  // the WAL began anew
    pages_before_ = pages;
    if (pages < checkpoint_at_ + (idle ? kCheckpointWhenIdle : kCheckpointAlways)) return;
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
    if (outcome.code == 0) {
        if (prepared.writes) {
            body_wrote_ = true;
            if (recording_) redo_.add(prepared.sql, values);
        }
        return outcome.changed;
    }
    if (is_constraint(outcome.code)) return Error(ErrorCode::conflict, connection_.last_error());
    if (is_bug(outcome.code)) throw std::logic_error(connection_.last_error());
    if (prepared.writes) fail_stop_.stop("can not write: " + connection_.last_error());
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
