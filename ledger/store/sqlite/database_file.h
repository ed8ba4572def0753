// SPDX-License-Identifier: Apache-2.0
//
// Database files as things that lie in folders: copied, looked into, put into their place.
//
// A file is not alone: beside PATH stand PATH-wal, PATH-shm, PATH-journal and our PATH.lock. A WAL
// that is left behind without its file would be read into the next file of that name.
#pragma once

#include "ledger/result.h"
#include "ledger/store/database.h"
#include "ledger/store/sqlite/file_lock.h"

#include <functional>
#include <string>
#include <utility>

namespace causeway::ledger::sqlite {

/// Writes what `from` holds at this moment into `to`, which is there and empty, and syncs it. The
/// copy has no WAL. `from` may be in use, by this process only.
///
/// Errors: `integrity` when `from` is no database of ours; `storage`.
[[nodiscard]] Result<void> copy_file(const std::string& from, const std::string& to);

/// Runs `body` over a file that nobody uses, such as a backup, without changing it. SQLite's own
/// check of its structure comes first.
///
/// Errors: those of `body`; `integrity` when it is damaged or none of ours; `conflict` when a
/// process owns it; `storage`.
[[nodiscard]] Result<void> read_file(const std::string& path,
                                     const std::function<Result<void>(Transaction&)>& body);

/// Removes a database file that nobody uses and all that stands beside it.
void remove_database(const std::string& path) noexcept;

/// A place for a database that is not there yet, held against every other process.
///
/// The new database is made at draft() and then moved to its place: whoever looks sees nothing, or
/// all of it.
class Berth {
  public:
    /// Errors: `conflict` when a process owns the place, when a database is there already, or when
    /// an older one has left its WAL there; `storage`.
    static Result<Berth> take(const std::string& path);

    Berth(Berth&& other) noexcept
        : lock_(std::move(other.lock_)), path_(std::exchange(other.path_, {})) {}
    Berth& operator=(Berth&&) = delete;
    /// Removes the draft if it was not moved.
    ~Berth();

    /// Where the database is to be made. Nothing is there.
    [[nodiscard]] std::string draft() const { return path_ + ".restoring"; }

    /// Moves the draft to its place, durably. Requires that nobody has it open.
    ///
    /// Errors: `storage`.
    [[nodiscard]] Result<void> install();

  private:
    Berth(FileLock lock, std::string path) : lock_(std::move(lock)), path_(std::move(path)) {}

    FileLock lock_;
    std::string path_;
};

}  // namespace causeway::ledger::sqlite
