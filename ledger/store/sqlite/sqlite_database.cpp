// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/sqlite/sqlite_database.h"

#include "ledger/store/fail_stop.h"
#include "ledger/store/sqlite/connection.h"
#include "ledger/store/sqlite/database_file.h"
#include "ledger/store/sqlite/file_lock.h"
#include "ledger/store/sqlite/migrate.h"
#include "ledger/store/sqlite/readers.h"
#include "ledger/store/sqlite/session.h"
#include "ledger/store/writer.h"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <optional>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace causeway::ledger::sqlite {
namespace {

Error file_error(const std::string& path) {
    return Error(ErrorCode::storage,
                 "can not open " + path + ": " + std::generic_category().message(errno));
}

// Makes the file before SQLite does, so that nobody else may read it for a moment; the WAL gets
// the same mode. The folder is synced, or a power cut could take the name away.
Result<void> make_file(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) return file_error(path);
    ::close(file);
    const std::string folder = std::filesystem::path(path).parent_path().string();
    const int opened = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_CLOEXEC);
    if (opened < 0) return file_error(folder);
    const bool synced = ::fsync(opened) == 0;
    ::close(opened);
    if (!synced) return file_error(folder);
    return {};
}

// The file and, unless a VFS of its own holds it, our lock on it.
struct Owned {
    std::optional<FileLock> lock;
    std::string file;
};

Result<Owned> take(const std::string& path, const DatabaseOptions& options) {
    if (!options.vfs.empty()) return Owned{.lock = std::nullopt, .file = path};
    Result<FileLock> lock = FileLock::take(path);
    if (!lock) return lock.error();
    std::string file = resolved(path);
    const Result<void> made = make_file(file);
    if (!made) return made.error();
    return Owned{.lock = std::move(*lock), .file = std::move(file)};
}

// A connection on loan, with the transaction that it is in. Whatever happens inside, the snapshot
// ends; a connection that can not even do that is closed.
class Loan {
  public:
    Loan(Readers& readers, std::unique_ptr<Connection> connection)
        : readers_(readers), connection_(std::move(connection)) {}
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    ~Loan() {
        const bool ended = !connection_->in_transaction() || connection_->run("ROLLBACK");
        if (!ended) connection_.reset();
        readers_.give_back(std::move(connection_));
    }

    [[nodiscard]] Connection& connection() noexcept { return *connection_; }

  private:
    Readers& readers_;
    std::unique_ptr<Connection> connection_;
};

class SqliteDatabase final : public Database {
  public:
    SqliteDatabase(std::optional<FileLock> lock,
                   std::string path,
                   std::unique_ptr<Connection> connection,
                   const DatabaseOptions& options)
        : lock_(std::move(lock)),
          path_(std::move(path)),
          fail_stop_(options.on_fail_stop),
          connection_(std::move(connection)),
          readers_(path_, options.vfs, options.readers_max),
          session_(*connection_, fail_stop_, options.checkpoint_pages),
          writer_(session_, fail_stop_, options) {}

    [[nodiscard]] CommitQueue& writer() noexcept override { return writer_; }
    [[nodiscard]] bool is_shared() const noexcept override { return false; }

    [[nodiscard]] Result<void> read(
        const std::function<Result<void>(Transaction&)>& body) override {
        Result<std::unique_ptr<Connection>> taken = readers_.take();
        if (!taken) return taken.error();
        Loan loan(readers_, std::move(*taken));
        const Result<void> begun = loan.connection().run("BEGIN");
        if (!begun) return begun.error();
        Snapshot snapshot(loan.connection());
        return body(snapshot);
    }

    [[nodiscard]] Result<void> copy_to(const std::string& path) override {
        return lock_ ? copy_file(path_, path) : Database::copy_to(path);  // or a VFS holds it
    }

  private:
    // In this order: the writer drains first, then the readers close, then the writing connection
    // (which copies the WAL into the file), and the file is let go last.
    std::optional<FileLock> lock_;
    const std::string path_;
    FailStop fail_stop_;
    std::unique_ptr<Connection> connection_;
    Readers readers_;
    Session session_;
    Writer writer_;
};

}  // namespace

Result<std::unique_ptr<Database>> open(const std::string& path,
                                       std::span<const Migration> migrations,
                                       const DatabaseOptions& options) {
    Result<Owned> owned = take(path, options);
    if (!owned) return owned.error();
    Result<std::unique_ptr<Connection>> opened =
        Connection::open(owned->file, Connection::Role::writer, options.vfs);
    if (!opened) return opened.error();
    // What a crash has left in the WAL goes into the file first. To append to such a WAL would be
    // to write into the sector in which its last commit ends, and a power cut could then take both.
    const Result<void> settled = (*opened)->checkpoint();
    if (!settled) return Error(settled.error().code(), path + ": " + settled.error().detail());
    const Result<void> migrated = migrate(**opened, migrations);
    if (!migrated) return Error(migrated.error().code(), path + ": " + migrated.error().detail());
    return std::unique_ptr<Database>(std::make_unique<SqliteDatabase>(
        std::move(owned->lock), std::move(owned->file), std::move(*opened), options));
}

}  // namespace causeway::ledger::sqlite
