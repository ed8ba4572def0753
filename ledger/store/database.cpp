// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/database.h"

#include "ledger/store/postgres/postgres_database.h"
#include "ledger/store/postgres/target.h"
#include "ledger/store/sqlite/file_lock.h"
#include "ledger/store/sqlite/sqlite_database.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace causeway::ledger {

Result<std::string> sqlite_path(std::string_view url) {
    constexpr std::string_view kScheme = "sqlite:";
    const std::string_view path = url.substr(std::min(kScheme.size(), url.size()));
    // A leading colon would be one of SQLite's names for a database without a file.
    const bool usable = url.starts_with(kScheme) && !path.empty() && path.front() != ':' &&
                        path.find('\0') == std::string_view::npos;
    if (usable) return std::string(path);
    return Error(ErrorCode::invalid_argument, "a database URL has the form sqlite:PATH");
}

Result<std::unique_ptr<Database>> Database::open(std::string_view url,
                                                 std::span<const Migration> migrations,
                                                 const DatabaseOptions& options) {
    if (postgres::is_target(url)) return postgres::open(url, migrations, options);
    const Result<std::string> path = sqlite_path(url);
    if (!path) {
        return Error(ErrorCode::invalid_argument,
                     "a database URL has the form sqlite:PATH or postgresql://...");
    }
    return sqlite::open(*path, migrations, options);
}

Result<bool> is_there(std::string_view url) {
    if (postgres::is_target(url)) return postgres::is_there(url);
    const Result<std::string> path = sqlite_path(url);
    if (!path) return path.error();
    std::error_code ignored;
    return std::filesystem::exists(*path, ignored);
}

bool is_owned(std::string_view url) {
    const Result<std::string> path = sqlite_path(url);
    return path && sqlite::FileLock::is_held(*path);
}

}  // namespace causeway::ledger
