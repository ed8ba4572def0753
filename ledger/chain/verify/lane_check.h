// SPDX-License-Identifier: Apache-2.0
//
// One lane of the journal: its numbers, its times, its chain of hashes and its heads.
#pragma once

#include "ledger/chain/head.h"
#include "ledger/chain/merkle.h"
#include "ledger/chain/verify/findings.h"
#include "ledger/chain/verify/holes.h"
#include "ledger/chain/verify/lane_rows.h"
#include "ledger/chain/verify/pages.h"
#include "ledger/chain/verify/pending_book.h"

#include <cstdint>
#include <optional>
#include <span>

namespace causeway::ledger::verifier {

/// What all lanes share.
///
/// Lifetime: all of it outlives the lanes.
struct LaneContext {
    Transaction& snapshot;
    Findings& findings;
    VerifyReport& report;
    Holes& holes;
    PendingBook& pendings;
    std::span<const PublicKey> trusted;
    bool shared;
};

class LaneCheck {
  public:
    LaneCheck(const LaneContext& context, std::int64_t lane, std::optional<LaneRow> row);

    [[nodiscard]] std::int64_t lane() const noexcept { return lane_; }

    /// Whether there is a next entry; then next() is it. Errors: `storage`.
    [[nodiscard]] Result<bool> fill() {
        return entries_.empty() ? entries_.fill(context_.snapshot) : Result<bool>(true);
    }
    [[nodiscard]] EntryRow& next() { return entries_.front(); }
    void pop() { entries_.pop(); }

    /// Holds the entry's number and time to those of its predecessor.
    void arrive(const EntryRow& row);
    /// The entry is of type `pending`, or resolves one. Errors: `storage`.
    [[nodiscard]] Result<void> check_pending(const StoredEntry& entry);
    /// `previous()` goes into the hash of the next entry; none when it is not known.
    [[nodiscard]] const std::optional<ChainHash>& previous() const noexcept { return hash_; }
    /// The entry is in the chain with this hash, and a head may end here. Errors: `storage`.
    [[nodiscard]] Result<void> chain(const EntryRow& row);
    /// No entry follows. Errors: `storage`.
    [[nodiscard]] Result<void> finish();

    /// How many rows there have been.
    [[nodiscard]] std::int64_t pending_rows() const noexcept { return pending_rows_.seen(); }
    [[nodiscard]] std::int64_t heads() const noexcept { return heads_.seen(); }

  private:
    [[nodiscard]] Result<void> check_heads(Sequence sequence);
    [[nodiscard]] Result<void> next_head();
    [[nodiscard]] Result<void> check_head(const HeadRow& row);
    void check_segment(const HeadRow& row, const Head& head);
    void check_row(const StoredEntry& entry);
    void finish_row();

    LaneContext context_;
    std::int64_t lane_;
    std::optional<LaneRow> row_;
    Pages<EntryRow> entries_;
    Pages<PendingRow> pending_rows_;
    Pages<HeadRow> heads_;

    Sequence last_;  // the entry before the next one
    std::optional<ChainHash> hash_ = ChainHash{};
    std::int64_t recorded_us_ = INT64_MIN;
    bool heads_begun_ = false;
    Sequence head_at_ = 0;  // where the next head ends
    Sequence segment_first_;
    MerkleAccumulator segment_;
    ChainHash previous_head_{};
};

}  // namespace causeway::ledger::verifier
