// SPDX-License-Identifier: Apache-2.0
//
// The store as everybody above it sees it: one database, one writer, many readers.
//
// SQL is written once, in the subset that SQLite and PostgreSQL share, with parameters $1, $2, ...
// numbered in the order in which they first appear. Writing goes through CommitQueue alone; see
// commit_queue.h. Reading takes a snapshot of its own and never waits for the writer.
//
// `/*locked*/` at the end of a SELECT in a body: the rows stay as they were read until the batch
// has ended. PostgreSQL needs to be told (FOR UPDATE); on SQLite nobody else writes.
#pragma once

#include "ledger/id.h"
#include "ledger/result.h"

#include <chrono>
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

class RowMemory;

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
    /// For `= ANY($1)` on a shared engine alone; elsewhere it throws std::logic_error.
    Value(std::span<const std::int64_t> numbers) : state_(numbers) {}
    Value(std::span<const Uuid> ids) : state_(ids) {}
    Value(const Uuid& id) : state_(std::span<const std::uint8_t>(id.bytes)) {}
    Value(Timestamp moment) : state_(to_microseconds(moment)) {}
    /// NULL when there is none.
    template <class T>
    Value(const std::optional<T>& maybe) : Value(maybe ? Value(*maybe) : Value(nullptr)) {}

    using State = std::variant<std::monostate,
                               std::int64_t,
                               std::string_view,
                               std::span<const std::uint8_t>,
                               std::span<const std::int64_t>,
                               std::span<const Uuid>>;
    [[nodiscard]] const State& state() const noexcept { return state_; }

  private:
    State state_;
};

enum class ColumnType : std::uint8_t { number, text, bytes };

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

    /// Whether the column's value is of that type, and not NULL. SQLite alone lets a value be of
    /// another type than its column.
    [[nodiscard]] virtual bool holds(int column, ColumnType type) const;

    [[nodiscard]] Uuid uuid(int column) const;  ///< All zero unless the column has 16 bytes.
    [[nodiscard]] std::optional<Uuid> maybe_uuid(int column) const;
    [[nodiscard]] std::optional<std::string> maybe_text(int column) const;
    [[nodiscard]] std::optional<std::int64_t> maybe_integer(int column) const;
    [[nodiscard]] Timestamp moment(int column) const { return from_microseconds(integer(column)); }
    [[nodiscard]] std::optional<Timestamp> maybe_moment(int column) const;
};

struct Column {
    std::string_view name;
    ColumnType type;
};

/// Many rows for one table, to be written at once.
///
/// Lifetime: all is borrowed until insert_rows() has returned.
struct Rows {
    std::string_view table;
    std::span<const Column> columns;
    /// What follows the rows, such as "ON CONFLICT (account_id) DO UPDATE SET debits =
    /// excluded.debits"; without parameters. No key twice in the same rows then.
    std::string_view tail;
    std::span<const Value> values;  ///< Row after row; each fits its column or is NULL.
};

/// A transaction in progress: a body of the CommitQueue, or a reader's snapshot.
///
/// On a shared engine a body may be doomed: the connection is lost, or another process stood in
/// the way. Then every statement answers `unavailable`, and when the body returns its result is
/// thrown away and it is run again. It need not look for this: to return the error is enough.
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

    /// execute() for those who need no answer: a shared engine sends it together with the next
    /// statement that waits for one, or with the COMMIT.
    ///
    /// Errors: as execute(), but perhaps not at once. When the statement fails later, the batch is
    /// taken back and its bodies run again, each for itself and each statement waited for: then
    /// this returns the error, and only the body at fault hears of it.
    [[nodiscard]] virtual Result<void> defer(std::string_view sql,
                                             std::initializer_list<Value> values) = 0;

    /// Writes many rows with one statement, deferred as by defer(). Throws std::logic_error when
    /// the values do not fill whole rows.
    ///
    /// Errors: as defer(). Some of the rows may be there then: the body has to return the error.
    [[nodiscard]] virtual Result<void> insert_rows(const Rows& rows) = 0;

    /// Calls `each` for every row, in order. In a body it may run INSERT ... RETURNING and its
    /// kin too, with the errors of execute().
    ///
    /// Errors: `storage` when the file cannot be read; `invalid_argument` as execute().
    [[nodiscard]] virtual Result<void> query(std::string_view sql,
                                             std::initializer_list<Value> values,
                                             const std::function<void(const Row&)>& each) = 0;

    /// True inside a CommitQueue body; a reader's snapshot refuses to execute().
    [[nodiscard]] virtual bool writes() const noexcept = 0;

    /// What bodies remember of rows; null outside of a body. On a shared engine it ends with the
    /// transaction. See row_memory.h.
    [[nodiscard]] virtual RowMemory* memory() noexcept { return nullptr; }

    /// Whether other processes may be writing to the database.
    [[nodiscard]] virtual bool shared() const noexcept { return false; }
};

/// What a body is going to touch, said when it is submitted; the participant who knows the kind
/// uses it to fetch or to lock for a whole batch at once.
class Hint {
  public:
    Hint() = default;
    Hint(const Hint&) = delete;
    Hint& operator=(const Hint&) = delete;
    virtual ~Hint() = default;
};

/// What a participant leaves to be written of a batch, complete in itself: the participant may go
/// on with the next batch while this is written, on another thread.
class Outgoing {
  public:
    Outgoing() = default;
    Outgoing(const Outgoing&) = delete;
    Outgoing& operator=(const Outgoing&) = delete;
    virtual ~Outgoing() = default;

    virtual void write(Transaction& transaction) = 0;  ///< In the place of before_commit().
    virtual void durable() noexcept = 0;               ///< In the place of after_commit().
};

/// What a batch of the CommitQueue tells those who keep something in memory beside the rows:
/// the journal keeps balances and writes each touched account once a batch.
///
/// Order: begin_batch (begin_body (keep_body | undo_body))* before_commit (after_commit |
/// undo_batch). When every body of a batch failed there is nothing to commit: undo_batch comes in
/// the place of before_commit. On a shared engine undo_batch may come at any point between the
/// others, and the batch begins anew, unless the process is about to stop.
/// Threads: called on the writer's thread only.
class Participant {
  public:
    Participant() = default;
    Participant(const Participant&) = delete;
    Participant& operator=(const Participant&) = delete;
    virtual ~Participant() = default;

    /// `hints` of those bodies of the batch that have one, in their order. On an engine of our own
    /// others may join the batch while it waits for the one before; foresee() hears of them too.
    virtual void begin_batch(Transaction& transaction, std::span<const Hint* const> hints);
    /// The bodies that come next have these hints: a good moment to fetch what they will touch
    /// from memory. Changes nothing that can be seen.
    virtual void foresee(std::span<const Hint* const> hints) const;
    virtual void begin_body() = 0;
    virtual void keep_body() = 0;                              ///< The body's work stays.
    virtual void undo_body() = 0;                              ///< The body failed: forget it.
    virtual void before_commit(Transaction& transaction) = 0;  ///< Write what is still unwritten.
    virtual void after_commit() noexcept = 0;                  ///< It is durable.
    /// In the place of before_commit() and after_commit(), for who can go on with the next batch
    /// before this one is written; nullptr: they are called. On an engine that is not shared only.
    [[nodiscard]] virtual std::unique_ptr<Outgoing> take_outgoing() { return nullptr; }
    /// Whether take_outgoing() gives something.
    [[nodiscard]] virtual bool leaves_early() const { return false; }
    /// All since begin_batch was taken back: forget it.
    virtual void undo_batch() {}

    /// Whether before_close() has something to write. Asked when the queue is closing and empty.
    [[nodiscard]] virtual bool wants_close() const { return false; }
    /// The last words, in a batch of their own: begin_batch before_close before_commit
    /// (after_commit | undo_batch).
    virtual void before_close(Transaction& transaction);
};

/// A step of the schema. Committed steps are never edited, only followed by others.
struct Migration {
    int version;           ///< 1, 2, 3, ... without a gap.
    std::string_view sql;  ///< Statements separated by semicolons.
    /// Runs after `sql`, in the same transaction; SELECT, INSERT, UPDATE and DELETE only.
    Result<void> (*upgrade)(Transaction& transaction) = nullptr;

    // Some words of `sql` are spelt as each engine wants them:
    //   BYTES            the type of a column of bytes (BLOB, BYTEA);
    //   ROWKEY           the type of a number that is the primary key, given by us, mostly
    //                    growing (INTEGER PRIMARY KEY, BIGINT PRIMARY KEY);
    //   TEXT             on PostgreSQL with COLLATE "C": both engines sort by bytes;
    //   /*clustered*/    after a table's closing parenthesis: the rows live in the tree of the
    //                    primary key (WITHOUT ROWID; PostgreSQL knows no such thing).
};

class CommitQueue;
class Patience;

struct DatabaseOptions {
    /// Rows a writer may have waiting before submit() answers `unavailable`.
    std::size_t queue_max = 16384;
    /// Bodies that share one commit at most.
    std::size_t batch_max = 8192;
    /// Readers that may be open at once; one more waits for its turn.
    int readers_max = 4;
    /// Hears why the process is about to stop (status 3) after a failed write or sync. When empty
    /// the line goes to standard error. Called once, on the thread that failed.
    std::function<void(std::string_view line)> on_fail_stop = {};
    /// A shared engine tries a batch again for so long when the server stays away or others stand
    /// in the way; then the process stops.
    std::chrono::milliseconds away_max{60'000};
    /// How it waits between two tries; when empty, longer each time and up to `away_max`.
    std::shared_ptr<Patience> patience = {};
    /// SQLite only: the name of a registered VFS (https://sqlite.org/vfs.html) that holds the
    /// file; empty: the default. A named one sees to it itself that nobody else opens the file and
    /// that the file, once made, outlives a power cut: no lock is taken and no folder synced.
    std::string vfs = {};
    /// SQLite only: pages in the WAL at which the writer copies them into the file when nobody
    /// waits; when somebody does, four times as many.
    int checkpoint_pages = 500;
};

/// One database. With SQLite exactly one process may own the file; a database of a PostgreSQL
/// server may serve many.
///
/// Threads: every method may be called from any thread.
class Database {
  public:
    Database() = default;
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    virtual ~Database() = default;

    /// Opens `url`: "sqlite:PATH", or "postgresql://..." as libpq understands it (TLS and what
    /// else concerns the connection is said there). Takes the file for this process, brings the
    /// schema up to the last of `migrations` and starts the writer. No message ever says the URL:
    /// it may hold a password.
    ///
    /// Errors: `invalid_argument` for a URL of another form; `conflict` when another process owns
    /// the file; `integrity` when the database is newer than this program or none of ours;
    /// `storage` when it cannot be opened.
    static Result<std::unique_ptr<Database>> open(std::string_view url,
                                                  std::span<const Migration> migrations,
                                                  const DatabaseOptions& options = {});

    [[nodiscard]] virtual CommitQueue& writer() noexcept = 0;

    /// Whether other processes may write to the same database (PostgreSQL). Then nothing that is
    /// remembered beyond a batch can be trusted, and bodies lock what they are going to change.
    [[nodiscard]] virtual bool is_shared() const noexcept = 0;

    /// Runs `body` on the caller's thread in a snapshot of its own. Not inside another read():
    /// the inner one would wait for a reader that the outer one holds.
    ///
    /// Errors: those of `body`; `storage` when no reader can be opened.
    [[nodiscard]] virtual Result<void> read(
        const std::function<Result<void>(Transaction&)>& body) = 0;

    /// Writes all that is committed at this moment into the file `path`, which is there and empty:
    /// an SQLite database in one piece, synced. The writer does not wait for it, but its WAL grows
    /// until it is done.
    ///
    /// Errors: `storage`; `invalid_argument` on an engine that keeps no file of its own.
    [[nodiscard]] virtual Result<void> copy_to(const std::string& path);
};

/// The path of the file in "sqlite:PATH".
///
/// Errors: `invalid_argument`.
[[nodiscard]] Result<std::string> sqlite_path(std::string_view url);

/// Whether there is a database at `url`: the file, or tables of ours on the server. Makes nothing.
///
/// Errors: as Database::open, but for a newer database.
[[nodiscard]] Result<bool> is_there(std::string_view url);

/// Whether some process owns the SQLite file of `url` at this moment; nobody owns a server.
[[nodiscard]] bool is_owned(std::string_view url);

}  // namespace causeway::ledger
