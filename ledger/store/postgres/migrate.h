// SPDX-License-Identifier: Apache-2.0
//
// Brings a PostgreSQL database up to the schema that this program knows.
//
// Several processes may start at once: whoever inserts a step's row into schema_version runs it,
// and the others wait on that row's key.
#pragma once

#include "ledger/result.h"
#include "ledger/store/database.h"
#include "ledger/store/postgres/connection.h"
#include "ledger/store/postgres/target.h"

#include <span>

namespace causeway::ledger::postgres {

/// Whether the tables here are ours; false when there are none.
///
/// Errors: `integrity` when they are somebody else's; `storage`.
[[nodiscard]] Result<bool> is_ours(Connection& connection);

/// Runs the steps that the database has not seen, each in a transaction of its own that also notes
/// it in schema_version. Our tables live in the first schema of the connection's search_path, and
/// nothing else may. Throws std::logic_error when the versions are not 1, 2, 3, ...
///
/// Errors: `integrity` when there are tables and none of them is ours, when the encoding is not
/// UTF-8, or when the database has a version that `migrations` does not know; `storage` when a
/// step fails, or what its upgrade returned, and then the database stands at the step before.
[[nodiscard]] Result<void> migrate(Connection& connection, std::span<const Migration> migrations);

}  // namespace causeway::ledger::postgres
