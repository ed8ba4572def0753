// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/sqlite/sqlite_database.h"

#include "ledger/store/fail_stop.h"
#include "ledger/store/sqlite/connection.h"
#include "ledger/store/sqlite/file_lock.h"
#include "ledger/store/sqlite/migrate.h"
#include "ledger/store/sqlite/readers.h"
#include "ledger/store/sqlite/session.h"
#include "ledger/store/writer.h"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
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
    SqliteDatabase(FileLock lock,
                   std::string path,
                   std::unique_ptr<Connection> connection,
                   const DatabaseOptions& options)
        : lock_(std::move(lock)),
          fail_stop_(options.on_fail_stop),
          connection_(std::move(connection)),
          readers_(std::move(path), options.readers_max),
          session_(*connection_, fail_stop_),
          writer_(session_, fail_stop_, options) {}

    [[nodiscard]] CommitQueue& writer() noexcept override { return writer_; }

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

  private:
    // In this order: the writer drains first, then the readers close, then the writing connection
    // (which copies the WAL into the file), and the file is let go last.
    FileLock lock_;
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
    Result<FileLock> lock = FileLock::take(path);
    if (!lock) return lock.error();
    const std::string file = resolved(path);
    const Result<void> made = make_file(file);
    if (!made) return made.error();
    Result<std::unique_ptr<Connection>> opened = Connection::open(file, Connection::Role::writer);
    if (!opened) return opened.error();
    const Result<void> migrated = migrate(**opened, migrations);
    if (!migrated) return Error(migrated.error().code(), path + ": " + migrated.error().detail());
    return std::unique_ptr<Database>(
        std::make_unique<SqliteDatabase>(std::move(*lock), file, std::move(*opened), options));
}

}  // namespace causeway::ledger::sqlite
