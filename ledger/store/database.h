// SPDX-License-Identifier: Apache-2.0
//
// The store as everybody above it sees it: one database, one writer, many readers.
//
// SQL is written once, in the subset that SQLite and PostgreSQL share, with parameters $1, $2, ...
// numbered in the order in which they first appear. Writing goes through CommitQueue alone; see
// commit_queue.h. Reading takes a snapshot of its own and never waits for the writer.
#pragma once

#include "ledger/id.h"
#include "ledger/result.h"

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace causeway::ledger {

/// One parameter of a statement.
///
/// Lifetime: text and bytes are borrowed until the statement has run.
class Value {
  public:
    Value(std::nullptr_t) : state_(std::monostate{}) {}
    Value(std::int64_t number) : state_(number) {}
    Value(int number) : state_(std::int64_t{number}) {}
    Value(bool flag) : state_(std::int64_t{flag ? 1 : 0}) {}
    Value(std::string_view text) : state_(text) {}
    Value(const std::string& text) : state_(std::string_view(text)) {}
    Value(const char* text) : state_(std::string_view(text)) {}
    Value(std::span<const std::uint8_t> bytes) : state_(bytes) {}
    Value(const Uuid& id) : state_(std::span<const std::uint8_t>(id.bytes)) {}
    Value(Timestamp moment) : state_(to_microseconds(moment)) {}
    /// NULL when there is none.
    template <class T>
    Value(const std::optional<T>& maybe) : Value(maybe ? Value(*maybe) : Value(nullptr)) {}

    using State =
        std::variant<std::monostate, std::int64_t, std::string_view, std::span<const std::uint8_t>>;
    [[nodiscard]] const State& state() const noexcept { return state_; }

  private:
    State state_;
};

/// The present row of a running query. Columns count from 0.
///
/// Lifetime: what it hands out lives until the callback returns.
class Row {
  public:
    Row() = default;
    Row(const Row&) = delete;
    Row& operator=(const Row&) = delete;
    virtual ~Row() = default;

    [[nodiscard]] virtual bool is_null(int column) const = 0;
    /// NULL reads as 0, as an empty text and as no bytes.
    [[nodiscard]] virtual std::int64_t integer(int column) const = 0;
    [[nodiscard]] virtual std::string_view text(int column) const = 0;
    [[nodiscard]] virtual std::span<const std::uint8_t> bytes(int column) const = 0;

    [[nodiscard]] Uuid uuid(int column) const;  ///< All zero unless the column has 16 bytes.
    [[nodiscard]] std::optional<Uuid> maybe_uuid(int column) const;
    [[nodiscard]] std::optional<std::string> maybe_text(int column) const;
    [[nodiscard]] std::optional<std::int64_t> maybe_integer(int column) const;
    [[nodiscard]] Timestamp moment(int column) const { return from_microseconds(integer(column)); }
    [[nodiscard]] std::optional<Timestamp> maybe_moment(int column) const;
};

/// A transaction in progress: a body of the CommitQueue, or a reader's snapshot.
///
/// Threads: belongs to the thread that was handed it.
class Transaction {
  public:
    Transaction() = default;
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    virtual ~Transaction() = default;

    /// Runs a statement that returns no rows and says how many rows it changed.
    ///
    /// Errors: `conflict` when a key or a constraint forbids it; `invalid_argument` for a text that
    /// is not UTF-8 or holds a NUL, which the engines do not store alike. Anything else that goes
    /// wrong with a write (disk full, I/O, a damaged file) stops the process: what is not known to
    /// be durable is never answered. A wrong statement is a bug and throws std::logic_error; so is
    /// any but SELECT, INSERT, UPDATE, DELETE and WITH, and execute() on a reader's snapshot.
    [[nodiscard]] virtual Result<std::int64_t> execute(std::string_view sql,
                                                       std::initializer_list<Value> values) = 0;

    /// Calls `each` for every row, in order. In a body it may run INSERT ... RETURNING and its
    /// kin too, with the errors of execute().
    ///
    /// Errors: `storage` when the file cannot be read; `invalid_argument` as execute().
    [[nodiscard]] virtual Result<void> query(std::string_view sql,
                                             std::initializer_list<Value> values,
                                             const std::function<void(const Row&)>& each) = 0;

    /// True inside a CommitQueue body; a reader's snapshot refuses to execute().
    [[nodiscard]] virtual bool writes() const noexcept = 0;
};

/// What a batch of the CommitQueue tells those who keep something in memory beside the rows:
/// the journal keeps balances and writes each touched account once a batch.
///
/// Order: (begin_body (keep_body | undo_body))* before_commit after_commit. When every body of a
/// batch failed there is nothing to commit, and the last two are not called.
/// Threads: called on the writer's thread only.
class Participant {
  public:
    Participant() = default;
    Participant(const Participant&) = delete;
    Participant& operator=(const Participant&) = delete;
    virtual ~Participant() = default;

    virtual void begin_body() = 0;
    virtual void keep_body() = 0;                              ///< The body's work stays.
    virtual void undo_body() = 0;                              ///< The body failed: forget it.
    virtual void before_commit(Transaction& transaction) = 0;  ///< Write what is still unwritten.
    virtual void after_commit() noexcept = 0;                  ///< It is durable.
};

/// A step of the schema. Committed steps are never edited, only followed by others.
struct Migration {
    int version;           ///< 1, 2, 3, ... without a gap.
    std::string_view sql;  ///< Statements separated by semicolons.

    // Two words of `sql` are spelt as each engine wants them:
    //   BYTES            the type of a column of bytes (BLOB, BYTEA);
    //   /*clustered*/    after a table's closing parenthesis: the rows live in the tree of the
    //                    primary key (WITHOUT ROWID; PostgreSQL knows no such thing).
};

class CommitQueue;

struct DatabaseOptions {
    /// Rows a writer may have waiting before submit() answers `unavailable`.
    std::size_t queue_max = 4096;
    /// Bodies that share one commit at most.
    std::size_t batch_max = 512;
    /// Readers that may be open at once; one more waits for its turn.
    int readers_max = 4;
    /// Hears why the process is about to stop (status 3) after a failed write or sync. When empty
    /// the line goes to standard error. Called once, on the thread that failed.
    std::function<void(std::string_view line)> on_fail_stop = {};
};

/// One database. With SQLite exactly one process may own the file.
///
/// Threads: every method may be called from any thread.
class Database {
  public:
    Database() = default;
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    virtual ~Database() = default;

    /// Opens `url`: "sqlite:PATH". Takes the file for this process, brings the schema up to the
    /// last of `migrations` and starts the writer.
    ///
    /// Errors: `invalid_argument` for a URL of another form; `conflict` when another process owns
    /// the file; `integrity` when the file is newer than this program or no database of ours;
    /// `storage` when it cannot be opened.
    static Result<std::unique_ptr<Database>> open(std::string_view url,
                                                  std::span<const Migration> migrations,
                                                  const DatabaseOptions& options = {});

    [[nodiscard]] virtual CommitQueue& writer() noexcept = 0;

    /// Runs `body` on the caller's thread in a snapshot of its own. Not inside another read():
    /// the inner one would wait for a reader that the outer one holds.
    ///
    /// Errors: those of `body`; `storage` when no reader can be opened.
    [[nodiscard]] virtual Result<void> read(
        const std::function<Result<void>(Transaction&)>& body) = 0;
};

/// The path of the file in "sqlite:PATH".
///
/// Errors: `invalid_argument`.
[[nodiscard]] Result<std::string> sqlite_path(std::string_view url);

/// Whether some process owns the SQLite file of `url` at this moment.
[[nodiscard]] bool is_owned(std::string_view url);

}  // namespace causeway::ledger
