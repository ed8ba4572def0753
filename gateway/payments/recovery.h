// SPDX-License-Identifier: Apache-2.0
//
// What becomes of the work of a process that is gone: the operations it had under way, and the
// requests it had not answered.
#pragma once

#include "gateway/payments/steps.h"
#include "ledger/store/database.h"

#include <chrono>
#include <cstdint>

namespace causeway::gateway {

/// How long an answer is kept under its key.
inline constexpr std::chrono::hours kAnswersKept{48};

/// What had to be cleared up.
struct Recovered {
    std::int64_t operations = 0;  ///< Open ones; all of them go on.
    std::int64_t doubtful = 0;    ///< Of these: charges and refunds that may have been sent.
    std::int64_t requests = 0;    ///< Requests whose process died before they were answered.
};

/// Call once at start-up, before the first request. Where one process owns the database, no
/// operation of an earlier one can be under way any more: what may have been sent becomes unknown
/// and is resolved; requests that died get the answer that their payment's present state gives.
/// Where several share it, only those are taken over that are nobody's.
///
/// Errors: storage errors; then nothing can be served.
[[nodiscard]] Result<Recovered> recover(ledger::Database& database, const Workshop& shop);

/// The same for what is worked on by instances that do not live (see instances_store.h).
/// Harmless when nobody died, and when two processes do it at once.
[[nodiscard]] Result<Recovered> take_over(ledger::Transaction& tx, const Workshop& shop);

}  // namespace causeway::gateway
