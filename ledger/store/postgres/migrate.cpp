// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/postgres/migrate.h"

#include "ledger/store/spelling.h"

#include <libpq-fe.h>

#include <array>
#include <stdexcept>
#include <string>

namespace causeway::ledger::postgres {
namespace {

// Says that the tables beside it are ours: "CAUS".
constexpr std::int64_t kApplicationId = 0x43415553;
// Others that start at the same time can stand in the way; each does so once or twice.
constexpr int kTriesMax = 20;

// SQLite compares texts byte by byte, and so do we: the order of pages and of locks is the same.
constexpr std::array kSpellings{Spelling{"BYTES", "BYTEA"},
                                Spelling{"TEXT", "TEXT COLLATE \"C\""},
                                Spelling{"ROWKEY", "BIGINT PRIMARY KEY"},
                                Spelling{"/*clustered*/", ""}};

constexpr const char* kTables =
    "SELECT count(*) FROM pg_catalog.pg_class c"
    " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm', 'f')";

// What the upgrade of a migration works in: every failure is its error, and ends the step.
class Upgrade final : public Transaction {
  public:
    explicit Upgrade(Connection& connection) : connection_(connection) {}

    [[nodiscard]] Result<std::int64_t> execute(std::string_view sql,
                                               std::initializer_list<Value> values) override {
        const Result<Answer> answer = run(sql, values);
        if (!answer) return answer.error();
        return answer->changed();
    }
    [[nodiscard]] Result<void> query(std::string_view sql,
                                     std::initializer_list<Value> values,
                                     const std::function<void(const Row&)>& each) override {
        const Result<Answer> answer = run(sql, values);
        if (!answer) return answer.error();
        const int count = PQntuples(answer->result.get());
        for (int row = 0; row < count; ++row)
            each(ResultRow(answer->result.get(), row));
        return {};
    }
    [[nodiscard]] Result<void> defer(std::string_view sql,
                                     std::initializer_list<Value> values) override {
        const Result<Answer> answer = run(sql, values);
        return answer ? Result<void>() : Result<void>(answer.error());
    }
    [[nodiscard]] Result<void> insert_rows(const Rows& rows) override {
        Parameters parameters;
        Result<void> added = parameters.add_columns(rows);
        if (!added || rows.values.empty()) return added;
        const Result<Answer> answer = ask(statement_of(rows), parameters);
        return answer ? Result<void>() : Result<void>(answer.error());
    }
    [[nodiscard]] bool writes() const noexcept override { return true; }

  private:
    [[nodiscard]] Result<Answer> run(std::string_view sql, std::initializer_list<Value> values) {
        Parameters parameters;
        for (const Value& value : values) {
            const Result<void> added = parameters.add(value);
            if (!added) return added.error();
        }
        return ask(sql, parameters);
    }
    [[nodiscard]] Result<Answer> ask(std::string_view sql, Parameters& parameters) {
        connection_.send(sql, parameters, Connection::Wanted::yes);
        Answer answer = connection_.finish();
        if (!answer.failure) return answer;
        if (answer.failure->fate == Fate::bug) throw std::logic_error(answer.failure->detail);
        const bool conflict = answer.failure->fate == Fate::conflict;
        return Error(conflict ? ErrorCode::conflict : ErrorCode::storage, answer.failure->detail);
    }

    Connection& connection_;
};

Error storage(const Failure& failure) {
    return Error(ErrorCode::storage, failure.detail);
}

// Somebody else did the same at the same time, and was first. A table is a type too, and which of
// the two the server misses first is a matter of the moment (42P07, 42710).
bool was_second(const Failure& failure) {
    return failure.fate == Fate::conflict || failure.fate == Fate::again ||
           failure.detail.find("(SQLSTATE 42P07)") != std::string::npos ||
           failure.detail.find("(SQLSTATE 42710)") != std::string::npos;
}

Result<void> found(Connection& connection) {
    const std::string tables =
        "BEGIN;"
        "CREATE TABLE store_mark (application BIGINT NOT NULL PRIMARY KEY);"
        "INSERT INTO store_mark (application) VALUES (" +
        std::to_string(kApplicationId) +
        ");"
        "CREATE TABLE schema_version (version BIGINT NOT NULL PRIMARY KEY);"
        "CREATE TABLE store_writers (writer_id BYTEA NOT NULL PRIMARY KEY,"
        " batch BIGINT NOT NULL);"
        "COMMIT";
    for (int tries = 0;; ++tries) {
        const Result<bool> ours = is_ours(connection);
        if (!ours) return ours.error();
        if (*ours) return {};
        const std::optional<Failure> failure = connection.run(tables);
        if (!failure) return {};
        if (connection.is_broken()) return storage(*failure);
        (void)connection.run("ROLLBACK");
        if (!was_second(*failure) || tries >= kTriesMax) return storage(*failure);
    }
}

// Inside a transaction that the caller ends.
std::optional<Failure> begin_step(Connection& connection, int version) {
    return connection.run("BEGIN;INSERT INTO schema_version (version) VALUES (" +
                          std::to_string(version) + ")");
}

Result<void> finish_step(Connection& connection, const Migration& step) {
    const std::optional<Failure> failure = connection.run(respelt(step.sql, kSpellings));
    if (failure) return storage(*failure);
    if (step.upgrade != nullptr) {
        Upgrade body(connection);
        Result<void> upgraded = step.upgrade(body);
        if (!upgraded) return upgraded;
    }
    connection.send_command("COMMIT", Connection::Wanted::yes);
    const Answer answer = connection.finish();
    if (answer.failure) return storage(*answer.failure);
    if (std::string_view(PQcmdStatus(answer.result.get())) == "COMMIT") return {};
    return Error(ErrorCode::storage, "the server did not commit");
}

// Does nothing when somebody else has done it meanwhile.
Result<void> run_step(Connection& connection, const Migration& step) {
    for (int tries = 0;; ++tries) {
        const std::optional<Failure> failure = begin_step(connection, step.version);
        Result<void> done =
            failure ? Result<void>(storage(*failure)) : finish_step(connection, step);
        if (done) return done;
        if (!connection.is_broken()) (void)connection.run("ROLLBACK");
        if (!failure || !was_second(*failure) || tries >= kTriesMax) return done;
        if (failure->fate == Fate::conflict) return {};
    }
}

}  // namespace

Result<bool> is_ours(Connection& connection) {
    const Result<std::int64_t> tables = connection.number(kTables);
    if (!tables) return tables.error();
    if (*tables == 0) return false;
    const Result<std::int64_t> mark =
        connection.number(std::string(kTables) + " AND c.relname = 'store_mark'");
    if (!mark) return mark.error();
    if (*mark == 1) {
        const Result<std::int64_t> id =
            connection.number("SELECT max(application) FROM store_mark");
        if (!id) return id.error();
        if (*id == kApplicationId) return true;
    }
    return Error(ErrorCode::integrity, "it holds tables, but none of Causeway's");
}

Result<void> migrate(Connection& connection, std::span<const Migration> migrations) {
    int last = 0;
    for (const Migration& step : migrations) {
        if (step.version != ++last) throw std::logic_error("migrations are numbered 1, 2, 3, ...");
    }
    if (connection.server_encoding() != "UTF8") {
        return Error(ErrorCode::integrity, "its encoding is not UTF8");
    }
    Result<void> ours = found(connection);
    if (!ours) return ours;
    const Result<std::int64_t> stands =
        connection.number("SELECT max(version) FROM schema_version");
    if (!stands) return stands.error();
    if (*stands > last) {
        return Error(ErrorCode::integrity,
                     "the database has schema version " + std::to_string(*stands) +
                         " and this program knows " + std::to_string(last) +
                         ": a newer Causeway wrote it, use that one or a newer");
    }
    for (const Migration& step : migrations) {
        if (step.version <= *stands) continue;
        const Result<void> done = run_step(connection, step);
        if (!done) {
            return Error(
                done.error().code(),
                "migration " + std::to_string(step.version) + ": " + done.error().detail());
        }
    }
    return {};
}

}  // namespace causeway::ledger::postgres
