// SPDX-License-Identifier: Apache-2.0
//
// The newest rates in memory, for those who quote: no database, no allocation and no lock on the
// look-up path. Whoever imports rates publishes them here; a quote that is being made keeps the
// snapshot it began with.
//
// Why not std::atomic<std::shared_ptr>: in libstdc++ 12 its load() spins on a bit of the pointer,
// and one reader that is put to sleep there stops all. Here a reader is stopped by nobody.
#pragma once

#include "fx/rate_snapshot.h"
#include "ledger/clock.h"
#include "ledger/currency.h"
#include "ledger/result.h"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>

namespace causeway::fx {

/// Threads: every method may be called from any thread.
class RateBook {
  public:
    RateBook() = default;
    RateBook(const RateBook&) = delete;
    RateBook& operator=(const RateBook&) = delete;

    /// Replaces the snapshot. The one before the present one is let go, unless somebody holds it.
    void publish(RateSnapshot snapshot);

    /// Replaces the snapshot by that of one table alone, unless the present one is of a later day:
    /// importing an old file does not turn the rates back. Says whether it did.
    bool publish(ReferenceTable table);

    /// The present snapshot, or null. It never changes; publish() puts another in its place.
    [[nodiscard]] std::shared_ptr<const RateSnapshot> snapshot() const noexcept;

    /// Units: units of `target` per one unit of `source`. However old.
    ///
    /// Errors: `unavailable` when nothing was published yet; as RateSnapshot::mid().
    [[nodiscard]] Result<Decimal> mid_rate(ledger::Currency source, ledger::Currency target) const;

    /// Whether there is no snapshot, or every source of it is stale.
    [[nodiscard]] bool stale(Day today, std::chrono::days age_max) const;

  private:
    /// One of the two is read while the other one is being written.
    struct Slot {
        std::shared_ptr<const RateSnapshot> snapshot;
        mutable std::atomic<int> readers{0};
    };

    void put(std::shared_ptr<const RateSnapshot> fresh);

    std::mutex publishing_;
    std::atomic<std::size_t> active_{0};
    std::array<Slot, 2> slots_;
};

}  // namespace causeway::fx
