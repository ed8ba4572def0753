// SPDX-License-Identifier: Apache-2.0
//
// Reconciling one file: the unit of work that a CommitQueue body does whole or not at all.
#pragma once

#include "gateway/reconcile/run.h"
#include "gateway/reconcile/statement.h"
#include "ledger/journal/journal.h"
#include "ledger/store/database.h"

#include <string>
#include <vector>

namespace causeway::gateway {

struct ReconcileOrder {
    std::string profile;
    std::string connector;
    std::string file_name;
    std::string file_sha256;
    std::vector<StatementLine> lines;
    Timestamp now;
};

struct ReconcileOutcome {
    ReconciliationRun run;
    bool repeated = false;  ///< This very file was reconciled before; this is what was found then.
};

/// What a run would find, without writing anything. The run has no id unless it was stored
/// before.
///
/// Errors: `amount_overflow`, `integrity`, `storage`.
[[nodiscard]] Result<ReconcileOutcome> preview_file(ledger::Transaction& transaction,
                                                    const ReconcileOrder& order);

/// Stores the run and its exceptions, confirms the expectations that matched, and expects every
/// payout of the file as a deposit at the bank. What the provider converted itself is booked
/// against the positions. The same file again changes nothing and gives the stored result.
///
/// Errors: as preview_file() and Journal::post().
/// Threads: inside a CommitQueue body only.
[[nodiscard]] Result<ReconcileOutcome> reconcile_file(ledger::Transaction& transaction,
                                                      ledger::Journal& journal,
                                                      IdSource& ids,
                                                      const ReconcileOrder& order);

}  // namespace causeway::gateway
