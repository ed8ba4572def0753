// SPDX-License-Identifier: Apache-2.0
//
// The positions as this gateway's books have them: now, inside a transaction that changes them, or
// as they were at the end of a day.
//
// A day ends when the next one begins in UTC, by the effective clock: a payment of before midnight
// that was booked after it belongs to the day before.
#pragma once

#include "fx/position.h"
#include "fx/rate_snapshot.h"
#include "gateway/config.h"
#include "ledger/clock.h"
#include "ledger/journal/journal.h"
#include "ledger/result.h"
#include "ledger/store/database.h"

#include <optional>
#include <vector>

namespace causeway::gateway {

/// The last moment of that day.
[[nodiscard]] Timestamp end_of(Day day);

/// As this body sees it. On an engine that others write to, too, the pair's accounts stay locked
/// until the commit, so that nobody changes the position in between.
///
/// Threads: inside a CommitQueue body only.
[[nodiscard]] Result<fx::Position> position_in(ledger::Transaction& body,
                                               ledger::Journal& journal,
                                               const fx::Pair& pair);

/// All pairs, in order of the owner's name; at the end of `day` when there is one, else now.
///
/// Errors: as fx::positions_of() and ledger::History.
[[nodiscard]] Result<std::vector<fx::Position>> positions(ledger::Database& database,
                                                          const ledger::Journal& journal,
                                                          std::optional<Day> day = {});

/// The rates that were known for `day`, and how old they may be by then.
///
/// Errors: as load_snapshot().
struct DayRates {
    std::optional<fx::RateSnapshot> snapshot;  ///< None when nothing is stored.
    fx::Freshness freshness;

    /// Errors: `not_found` when there is none; `expired` when it is stale.
    [[nodiscard]] Result<fx::MidRate> mid(const fx::Pair& pair) const;
};
/// `settings` may be null.
[[nodiscard]] Result<DayRates> rates_of_day(ledger::Database& database,
                                            const FxSettings* settings,
                                            Day day);

}  // namespace causeway::gateway
