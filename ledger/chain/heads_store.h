// SPDX-License-Identifier: Apache-2.0
//
// The rows of journal_heads. A head is written in the transaction that commits the last entry of
// its segment, and never changed.
#pragma once

#include "ledger/chain/head.h"
#include "ledger/result.h"
#include "ledger/store/database.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace causeway::ledger {

/// Requires a head that HeadSigner::sign() made.
///
/// Errors: `conflict` when the lane has one up to this sequence; as Transaction::execute().
[[nodiscard]] Result<void> insert_head(Transaction& body, const SignedHead& head);

/// The last head of a lane, if it has any. Errors: `integrity`, `storage`.
[[nodiscard]] Result<std::optional<SignedHead>> last_head(Transaction& snapshot, std::int64_t lane);

/// The last head of each lane that has any, in order. Errors: `integrity`, `storage`.
[[nodiscard]] Result<std::vector<SignedHead>> last_heads(Transaction& snapshot);

/// The head that covers `sequence`, if there is one. Errors: `integrity`, `storage`.
[[nodiscard]] Result<std::optional<SignedHead>> head_over(Transaction& snapshot, Sequence sequence);

/// Every head, lane by lane and in order inside each. Their contents are unchecked: see
/// check_head().
///
/// Errors: those of `each`, which ends the walk; `integrity`, `storage`.
[[nodiscard]] Result<void> each_head(
    Transaction& snapshot,
    const std::function<Result<void>(std::int64_t lane, Sequence last, const SignedHead&)>& each);

}  // namespace causeway::ledger
