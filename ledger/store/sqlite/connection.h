// SPDX-License-Identifier: Apache-2.0
//
// One connection to an SQLite file with its prepared statements. The only room that speaks to
// SQLite; what it says above is Result, Value and Row.
#pragma once

#include "ledger/result.h"
#include "ledger/store/database.h"
#include "ledger/store/sqlite/row_source.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

struct sqlite3;
struct sqlite3_stmt;

namespace causeway::ledger::sqlite {

/// Says in the file's header that the file is ours: "CAUS".
inline constexpr std::int64_t kApplicationId = 0x43415553;

/// A statement that somebody prepared and nobody else uses at this moment.
struct Prepared {
    sqlite3_stmt* handle = nullptr;
    std::string_view sql;  ///< Lives as long as the connection.
    int parameters = 0;
    bool writes = false;
    bool cached = false;
    bool in_use = false;
};

/// What one run of a statement did.
struct Outcome {
    int code = 0;  ///< SQLite's extended result code; 0 is success.
    std::int64_t changed = 0;
};

/// Threads: one at a time; may move from one to another.
class Connection {
  public:
    /// An archivist reads a whole file, perhaps one that nobody else has opened, and can copy it.
    enum class Role { writer, reader, archivist };

    /// Opens an existing file and sets it up for its role. The writer's sets WAL and FULL, but
    /// only in a file that is empty or ours, and makes the file when `vfs` names a VFS; the
    /// archivist's changes nothing, and the file is ours.
    ///
    /// Errors: `integrity` when the file is no SQLite database or not ours; `storage` otherwise.
    static Result<std::unique_ptr<Connection>> open(const std::string& path,
                                                    Role role,
                                                    const std::string& vfs = {});

    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection();

    /// Runs statements of our own that return nothing, separated by semicolons.
    ///
    /// Errors: `storage` with SQLite's words.
    [[nodiscard]] Result<void> run(const std::string& sql);

    /// The first column of the first row, or 0. For pragmas.
    [[nodiscard]] Result<std::int64_t> number(const std::string& sql);

    /// A statement from the cache. Throws std::logic_error for what is no statement, for one that
    /// steers transactions, and for parameters that are not $1, $2, ... in order of first use.
    ///
    /// Lifetime: give it back with release(); see Lease.
    [[nodiscard]] Prepared* prepare(std::string_view sql);
    void release(Prepared* prepared) noexcept;

    /// Errors: `invalid_argument` for a text that the engines do not store alike.
    [[nodiscard]] Result<void> bind(Prepared& prepared, std::span<const Value> values);

    /// Inserts rows without a tail with one statement, and says SQLite's code. Those before one
    /// that can not be inserted stay.
    ///
    /// Errors: as bind().
    [[nodiscard]] Result<int> insert(const Rows& rows);

    /// Steps to the end, handing every row to `each` when there is one.
    [[nodiscard]] Outcome step(Prepared& prepared, const std::function<void(const Row&)>* each);

    /// Steps a statement without rows and makes it ready to be bound again. Says SQLite's code.
    [[nodiscard]] int step_row(Prepared& prepared) noexcept;

    /// SQLite's last words, for messages to the operator.
    [[nodiscard]] std::string last_error() const;

    /// False when a failed statement has ended the transaction behind our back.
    [[nodiscard]] bool in_transaction() const noexcept;

    /// Pages in the WAL after the last commit; writer only.
    [[nodiscard]] int wal_pages() const noexcept { return wal_pages_; }

    /// Copies what it can from the WAL into the file without waiting for a reader.
    ///
    /// Errors: `storage`.
    [[nodiscard]] Result<void> checkpoint();

  private:
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>{}(text);
        }
    };

    explicit Connection(sqlite3* handle) : handle_(handle) {}
    [[nodiscard]] Result<void> set_up(Role role);
    [[nodiscard]] Result<void> set_up_reader();
    [[nodiscard]] Result<void> set_up_writer();
    [[nodiscard]] Result<void> set_up_archivist();
    [[nodiscard]] Result<void> check_owner();
    [[nodiscard]] Prepared* recent(std::string_view sql) noexcept;
    [[nodiscard]] static std::size_t slot(std::string_view sql) noexcept;
    [[nodiscard]] Prepared compile(std::string_view sql);

    RowSource shown_;
    sqlite3* handle_;
    int wal_pages_ = 0;
    std::array<Prepared*, 64> recent_{};  // by the text's address, so that none need be hashed
    // The texts are literals of ours, so this grows no larger than the program.
    std::unordered_map<std::string, std::unique_ptr<Prepared>, TextHash, std::equal_to<>> cache_;
};

/// Holds a prepared statement for one run and resets it, also when a callback throws.
class Lease {
  public:
    Lease(Connection& connection, std::string_view sql)
        : connection_(connection), prepared_(connection.prepare(sql)) {}
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ~Lease() { connection_.release(prepared_); }

    [[nodiscard]] Prepared& operator*() const noexcept { return *prepared_; }
    [[nodiscard]] Prepared* operator->() const noexcept { return prepared_; }

  private:
    Connection& connection_;
    Prepared* prepared_;
};

/// Whether SQLite's `code` speaks of a key or a constraint.
[[nodiscard]] bool is_constraint(int code) noexcept;
/// Whether it speaks of a wrong statement, and so of a bug of ours.
[[nodiscard]] bool is_bug(int code) noexcept;

}  // namespace causeway::ledger::sqlite
