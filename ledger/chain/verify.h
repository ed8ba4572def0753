// SPDX-License-Identifier: Apache-2.0
//
// What `ledger verify` does: it reads every row of the journal once and believes none of them.
//
// From the entries alone it computes anew what everything else must be: the sums, the running
// balances, the history, what remains of pending entries, the chain and the roots of the heads.
// What the rows say otherwise is a finding; the first one of a lane names the first broken entry.
#pragma once

#include "ledger/chain/head.h"
#include "ledger/result.h"
#include "ledger/store/database.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace causeway::ledger {

/// One thing that is wrong.
struct Finding {
    std::string rule;    ///< "unbalanced_entry", "hash_differs", "cut_tail", "client_money", ...
    std::string detail;  ///< Names the entry or the account, and both amounts where there are two.
};

struct VerifyOptions {
    /// Database::is_shared() of the books. It decides what there must be beside the entries.
    bool shared = false;
    /// Keys that heads may be signed with. Empty: signatures are not checked, and the report says
    /// so.
    std::vector<PublicKey> trusted = {};
    /// A head that was exported earlier: the journal must still contain all that it speaks of.
    std::optional<SignedHead> exported = {};
    /// Called now and then with (entries done, entries in all).
    std::function<void(std::int64_t, std::int64_t)> progress = {};
};

struct VerifyReport {
    std::int64_t entries = 0;
    std::int64_t lines = 0;
    std::int64_t accounts = 0;
    std::int64_t heads = 0;
    bool signatures_checked = false;
    std::vector<Finding> findings;  ///< At most 100, in the order in which they were found.
};

/// Memory: bounded by the number of accounts and of open pending entries, not of entries.
/// Errors: `storage`. Broken books are findings, not errors.
[[nodiscard]] Result<VerifyReport> verify(Transaction& snapshot, const VerifyOptions& options = {});

}  // namespace causeway::ledger
