// SPDX-License-Identifier: Apache-2.0
//
// Accounts as they stand in a snapshot, on an engine of our own.
//
// What is published of an account and what a snapshot shows are two moments. Somebody who looks at
// the accounts first and takes the snapshot then adds what was committed in between: as a rule
// nothing, at most the work of a few commits.
#pragma once

#include "ledger/journal/entry.h"
#include "ledger/journal/published.h"
#include "ledger/result.h"
#include "ledger/store/database.h"

#include <vector>

namespace causeway::ledger {

/// Adds to `accounts` the lines of all entries after `last`. `all`: accounts that were opened since
/// are added too.
///
/// Errors: `integrity`, `storage`.
[[nodiscard]] Result<void> catch_up(Transaction& snapshot,
                                    Sequence last,
                                    bool all,
                                    std::vector<PublishedAccount>& accounts);

}  // namespace causeway::ledger
