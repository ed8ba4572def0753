// SPDX-License-Identifier: Apache-2.0
//
// What remains of pending entries, as the writer knows it, with a way back.
#pragma once

#include "ledger/clock.h"
#include "ledger/id.h"
#include "ledger/journal/entry.h"
#include "ledger/result.h"

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

namespace causeway::ledger {

/// The number is stored.
enum class PendingState : std::uint8_t { open = 1, posted = 2, voided = 3, expired = 4 };

/// What remains of one line. Units: minor units, debit positive; 0: nothing.
struct PendingPart {
    std::int64_t account_id;
    std::int64_t remaining;

    friend bool operator==(const PendingPart&, const PendingPart&) = default;
};

/// A row of journal_pendings.
struct Pending {
    Uuid id;
    PendingState state = PendingState::open;
    std::int64_t expires_us = 0;  ///< 0: never.
    std::vector<PendingPart> parts;
};

/// The bytes of the column `remaining`: the id, then the parts.
[[nodiscard]] std::vector<std::uint8_t> pack_pending(const Pending& pending);
/// Fills id and parts. Errors: `integrity`.
[[nodiscard]] Result<void> unpack_pending(std::span<const std::uint8_t> bytes, Pending& pending);

/// Takes `minor_units` on an account from what remains. False, and nothing changed, when less
/// remains on that side of the account.
[[nodiscard]] bool take_from(Pending& pending, std::int64_t account_id, std::int64_t minor_units);
[[nodiscard]] bool nothing_remains(const Pending& pending);

/// Threads: the writer's only.
class PendingMemory {
  public:
    using Mark = std::size_t;

    /// As the database has it.
    void load(Sequence sequence, Pending pending);
    [[nodiscard]] const Pending* find(Sequence sequence) const;
    /// What it is from now on; can be undone.
    void put(Sequence sequence, Pending pending);

    [[nodiscard]] Mark mark() const noexcept { return undo_.size(); }
    void revert(Mark mark);
    void keep() { undo_.clear(); }

    /// Those of this batch, in order of their sequences.
    [[nodiscard]] const std::set<Sequence>& touched() const noexcept { return touched_; }
    /// The batch is over: what is no longer open is forgotten, or all when `everything`.
    void end_batch(bool everything);

    /// Open ones whose time is at or before `now`, earliest first, at most `count_max`.
    [[nodiscard]] std::vector<Sequence> due(Timestamp now, std::int64_t count_max) const;

  private:
    void set(Sequence sequence, std::optional<Pending> pending);

    std::unordered_map<Sequence, Pending> all_;
    std::set<std::pair<std::int64_t, Sequence>> expiring_;  // the open ones with a time
    std::set<Sequence> touched_;
    std::vector<std::pair<Sequence, std::optional<Pending>>> undo_;
};

}  // namespace causeway::ledger
