// SPDX-License-Identifier: Apache-2.0
//
// The newest reference table in memory, for those who quote: no database and no allocation on the
// look-up path. Whoever imports a feed publishes its newest table here; a quote that is being made
// keeps the table it began with.
#pragma once

#include "fx/rate.h"
#include "ledger/clock.h"
#include "ledger/currency.h"
#include "ledger/result.h"

#include <chrono>
#include <memory>
#include <mutex>

namespace causeway::fx {

/// Threads: every method may be called from any thread.
class RateBook {
  public:
    RateBook() = default;
    RateBook(const RateBook&) = delete;
    RateBook& operator=(const RateBook&) = delete;

    /// Replaces the table, unless the present one is of a later day: importing an old file does
    /// not turn the rates back. Says whether it did.
    bool publish(ReferenceTable table);

    /// The present table, or null. It never changes; publish() puts another in its place.
    [[nodiscard]] std::shared_ptr<const ReferenceTable> snapshot() const;

    /// Units: units of `target` per one unit of `source`.
    ///
    /// Errors: `unavailable` when nothing was published yet; as ReferenceTable::cross().
    [[nodiscard]] Result<Decimal> mid_rate(ledger::Currency source, ledger::Currency target) const;

    /// Whether there is no table, or its day is more than `age_max` before `today`.
    [[nodiscard]] bool stale(Day today, std::chrono::days age_max) const;

  private:
    mutable std::mutex mutex_;
    std::shared_ptr<const ReferenceTable> table_;
};

}  // namespace causeway::fx
