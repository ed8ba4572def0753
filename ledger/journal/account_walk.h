// SPDX-License-Identifier: Apache-2.0
//
// The lines of one account, from the newest to the oldest, along the links between them.
#pragma once

#include "ledger/journal/stored_entry.h"
#include "ledger/result.h"
#include "ledger/store/database.h"

#include <cstddef>
#include <cstdint>

namespace causeway::ledger {

/// Each entry costs one look-up.
class AccountWalk {
  public:
    /// Where to begin: with the last line of the account in the entry `sequence` whose number is
    /// at most `line_no`, or with the line before that. `sequence` 0: there is no line.
    struct Start {
        Sequence sequence;
        std::int64_t line_no = INT64_MAX;
    };
    AccountWalk(Transaction& snapshot, std::int64_t account_id, const Start& start)
        : snapshot_(snapshot),
          account_id_(account_id),
          next_(start.sequence),
          top_(start.line_no) {}

    /// Goes to the next older line; false when there is none.
    ///
    /// Errors: `integrity` when a link leads nowhere; `storage`.
    [[nodiscard]] Result<bool> next();

    // Of the line at hand; after a next() that was true.
    [[nodiscard]] const StoredEntry& entry() const noexcept { return entry_; }
    [[nodiscard]] const StoredLine& line() const { return entry_.lines[at_]; }
    [[nodiscard]] std::int64_t line_no() const noexcept {
        return static_cast<std::int64_t>(at_) + 1;
    }

  private:
    [[nodiscard]] bool step();
    [[nodiscard]] Result<void> load();

    Transaction& snapshot_;
    const std::int64_t account_id_;
    Sequence next_;     // entry to be loaded; 0: none
    std::int64_t top_;  // in the first entry
    StoredEntry entry_;
    std::size_t at_ = 0;  // lines from here on have been handed out
};

}  // namespace causeway::ledger
