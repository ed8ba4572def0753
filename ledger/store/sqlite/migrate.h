// SPDX-License-Identifier: Apache-2.0
//
// Brings an SQLite file up to the schema that this program knows.
#pragma once

#include "ledger/result.h"
#include "ledger/store/database.h"
#include "ledger/store/sqlite/connection.h"

#include <span>

namespace causeway::ledger::sqlite {

/// Runs the steps that the file has not seen, each in a transaction of its own that also notes it
/// in schema_version. Throws std::logic_error when the versions are not 1, 2, 3, ...
///
/// Errors: `integrity` when the file has a version that `migrations` does not know; `storage` when
/// a step fails, or what its upgrade returned, and then the file stands at the step before.
[[nodiscard]] Result<void> migrate(Connection& writer, std::span<const Migration> migrations);

}  // namespace causeway::ledger::sqlite
