// SPDX-License-Identifier: Apache-2.0
//
// What the journal stores beside its entries so as to be quick, computed anew from them: balances,
// ends of lanes, and where an id stands. Each engine keeps another part of it, so it is what has to
// be made when books come from elsewhere.
#pragma once

#include "ledger/result.h"
#include "ledger/store/database.h"

#include <string_view>

namespace causeway::ledger {

/// The tables that rebuild_journal() fills; nobody copies them.
[[nodiscard]] bool is_rebuilt(std::string_view table);

/// Empties and fills journal_balances, journal_lanes and, by engine, journal_entry_ids (`shared`)
/// or journal_id_runs. Memory: bounded by the number of accounts and lanes, not of entries.
///
/// Errors: `integrity` when the entries contradict themselves; `storage`.
[[nodiscard]] Result<void> rebuild_journal(Transaction& body, bool shared);

}  // namespace causeway::ledger
