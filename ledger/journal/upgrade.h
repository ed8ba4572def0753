// SPDX-License-Identifier: Apache-2.0
//
// How the journal's first tables become its second ones. Only the migration calls this.
#pragma once

#include "ledger/result.h"
#include "ledger/store/database.h"

namespace causeway::ledger {

/// Posts every entry of the old tables into the new ones. Requires both.
///
/// Errors: `integrity` when the old books hold an entry that the journal refuses; `storage`.
[[nodiscard]] Result<void> upgrade_first_books(Transaction& transaction);

}  // namespace causeway::ledger
