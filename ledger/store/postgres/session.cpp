// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/postgres/session.h"

#include "ledger/store/statement.h"

#include <libpq-fe.h>

#include <stdexcept>
#include <utility>

namespace causeway::ledger::postgres {
namespace {

using Wanted = Connection::Wanted;

constexpr const char* kSetUp =
    "SELECT set_config('synchronous_commit', 'on', false)"
    " WHERE current_setting('synchronous_commit') = 'off';"
    "SET idle_in_transaction_session_timeout = '30s'";

ErrorCode code_of(Fate fate) {
    if (fate == Fate::conflict) return ErrorCode::conflict;
    return fate == Fate::unstorable ? ErrorCode::invalid_argument : ErrorCode::storage;
}

}  // namespace

Result<std::unique_ptr<Connection>> open_writer(const Target& target) {
    Result<std::unique_ptr<Connection>> opened = Connection::open(target, true);
    if (!opened) return opened;
    const std::optional<Failure> failure = (*opened)->run(kSetUp);
    if (!failure) return opened;
    const bool away = failure->fate == Fate::lost || failure->fate == Fate::again;
    return Error(away ? ErrorCode::unavailable : ErrorCode::storage,
                 target.name + ": " + failure->detail);
}

Session::Session(const Target& target,
                 std::unique_ptr<Connection> connection,
                 WriterRow row,
                 const FailStop& fail_stop,
                 Patience& patience)
    : target_(target),
      connection_(std::move(connection)),
      row_(std::move(row)),
      fail_stop_(fail_stop),
      patience_(patience) {}

Session::~Session() {
    if (connection_) row_.remove(*connection_);
}

void Session::begin() {
    if (std::exchange(wait_next_, false)) wait_or_stop();
    // Nothing was asked to commit, so this can only say that nothing was.
    if (!connection_) (void)settle();
    careful_ = careful_next_;
    in_body_ = false;
    body_wrote_ = false;
    connection_->send_command("BEGIN ISOLATION LEVEL READ COMMITTED");
}

void Session::begin_body(bool) {
    in_body_ = true;
    body_wrote_ = false;
    if (careful_ && !doomed_) connection_->send_command("SAVEPOINT body");
}

void Session::keep_body() {
    in_body_ = false;
    if (careful_) connection_->send_command("RELEASE SAVEPOINT body");
}

void Session::undo_body() {
    in_body_ = false;
    if (careful_) {
        connection_->send_command("ROLLBACK TO SAVEPOINT body");
        connection_->send_command("RELEASE SAVEPOINT body");
    } else if (body_wrote_) {
        careful_next_ = true;
        doom("a body failed after it had written");
    }
}

void Session::bodies_over() {
    in_body_ = false;
}

bool Session::commit() {
    row_.send_step(*connection_);
    (void)connection_->take_warning();
    connection_->send_command("COMMIT", Wanted::yes);
    const Answer answer = connection_->finish();
    if (!answer.failure) return acknowledged(answer);
    if (answer.failure->fate != Fate::lost) {
        row_.taken_back();
        (void)failed(answer, false);
        return false;
    }
    connection_.reset();
    why_ = answer.failure->detail;
    if (settle()) {
        finished();
        return true;
    }
    doomed_ = true;
    return false;
}

bool Session::acknowledged(const Answer& answer) {
    const std::string_view tag = PQcmdStatus(answer.result.get());
    if (tag != "COMMIT") {  // a transaction that had failed is rolled back, and that is no error
        row_.taken_back();
        wait_next_ = true;
        doom("the server did not commit");
        return false;
    }
    const std::string warning = connection_->take_warning();
    if (!warning.empty()) {
        fail_stop_.stop(target_.name +
                        " has committed, but perhaps not where it should: " + warning);
    }
    row_.stepped();
    finished();
    return true;
}

void Session::rollback() {
    // Behind a failure all is skipped that is sent before the answers are read.
    if (connection_ && connection_->in_flight()) {
        const Answer rest = connection_->finish();
        if (rest.failure && rest.failure->fate == Fate::lost) connection_.reset();
    }
    if (connection_) {
        connection_->send_command("ROLLBACK");
        if (connection_->finish().failure) connection_.reset();
    }
    if (!std::exchange(doomed_, false)) finished();
}

void Session::finished() {
    careful_next_ = false;
    wait_next_ = false;
    patience_.forget();
}

void Session::tidy(bool) {}

Result<std::int64_t> Session::execute(std::string_view sql, std::initializer_list<Value> values) {
    const Result<void> filled = fill(values);
    if (!filled) return filled.error();
    const Result<Answer> answer = run(sql);
    if (!answer) return answer.error();
    return answer->changed();
}

Result<void> Session::query(std::string_view sql,
                            std::initializer_list<Value> values,
                            const std::function<void(const Row&)>& each) {
    Result<void> filled = fill(values);
    if (!filled) return filled;
    const Result<Answer> answer = run(sql);
    if (!answer) return answer.error();
    // The rows are ours now, and `each` may use the connection.
    const int count = PQntuples(answer->result.get());
    for (int row = 0; row < count; ++row)
        each(ResultRow(answer->result.get(), row));
    return {};
}

Result<void> Session::defer(std::string_view sql, std::initializer_list<Value> values) {
    Result<void> filled = fill(values);
    if (!filled) return filled;
    return run_later(sql);
}

Result<void> Session::insert_rows(const Rows& rows) {
    if (doomed_) return doomed_already();
    parameters_.clear();
    Result<void> filled = parameters_.add_columns(rows);
    if (!filled || rows.values.empty()) return filled;
    return run_later(statement_of(rows));
}

Result<void> Session::fill(std::initializer_list<Value> values) {
    if (doomed_) return doomed_already();
    parameters_.clear();
    for (const Value& value : values) {
        Result<void> added = parameters_.add(value);
        if (!added) return added;
    }
    return {};
}

Result<Answer> Session::run(std::string_view sql) {
    const bool reads = only_reads(sql);
    if (!reads) body_wrote_ = true;
    if (careful_) connection_->send_command("SAVEPOINT statement");
    connection_->send(sql, parameters_, Wanted::yes);
    if (careful_) connection_->send_command("RELEASE SAVEPOINT statement");
    Answer answer = connection_->finish();
    if (!answer.failure) return answer;
    return failed(answer, reads);
}

Result<void> Session::run_later(std::string_view sql) {
    if (careful_) {
        const Result<Answer> answer = run(sql);
        return answer ? Result<void>() : Result<void>(answer.error());
    }
    body_wrote_ = true;
    connection_->send(sql, parameters_, Wanted::no);
    return {};
}

Error Session::failed(const Answer& answer, bool reads) {
    const Failure& why = *answer.failure;
    switch (why.fate) {
        case Fate::lost:
            connection_.reset();
            wait_next_ = true;
            return doom(why.detail);
        case Fate::again: wait_next_ = true; return doom(why.detail);
        case Fate::bug: throw std::logic_error(why.detail);
        case Fate::broken:
            if (!reads) fail_stop_.stop(target_.name + " can not write: " + why.detail);
            break;
        case Fate::conflict:
        case Fate::unstorable: break;
    }
    if (careful_ && in_body_ && answer.wanted_failed) return refused(answer);
    // Whose fault it is shows when each is asked for itself; whose it was already can only be
    // another process's, which came between.
    wait_next_ = careful_;
    careful_next_ = true;
    return doom(why.detail);
}

// The statement is taken back, and the body may go on.
Error Session::refused(const Answer& answer) {
    connection_->send_command("ROLLBACK TO SAVEPOINT statement");
    connection_->send_command("RELEASE SAVEPOINT statement");
    const Answer back = connection_->finish();
    if (back.failure) {
        connection_.reset();
        wait_next_ = true;
        return doom(back.failure->detail);
    }
    return Error(code_of(answer.failure->fate), answer.failure->detail);
}

Error Session::doom(std::string why) {
    doomed_ = true;
    why_ = std::move(why);
    return doomed_already();
}

Error Session::doomed_already() const {
    return Error(ErrorCode::unavailable, "the batch will be run again: " + why_);
}

void Session::reconnect() {
    for (;;) {
        Result<std::unique_ptr<Connection>> opened = open_writer(target_);
        if (opened) {
            connection_ = std::move(*opened);
            return;
        }
        why_ = opened.error().detail();
        wait_or_stop();
    }
}

// True when what was sent to be committed has been.
bool Session::settle() {
    for (;;) {
        if (!connection_) reconnect();
        switch (row_.resolve(*connection_)) {
            case WriterRow::Past::committed: return true;
            case WriterRow::Past::taken_back: return false;
            case WriterRow::Past::impossible:
                fail_stop_.stop(target_.name +
                                " no longer holds what it has acknowledged to this process");
            case WriterRow::Past::unknown: connection_.reset(); wait_or_stop();
        }
    }
}

void Session::wait_or_stop() {
    if (!patience_.wait()) fail_stop_.stop(target_.name + ": given up after many tries: " + why_);
}

}  // namespace causeway::ledger::postgres
