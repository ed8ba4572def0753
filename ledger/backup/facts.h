// SPDX-License-Identifier: Apache-2.0
//
// What a copy says about itself.
#pragma once

#include "ledger/backup/backup.h"

namespace causeway::ledger {

/// Verifies the books of a snapshot; all of the report but `bytes`. `shared`: as VerifyOptions.
///
/// Errors: `storage`.
[[nodiscard]] Result<CopyReport> facts_of(Transaction& snapshot, bool shared);

/// What wrote these books. Errors: `storage`.
struct Origin {
    std::int64_t schema_version = 0;
    /// An engine that several processes share: it keeps rows that SQLite has not.
    bool shared = false;
    std::int64_t lanes = 0;  ///< That any process has had.
};
/// Requires the journal's present tables for all but the version, which is looked at first: with
/// another than `known` the rest is left out.
///
/// Errors: `storage`.
[[nodiscard]] Result<Origin> origin_of(Transaction& snapshot, std::int64_t known);

}  // namespace causeway::ledger
