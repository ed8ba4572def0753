// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/postgres/connection.h"

#include "ledger/store/spelling.h"
#include "ledger/store/statement.h"

#include <libpq-fe.h>

#include <array>
#include <charconv>
#include <cstring>
#include <utility>

namespace causeway::ledger::postgres {
namespace {

constexpr int kBinary = 1;
constexpr std::array kBodySpelling{Spelling{"/*locked*/", " FOR UPDATE"}};

// What the URL does not say. A server that has vanished without a word is given up after half a
// minute; a standby is not connected to, or a failover would leave us where nobody can write.
constexpr std::array kDefaults{std::pair{"connect_timeout", "5"},
                               std::pair{"keepalives_idle", "10"},
                               std::pair{"keepalives_interval", "5"},
                               std::pair{"keepalives_count", "3"},
                               std::pair{"tcp_user_timeout", "20000"},
                               std::pair{"target_session_attrs", "read-write"},
                               std::pair{"fallback_application_name", "causeway"}};

std::string one_line(const char* text) {
    std::string line = text == nullptr ? "" : text;
    while (!line.empty() && line.back() == '\n')
        line.pop_back();
    for (char& letter : line) {
        if (letter == '\n') letter = ' ';
    }
    return line;
}

// libpq does not say passwords, and if it ever does, we do not pass them on.
std::string without(std::string text, const char* secret) {
    if (secret == nullptr || *secret == '\0') return text;
    for (std::size_t at = 0; (at = text.find(secret, at)) != std::string::npos;)
        text.replace(at, std::strlen(secret), "***");
    return text;
}

std::string field(const pg_result* result, int code) {
    const char* const text = PQresultErrorField(result, code);
    return text == nullptr ? "" : text;
}

bool is_good(const pg_result* result) {
    const ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

}  // namespace

// What nobody asked for: a warning, or the end of the session.
void Connection::hear(void* self, const pg_result* notice) {
    auto& connection = *static_cast<Connection*>(self);
    const std::string severity = field(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
    if (severity == "WARNING") connection.warning_ = field(notice, PG_DIAG_MESSAGE_PRIMARY);
    if (severity == "FATAL" || severity == "PANIC") connection.broken_ = true;
}

std::int64_t Answer::changed() const {
    std::int64_t count = 0;
    if (result) {
        const std::string_view text = PQcmdTuples(result.get());
        std::from_chars(text.data(), text.data() + text.size(), count);
    }
    return count;
}

Result<std::unique_ptr<Connection>> Connection::open(const Target& target, bool writes) {
    std::vector<const char*> words;
    std::vector<const char*> values;
    for (const auto& [word, value] : kDefaults) {
        words.push_back(word);
        values.push_back(value);
    }
    // Of two values for a word the later counts.
    words.insert(words.end(), {"dbname", "client_encoding", nullptr});
    values.insert(values.end(), {target.url.c_str(), "UTF8", nullptr});
    PGconn* const handle = PQconnectdbParams(words.data(), values.data(), 1);
    std::unique_ptr<Connection> connection(new Connection(handle, writes));
    if (PQstatus(handle) != CONNECTION_OK) {
        return Error(ErrorCode::unavailable,
                     "can not reach " + target.name + ": " +
                         without(one_line(PQerrorMessage(handle)), PQpass(handle)));
    }
    PQsetNoticeReceiver(handle, hear, connection.get());
    PQenterPipelineMode(handle);
    return connection;
}

Connection::~Connection() {
    PQfinish(handle_);
}

const Connection::Statement& Connection::prepare(std::string_view sql,
                                                 const Parameters& parameters) {
    key_.assign(parameters.signature());
    key_ += '\n';
    key_ += sql;
    const auto found = statements_.find(std::string_view(key_));
    if (found != statements_.end()) return found->second;
    const Statement made{.name = "s" + std::to_string(++prepared_count_),
                         .parameters = parameters_of(sql)};
    if (made.parameters != parameters.count()) {
        refuse("the statement wants another number of values", sql);
    }
    const std::string spelt = writes_ ? respelt(sql, kBodySpelling) : std::string(sql);
    const std::vector<Oid> types = parameters.types();
    const bool queued = PQsendPrepare(handle_,
                                      made.name.c_str(),
                                      spelt.c_str(),
                                      static_cast<int>(types.size()),
                                      types.data()) == 1;
    broken_ = broken_ || !queued;
    if (queued) sent_.push_back({.prepares = key_, .wanted = false});
    return statements_.emplace(key_, made).first->second;
}

void Connection::send(std::string_view sql, Parameters& parameters, Wanted wanted) {
    settle_stream();
    const Statement& statement = prepare(sql, parameters);
    if (broken_) return;
    parameters.seal();
    broken_ = PQsendQueryPrepared(handle_,
                                  statement.name.c_str(),
                                  parameters.count(),
                                  parameters.values(),
                                  parameters.lengths(),
                                  parameters.formats(),
                                  kBinary) != 1;
    if (!broken_) sent_.push_back({.prepares = {}, .wanted = wanted == Wanted::yes});
}

void Connection::send_command(const char* sql, Wanted wanted) {
    settle_stream();
    if (broken_) return;
    broken_ = PQsendQueryParams(handle_, sql, 0, nullptr, nullptr, nullptr, nullptr, kBinary) != 1;
    if (!broken_) sent_.push_back({.prepares = {}, .wanted = wanted == Wanted::yes});
}

Failure Connection::lost() {
    broken_ = true;
    sent_.clear();
    std::string why = without(one_line(PQerrorMessage(handle_)), PQpass(handle_));
    return {.fate = Fate::lost, .detail = why.empty() ? "the connection is lost" : std::move(why)};
}

bool Connection::synchronize() {
    return !broken_ && PQpipelineSync(handle_) == 1;
}

// The primary message and the constraint's name alone: the rest may quote what a row holds.
Failure Connection::failure_of(const pg_result* result) const {
    const std::string sqlstate = field(result, PG_DIAG_SQLSTATE);
    const std::string constraint = field(result, PG_DIAG_CONSTRAINT_NAME);
    std::string detail = field(result, PG_DIAG_MESSAGE_PRIMARY);
    if (detail.empty()) detail = without(one_line(PQresultErrorMessage(result)), PQpass(handle_));
    if (!constraint.empty() && detail.find(constraint) == std::string::npos) {
        detail += ", " + constraint;
    }
    if (!sqlstate.empty()) detail += " (SQLSTATE " + sqlstate + ")";
    return {.fate = fate_of(sqlstate), .detail = std::move(detail)};
}

// All results of one thing that was sent, up to the NULL that ends them. A result that is kept
// leaves through `kept`.
std::optional<Failure> Connection::collect_one(const Sent& sent, ResultPtr* kept) {
    std::optional<Failure> failure;
    bool good = false;
    bool any = false;
    while (ResultPtr result = ResultPtr(PQgetResult(handle_))) {
        any = true;
        if (is_good(result.get())) {
            good = true;
            if (kept != nullptr) *kept = std::move(result);
        } else if (PQresultStatus(result.get()) == PGRES_FATAL_ERROR) {
            failure = failure_of(result.get());
        }
        if (PQstatus(handle_) != CONNECTION_OK) break;
    }
    if (!good && !sent.prepares.empty()) statements_.erase(sent.prepares);
    if (PQstatus(handle_) != CONNECTION_OK || !any) {
        Failure why = lost();
        // What the server said last is worth more than that the wire was cut.
        if (failure && failure->fate == Fate::lost) why = std::move(*failure);
        return why;
    }
    return failure;
}

bool Connection::collect_sync() {
    const ResultPtr result(PQgetResult(handle_));
    return result && PQresultStatus(result.get()) == PGRES_PIPELINE_SYNC;
}

void Connection::collect_all(Answer& answer) {
    while (!broken_ && !sent_.empty()) {
        const Sent sent = std::move(sent_.front());
        sent_.pop_front();
        std::optional<Failure> failure = collect_one(sent, sent.wanted ? &answer.result : nullptr);
        if (!failure) continue;
        const bool first = !answer.failure;
        if (first) answer.wanted_failed = sent.wanted;
        if (first || failure->fate == Fate::lost) answer.failure = std::move(failure);
    }
    if (!broken_ && !collect_sync()) answer.failure = lost();
    if (answer.failure && answer.failure->fate == Fate::lost) broken_ = true;
}

Answer Connection::finish() {
    settle_stream();
    Answer answer;
    if (!synchronize()) {
        answer.failure = lost();
        return answer;
    }
    collect_all(answer);
    return answer;
}

std::optional<Failure> Connection::stream(const std::function<void(const Row&)>& each) {
    settle_stream();
    if (!synchronize()) return lost();
    Answer before;
    while (!broken_ && !sent_.empty() && !sent_.front().wanted) {
        const Sent sent = std::move(sent_.front());
        sent_.pop_front();
        std::optional<Failure> failure = collect_one(sent, nullptr);
        if (failure && !before.failure) before.failure = std::move(failure);
    }
    if (broken_ || before.failure) {
        collect_all(before);
        return before.failure;
    }
    if (PQsetSingleRowMode(handle_) != 1) return lost();
    // A callback that throws leaves rows on the wire: nobody can use the connection after that.
    Stream stream;
    struct Guard {
        Connection& connection;
        Stream& stream;
        ~Guard() {
            if (connection.stream_ == &stream) connection.stream_ = nullptr;
            if (!stream.ended) connection.broken_ = true;
        }
    };
    const Guard guard{*this, stream};
    stream_ = &stream;
    while (const ResultPtr row = next_row(stream))
        each(ResultRow(row.get(), 0));
    return std::move(stream.failure);
}

// The next row, parked or from the wire; none at the end.
ResultPtr Connection::next_row(Stream& stream) {
    if (!stream.parked.empty()) {
        ResultPtr row = std::move(stream.parked.front());
        stream.parked.pop_front();
        return row;
    }
    if (stream.ended) return {};
    ResultPtr result(PQgetResult(handle_));
    if (result && PQresultStatus(result.get()) == PGRES_SINGLE_TUPLE) return result;
    stream.ended = true;
    stream_ = nullptr;
    if (!result || PQstatus(handle_) != CONNECTION_OK) {
        stream.failure = lost();
        return {};
    }
    if (!is_good(result.get())) stream.failure = failure_of(result.get());
    while (ResultPtr(PQgetResult(handle_))) {
    }
    sent_.pop_front();
    Answer rest;
    collect_all(rest);
    if (rest.failure && !stream.failure) stream.failure = std::move(rest.failure);
    return {};
}

void Connection::settle_stream() {
    if (stream_ == nullptr) return;
    Stream& stream = *stream_;
    std::deque<ResultPtr> rows;
    while (ResultPtr row = next_row(stream))
        rows.push_back(std::move(row));
    stream.parked = std::move(rows);
}

std::optional<Failure> Connection::run(const std::string& sql) {
    if (PQexitPipelineMode(handle_) != 1) return lost();
    const ResultPtr result(PQexec(handle_, sql.c_str()));
    std::optional<Failure> failure;
    if (!is_good(result.get())) failure = failure_of(result.get());
    PQenterPipelineMode(handle_);
    if (PQstatus(handle_) != CONNECTION_OK && !failure) failure = lost();
    return failure;
}

Result<std::int64_t> Connection::number(const std::string& sql) {
    send_command(sql.c_str(), Wanted::yes);
    const Answer answer = finish();
    if (answer.failure) return Error(ErrorCode::storage, answer.failure->detail);
    if (PQntuples(answer.result.get()) == 0) return std::int64_t{0};
    return ResultRow(answer.result.get(), 0).integer(0);
}

bool Connection::is_broken() {
    // A server that has gone says so on a wire that nobody reads.
    if (!broken_ && sent_.empty() && stream_ == nullptr) {
        bool alive = PQconsumeInput(handle_) == 1;
        (void)PQisBusy(handle_);  // understands what has come, and may hear()
        alive = alive && PQconsumeInput(handle_) == 1 && PQstatus(handle_) == CONNECTION_OK;
        broken_ = broken_ || !alive;
    }
    return broken_;
}

std::string Connection::server_encoding() const {
    const char* const encoding = PQparameterStatus(handle_, "server_encoding");
    return encoding == nullptr ? "" : encoding;
}

std::string Connection::take_warning() {
    return std::exchange(warning_, {});
}

}  // namespace causeway::ledger::postgres
