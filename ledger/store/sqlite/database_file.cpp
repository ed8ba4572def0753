// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/sqlite/database_file.h"

#include "ledger/store/folder.h"
#include "ledger/store/sqlite/connection.h"
#include "ledger/store/sqlite/session.h"

#include <array>
#include <cstdio>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace causeway::ledger::sqlite {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 3> kCompanions{"-wal", "-shm", "-journal"};

std::string quoted(const std::string& text) {
    std::string literal = "'";
    for (const char letter : text)
        literal += letter == '\'' ? std::string("''") : std::string(1, letter);
    return literal + "'";
}

bool has_content(const std::string& path) {
    std::error_code missing;
    const std::uintmax_t size = fs::file_size(path, missing);
    return !missing && size > 0;
}

void remove_quietly(const std::string& path) noexcept {
    std::error_code ignored;
    fs::remove(path, ignored);
}

// SQLite makes a WAL even to read a file that once had one. If it was not there before, it goes.
class Visit {
  public:
    explicit Visit(const std::string& path)
        : path_(path), had_wal_(fs::exists(path + "-wal")), had_shm_(fs::exists(path + "-shm")) {}
    Visit(const Visit&) = delete;
    Visit& operator=(const Visit&) = delete;
    ~Visit() {
        if (had_wal_ || has_content(path_ + "-wal")) return;
        remove_quietly(path_ + "-wal");
        if (!had_shm_) remove_quietly(path_ + "-shm");
    }

  private:
    const std::string& path_;
    bool had_wal_;
    bool had_shm_;
};

}  // namespace

Result<void> copy_file(const std::string& from, const std::string& to) {
    {
        const Result<std::unique_ptr<Connection>> reader =
            Connection::open(from, Connection::Role::archivist);
        if (!reader) return reader.error();
        const Result<void> copied = (*reader)->run("VACUUM main INTO " + quoted(to));
        if (!copied) return Error(copied.error().code(), to + ": " + copied.error().detail());
    }
    return sync_file(to);
}

Result<void> read_file(const std::string& path,
                       const std::function<Result<void>(Transaction&)>& body) {
    if (FileLock::is_held(path)) {
        return Error(ErrorCode::conflict, path + " is the database of a running process");
    }
    const Visit visit(path);
    const Result<std::unique_ptr<Connection>> reader =
        Connection::open(path, Connection::Role::archivist);
    if (!reader) return reader.error();
    const Result<void> begun = (*reader)->run("BEGIN");
    if (!begun) return begun.error();
    const Result<std::int64_t> sound =
        (*reader)->number("SELECT (SELECT integrity_check FROM pragma_integrity_check(1)) = 'ok'");
    if (!sound) return Error(ErrorCode::integrity, path + ": " + sound.error().detail());
    if (*sound != 1) return Error(ErrorCode::integrity, path + " is damaged");
    Snapshot snapshot(**reader);
    return body(snapshot);
}

void remove_database(const std::string& path) noexcept {
    remove_quietly(path);
    for (const std::string_view companion : kCompanions)
        remove_quietly(path + std::string(companion));
    remove_quietly(path + ".lock");
}

Result<Berth> Berth::take(const std::string& path) {
    Result<FileLock> lock = FileLock::take(path);
    if (!lock) return lock.error();
    const std::string place = resolved(path);
    if (has_content(place)) {
        return Error(ErrorCode::conflict, "there is a database at " + place + " already");
    }
    for (const std::string_view companion : kCompanions) {
        const std::string left = place + std::string(companion);
        if (!has_content(left)) continue;
        return Error(ErrorCode::conflict,
                     left +
                         " was left there by another database and may hold its last commits:"
                         " move it away first");
    }
    Berth berth(std::move(*lock), place);
    remove_database(berth.draft());  // of a restore that was killed
    return berth;
}

Berth::~Berth() {
    if (!path_.empty()) remove_database(draft());
}

Result<void> Berth::install() {
    if (has_content(draft() + "-wal")) {
        return Error(ErrorCode::storage, draft() + " could not be closed: is the disk full?");
    }
    const Result<void> synced = sync_file(draft());
    if (!synced) return synced.error();
    if (std::rename(draft().c_str(), path_.c_str()) != 0) return file_error("make", path_);
    return sync_folder_of(path_);
}

}  // namespace causeway::ledger::sqlite
