// SPDX-License-Identifier: Apache-2.0
//
// A row of journal_accounts beside its row of journal_balances, as every reader of them wants it.
#pragma once

#include "ledger/journal/published.h"
#include "ledger/result.h"
#include "ledger/store/database.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace causeway::ledger {

/// The columns of journal_balances from `first` on, in the order above.
[[nodiscard]] AccountState account_state(const Row& row, int first);

// Each account with its balance; an account may have none yet, and then it is untouched.
// Errors: `integrity`, `storage`.

/// All of them, in order of their numbers.
[[nodiscard]] Result<std::vector<PublishedAccount>> account_rows(Transaction& snapshot);
/// Those of one owner.
[[nodiscard]] Result<std::vector<PublishedAccount>> account_rows(Transaction& snapshot,
                                                                 std::string_view owner);
/// One, or none.
[[nodiscard]] Result<std::vector<PublishedAccount>> account_row(Transaction& snapshot,
                                                                const AccountKey& key);
[[nodiscard]] Result<std::vector<PublishedAccount>> account_row(Transaction& snapshot,
                                                                std::int64_t account_id);

}  // namespace causeway::ledger
