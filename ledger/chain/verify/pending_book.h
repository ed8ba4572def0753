// SPDX-License-Identifier: Apache-2.0
//
// Pending entries that are open at the point which the walk has reached, and what the rows of
// journal_pendings claim of them. A claim is about the end of the journal, so it waits here until
// the pending entry is closed or the journal is over.
#pragma once

#include "ledger/chain/verify/findings.h"
#include "ledger/chain/verify/pages.h"
#include "ledger/journal/pending_memory.h"
#include "ledger/journal/stored_entry.h"

#include <optional>
#include <unordered_map>

namespace causeway::ledger::verifier {

class PendingBook {
  public:
    explicit PendingBook(Findings& findings) : findings_(findings) {}

    /// A pending entry, and its row if there is one.
    void open(const StoredEntry& entry, std::optional<PendingRow> claim);
    /// One that posts, voids or lets expire.
    void resolve(const StoredEntry& entry);
    /// The journal is over: what is still open must be so in its row.
    void finish();

    [[nodiscard]] std::size_t open_count() const noexcept { return open_.size(); }

  private:
    struct OpenPending {
        Pending pending;
        std::optional<PendingRow> claim;
    };
    void check_times(const StoredEntry& entry, const Pending& pending);
    void check_claim(Sequence sequence, const OpenPending& open);
    [[nodiscard]] bool fits(const StoredEntry& entry);

    Findings& findings_;
    std::unordered_map<Sequence, OpenPending> open_;
};

}  // namespace causeway::ledger::verifier
