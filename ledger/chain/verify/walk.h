// SPDX-License-Identifier: Apache-2.0
//
// Goes through all entries once, in an order in which each comes after those that its accounts
// name as the ones before: lane by lane where there is one, and across them where there are more.
#pragma once

#include "ledger/chain/canonical.h"
#include "ledger/chain/verify/accounts.h"
#include "ledger/chain/verify/form.h"
#include "ledger/chain/verify/history.h"
#include "ledger/chain/verify/id_check.h"
#include "ledger/chain/verify/lane_check.h"
#include "ledger/chain/verify/tables.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace causeway::ledger::verifier {

/// What a walk works on.
///
/// Lifetime: all of it outlives the walk.
struct WalkContext {
    Transaction& snapshot;
    Findings& findings;
    VerifyReport& report;
    AccountTable& accounts;
    HistoryCheck& history;
    IdCheck& ids;
    const VerifyOptions& options;
};

class Walk {
  public:
    explicit Walk(const WalkContext& context);

    /// Errors: `storage`.
    [[nodiscard]] Result<void> start(const std::vector<LaneRow>& rows);
    /// Applies entries as long as their sequences are at most `until`. Errors: `storage`.
    [[nodiscard]] Result<void> run(Sequence until);
    /// Nothing follows. Says how many rows of other tables there were on the way.
    ///
    /// Errors: `storage`.
    [[nodiscard]] Result<RowsSeen> finish();

  private:
    using Index = AccountTable::Index;
    struct LineResult {
        const StoredLine& line;
        LineAdded added;
        bool known;  // what the account was before the line
    };

    [[nodiscard]] Result<LaneCheck*> choose();
    [[nodiscard]] bool is_next(const EntryRow& row) const;
    [[nodiscard]] Result<void> apply(LaneCheck& lane);
    void find_accounts(const StoredEntry& entry);
    void set_terms(const StoredEntry& entry);
    void add_lines(const StoredEntry& entry);
    void add_line_to(Index index, const StoredEntry& entry, std::size_t at);
    [[nodiscard]] bool check_before(Index index, const StoredEntry& entry, const StoredLine& line);
    void believe(Index index, const StoredEntry& entry, const LineResult& result);
    void check_hash(const LaneCheck& lane, const StoredEntry& entry);

    WalkContext context_;
    FormCheck form_;
    PendingBook pendings_;
    Holes holes_;
    CanonicalWriter canonical_;
    std::vector<std::unique_ptr<LaneCheck>> lanes_;
    std::size_t lane_ = 0;       // of the last entry
    std::vector<Index> places_;  // of the accounts of the entry in hand
    bool named_ = true;          // all of them have names
    std::int64_t entries_in_all_ = 0;
};

}  // namespace causeway::ledger::verifier
