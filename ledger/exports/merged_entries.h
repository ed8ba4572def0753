// SPDX-License-Identifier: Apache-2.0
//
// All entries of all lanes in the order in which they were recorded, read page by page. How far
// each lane goes is fixed at the beginning: entries never change, so every page may come from a
// snapshot of its own, and nobody holds one while the reader of the export is slow.
#pragma once

#include "ledger/journal/stored_entry.h"
#include "ledger/result.h"
#include "ledger/store/database.h"

#include <cstddef>
#include <vector>

namespace causeway::ledger {

class MergedEntries {
  public:
    /// Fixes which entries these are: all that `snapshot` has.
    ///
    /// Errors: `storage`.
    static Result<MergedEntries> open(Transaction& snapshot);

    /// The next entry in order of (recorded, sequence); null when there are no more.
    ///
    /// Lifetime: until pop().
    /// Errors: `integrity` when an entry can not be read or is missing; `storage`.
    [[nodiscard]] Result<const StoredEntry*> front(Transaction& snapshot);

    /// Requires that front() gave an entry.
    void pop() noexcept { ++lanes_[front_].at; }

  private:
    struct Lane {
        Sequence next;  ///< The first that has not been read.
        Sequence last;
        std::vector<StoredEntry> page;  ///< Its entries are used again.
        std::size_t at = 0;
        std::size_t count = 0;
    };

    static Result<void> refill(Transaction& snapshot, Lane& lane);

    std::vector<Lane> lanes_;
    std::size_t front_ = 0;
};

}  // namespace causeway::ledger
