// SPDX-License-Identifier: Apache-2.0
//
// Rows in the order of their sequences, a page at a time. No query runs while a row is looked at,
// so that several tables can be read side by side on every engine.
#pragma once

#include "ledger/chain/head.h"
#include "ledger/journal/stored_entry.h"
#include "ledger/result.h"
#include "ledger/store/database.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace causeway::ledger::verifier {

/// Rows after `after` and up to `last`.
struct PageRange {
    Sequence after;
    Sequence last;
};

/// A row of journal_entries.
struct EntryRow {
    StoredEntry entry;    ///< Its sequence is right even when the rest is not.
    std::string broken;   ///< Why it can not be read; empty when it can.
    bool hashed = false;  ///< Its hash could be read at least.

    [[nodiscard]] Sequence sequence() const noexcept { return entry.sequence; }
};
[[nodiscard]] Result<std::size_t> read_page(Transaction& snapshot,
                                            const PageRange& range,
                                            std::vector<EntryRow>& rows);

/// A row of journal_pendings.
struct PendingRow {
    Sequence at = 0;
    std::int64_t state = 0;
    std::int64_t expires_us = 0;
    std::vector<std::uint8_t> remaining;
    bool sound = true;  ///< Each column holds a value of its type.

    [[nodiscard]] Sequence sequence() const noexcept { return at; }
};
[[nodiscard]] Result<std::size_t> read_page(Transaction& snapshot,
                                            const PageRange& range,
                                            std::vector<PendingRow>& rows);

/// A row of journal_heads.
struct HeadRow {
    Sequence last_sequence = 0;
    SignedHead head;
    bool sound = true;  ///< Each column holds a value of its type and length.

    [[nodiscard]] Sequence sequence() const noexcept { return last_sequence; }
};
/// Those of the lane of `range.last`.
[[nodiscard]] Result<std::size_t> read_page(Transaction& snapshot,
                                            const PageRange& range,
                                            std::vector<HeadRow>& rows);

/// The rows of one lane, one after the other. Pages are used again.
template <class RowType>
class Pages {
  public:
    explicit Pages(std::int64_t lane)
        : range_{.after = first_of_lane(lane) - 2, .last = first_of_lane(lane + 1) - 2} {}

    /// Makes front() a row, if there is one left; says whether. Errors: `storage`.
    [[nodiscard]] Result<bool> fill(Transaction& snapshot) {
        if (at_ < count_) return true;
        if (over_) return false;
        const Result<std::size_t> read = read_page(snapshot, range_, rows_);
        if (!read) return read.error();
        at_ = 0;
        count_ = *read;
        // A key that is no whole number could lead back to where we are.
        over_ = count_ == 0 || rows_[count_ - 1].sequence() <= range_.after;
        if (over_) return false;
        range_.after = rows_[count_ - 1].sequence();
        return true;
    }
    /// Requires fill() to have said yes.
    [[nodiscard]] RowType& front() { return rows_[at_]; }
    void pop() noexcept {
        ++at_;
        ++seen_;
    }
    [[nodiscard]] bool empty() const noexcept { return at_ == count_; }
    /// How many rows there have been.
    [[nodiscard]] std::int64_t seen() const noexcept { return seen_; }

  private:
    PageRange range_;
    std::vector<RowType> rows_;
    std::size_t at_ = 0;
    std::size_t count_ = 0;
    std::int64_t seen_ = 0;
    bool over_ = false;
};

}  // namespace causeway::ledger::verifier
