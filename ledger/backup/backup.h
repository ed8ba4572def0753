// SPDX-License-Identifier: Apache-2.0
//
// A copy of everything, in one file, made while the books are in use; and the way back.
//
// A backup is an SQLite database whatever the engine it was made from, so it is also the way from
// SQLite to PostgreSQL. It gets its name only after its books were verified, and a restored
// database its place only after they were verified again.
#pragma once

#include "ledger/chain/head.h"
#include "ledger/chain/verify.h"
#include "ledger/result.h"
#include "ledger/store/database.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::ledger {

/// What a copy holds.
struct CopyReport {
    std::int64_t bytes = 0;  ///< Of the backup file.
    std::int64_t schema_version = 0;
    bool shared = false;  ///< The rows are those of an engine that several processes share.
    VerifyReport verified;
    std::vector<LaneTip> tips;  ///< The last entry of each lane that has any.
};

struct BackupOptions {
    /// Keep the copy although its books do not verify: the findings are in the report. For the
    /// day on which there is nothing better to keep.
    bool keep_broken = false;
};

/// Writes all that is committed at this moment into the new file `path`. Everything that was
/// acknowledged before the call is in it. The file can be read by its owner alone.
///
/// When the copy's books do not verify the report has findings, and there is no file unless
/// `keep_broken`.
///
/// Requires the `migrations` that `database` was opened with.
/// Errors: `conflict` when `path` is there; `storage`; `integrity` for books that can not be read.
[[nodiscard]] Result<CopyReport> back_up(Database& database,
                                         std::span<const Migration> migrations,
                                         const std::string& path,
                                         const BackupOptions& options = {});

/// Fills the database of `url` with what the backup `path` holds, and brings it up to the last of
/// `migrations`. Either all of it is there afterwards, or nothing is.
///
/// When the books do not verify, before or after, the report has findings and nothing was restored.
///
/// Errors: `conflict` when the database has rows or is in use; `integrity` when the file is
/// damaged, none of ours, or newer than this program, or when it has entries of several lanes and
/// `url` is SQLite's; `not_found` when there is no such file; `storage`.
[[nodiscard]] Result<CopyReport> restore(const std::string& path,
                                         std::string_view url,
                                         std::span<const Migration> migrations);

}  // namespace causeway::ledger
