// SPDX-License-Identifier: Apache-2.0
//
// What the open positions were worth at the end of a day. It is booked as of that moment, and taken
// back as of the next one, so that every day's result is its own.
//
// A day is revalued once, whoever asks and however often, until somebody says that it was wrong;
// the reversal of a day is booked together with the revaluation of a later one, or when that is
// overdue. Without a rate that is fresh enough a pair is not revalued
// for that day, but what stood of an earlier day is reversed all the same.
#pragma once

#include "fx/position.h"
#include "gateway/config.h"
#include "gateway/fx/positions_store.h"
#include "gateway/metrics.h"
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
    failed,        ///< Nothing was booked; see `why`.
};

[[nodiscard]] std::string_view to_string(Revalued outcome) noexcept;

/// What became of one pair.
struct PairRevalued {
    fx::Pair pair;
    Revalued outcome = Revalued::booked;
    std::int64_t reversed = 0;          ///< What was taken back. Units: of the counter currency.
    std::optional<Revaluation> booked;  ///< Of outcome `booked`.
    std::string why;                    ///< Of outcomes `no_rate` and `failed`.

    /// What has an outcome that another try may better.
    [[nodiscard]] bool is_open() const noexcept {
        return outcome == Revalued::no_rate || outcome == Revalued::failed;
    }
};

/// Revalues every pair that has or had something, each in a transaction of its own, whatever
/// becomes of the others. Blocks.
///
/// Errors: `invalid_argument` for a day that has not ended; `integrity`, `storage` when positions
/// or rates can not be read.
[[nodiscard]] Result<std::vector<PairRevalued>> revalue(const RevaluationDesk& desk, Day day);

/// Takes back what was booked for `day` and books what is known of it now, each pair as of
/// revalue(). What the day's reversal took back is corrected too. A pair whose figures are what
/// they were is `known_before`; one that was not revalued for `day` is now.
///
/// Errors: as revalue().
[[nodiscard]] Result<std::vector<PairRevalued>> revalue_again(const RevaluationDesk& desk,
                                                              Day day,
                                                              const RevaluationWord& word);

/// What still stood in the books of an earlier day.
struct PairReversed {
    fx::Pair pair;
    std::int64_t amount = 0;  ///< Units: of the counter currency.
};

/// Reverses what stands of days before `until`: their next day has ended, and its own revaluation
/// did not come, be it that it failed or that nobody revalues any more. Blocks.
///
/// Errors: `integrity`, `storage`.
[[nodiscard]] Result<std::vector<PairReversed>> reverse_due(const RevaluationDesk& desk, Day until);

/// The day up to which each pair was revalued.
[[nodiscard]] MetricCollector revaluation_metrics();

/// "fxrev_USD/EUR_2026-04-13": the reference of a revaluation's entry, and of its reversal.
[[nodiscard]] std::string revaluation_reference(const fx::Pair& pair, Day day);

}  // namespace causeway::gateway
