// SPDX-License-Identifier: Apache-2.0
//
// What the open positions were worth at the end of a day. It is booked as of that moment, and taken
// back as of the next one, so that every day's result is its own.
//
// A day is revalued once, whoever asks and however often; the reversal of a day is booked together
// with the revaluation of a later one. Without a rate that is fresh enough a pair is not revalued
// for that day, but what stood of an earlier day is reversed all the same.
#pragma once

#include "fx/position.h"
#include "gateway/config.h"
#include "gateway/fx/positions_store.h"
#include "ledger/clock.h"
#include "ledger/id.h"
#include "ledger/journal/journal.h"
#include "ledger/result.h"
#include "ledger/store/database.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace causeway::gateway {

/// Lifetime: everything referred to outlives whoever revalues; `settings` may be null.
struct RevaluationDesk {
    ledger::Database& database;
    ledger::Journal& journal;
    const Clock& clock;
    IdSource& ids;
    const FxSettings* settings = nullptr;
};

enum class Revalued {
    booked,
    known_before,  ///< That day, or a later one.
    no_rate,       ///< See `why`.
};

[[nodiscard]] std::string_view to_string(Revalued outcome) noexcept;

/// What became of one pair.
struct PairRevalued {
    fx::Pair pair;
    Revalued outcome = Revalued::booked;
    std::int64_t reversed = 0;          ///< What was taken back. Units: of the counter currency.
    std::optional<Revaluation> booked;  ///< Of outcome `booked`.
    std::string why;                    ///< Of outcome `no_rate`.
};

/// Revalues every pair that has or had something, each in a transaction of its own. Blocks.
///
/// Errors: `invalid_argument` for a day that has not ended; `integrity`, `storage`. Pairs that were
/// done before the error stay done.
[[nodiscard]] Result<std::vector<PairRevalued>> revalue(const RevaluationDesk& desk, Day day);

/// "fxrev_USD/EUR_2026-04-13": the reference of a revaluation's entry, and of its reversal.
[[nodiscard]] std::string revaluation_reference(const fx::Pair& pair, Day day);

}  // namespace causeway::gateway
