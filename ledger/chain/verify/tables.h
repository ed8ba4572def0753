// SPDX-License-Identifier: Apache-2.0
//
// Tables that hold one row for each account, and what nobody has looked at yet.
#pragma once

#include "ledger/chain/verify/accounts.h"
#include "ledger/chain/verify/findings.h"
#include "ledger/chain/verify/lane_rows.h"
#include "ledger/result.h"
#include "ledger/store/database.h"

#include <cstdint>
#include <vector>

namespace causeway::ledger::verifier {

/// Reads journal_accounts, reports rows that are none of ours, and says how many there are.
///
/// Errors: `storage`.
[[nodiscard]] Result<std::int64_t> read_accounts(Transaction& snapshot,
                                                 AccountTable& accounts,
                                                 Findings& findings);

/// Accounts are numbered 1, 2, 3, ... in the lane that opened them. `shared`: the lanes' rows say
/// how many there are.
void check_account_numbers(const AccountTable& accounts,
                           const std::vector<LaneRow>& lanes,
                           bool shared,
                           Findings& findings);

/// Holds journal_balances to the states that the accounts have at this moment.
///
/// Errors: `storage`.
[[nodiscard]] Result<void> check_balances(Transaction& snapshot,
                                          AccountTable& accounts,
                                          bool shared,
                                          Findings& findings);

/// Client money is what is owed to clients, and the operator's share is what it claims.
void check_client_money(const AccountTable& accounts, Findings& findings);

/// How many rows were met on the way through the lanes.
struct RowsSeen {
    std::int64_t pendings = 0;
    std::int64_t heads = 0;
};

/// Reports rows under keys that no lane and no account has: they were not met.
///
/// Errors: `storage`.
[[nodiscard]] Result<void> check_strays(Transaction& snapshot,
                                        const RowsSeen& seen,
                                        Findings& findings);

}  // namespace causeway::ledger::verifier
