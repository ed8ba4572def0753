// SPDX-License-Identifier: Apache-2.0
//
// What a batch leaves behind, complete in itself: while it is written and becomes durable, the
// journal goes on with the next one.
#pragma once

#include "ledger/chain/head.h"
#include "ledger/journal/account_memory.h"
#include "ledger/journal/batch.h"
#include "ledger/journal/pending_memory.h"
#include "ledger/store/database.h"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace causeway::ledger {

/// What the lane's chain has come to.
struct LaneState {
    std::int64_t lane = 0;
    Sequence last = 0;  ///< 0: the lane has no entry.
    ChainHash hash{};
    std::int64_t recorded_us = INT64_MIN;
    std::int64_t accounts = 0;  ///< Opened under the lane's numbers (shared engines).
};

/// A row of journal_marks.
struct HistoryMark {
    std::int64_t account_id;
    std::int64_t mark_no;
    std::int64_t line_no;  ///< Of the line that closed the block, in its entry.
    AccountState state;
};

/// A row of journal_displaced.
struct DisplacedLine {
    std::int64_t account_id;
    std::int64_t effective_us;
    Sequence sequence;
    std::int64_t line_no;
    Balance change;
};

struct OpenedAccount {
    std::int64_t id;
    AccountKey key;
};

struct AccountRow {
    AccountMemory::Index index;
    std::int64_t id;
    AccountState state;
};

/// A row of journal_id_runs.
struct IdRun {
    Sequence first;
    std::vector<std::uint64_t> fingerprints;
};

struct JournalBatch {
    Batch entries;
    std::vector<HistoryMark> marks;
    std::vector<DisplacedLine> displaced;
    std::vector<OpenedAccount> opened;  ///< Without rows yet.
    std::vector<AccountRow> touched;
    std::vector<std::pair<Sequence, Pending>> pendings;
    std::optional<SignedHead> head;
    LaneState lane;
    // A snapshot of balances and ids, when one is due.
    bool flushes = false;
    std::vector<AccountRow> snapshot;
    std::vector<IdRun> runs;

    void clear();
};

/// Writes everything of the batch but balances and lane.
///
/// Errors: none on an engine of our own, where nothing of ours can be in the way: there it throws
/// std::logic_error. On a shared one somebody else may have been quicker; then the transaction is
/// doomed, and the writer runs the whole batch again.
void write_entries(const JournalBatch& batch, Transaction& transaction, bool shared);
/// Writes `rows` into journal_balances, and the lane. Errors: as write_entries().
void write_balances(const std::vector<AccountRow>& rows,
                    const LaneState& lane,
                    Transaction& transaction,
                    bool shared);
/// Writes the ids of a shared engine, or the runs of one of our own. Errors: as write_entries().
void write_ids(const JournalBatch& batch, Transaction& transaction, bool shared);

}  // namespace causeway::ledger
