// SPDX-License-Identifier: Apache-2.0
//
// Days that ended while no gateway ran, or while none was to revalue: which of them are revalued
// afterwards, each with the rates of its own day. There is an end to it: books that were left alone
// for a year are not revalued day by day.
#pragma once

#include "gateway/fx/revaluation.h"

#include <chrono>
#include <string>
#include <vector>

namespace causeway::gateway {

inline constexpr std::chrono::days kMissedMax{31};

/// Days of a pair that stay without a revaluation, both included.
struct ForgoneDays {
    fx::Pair pair;
    Day from;
    Day until;
};

struct MissedDays {
    std::vector<Day> days;  ///< Oldest first, `until` the last; at least that one.
    std::vector<ForgoneDays> forgone;
};

/// What is left to do up to the end of `until`, of which nothing may be done twice: revalue() each.
/// A pair that was never revalued counts from the oldest day within the limit.
///
/// Errors: `integrity`, `storage`.
[[nodiscard]] Result<MissedDays> missed_days(const RevaluationDesk& desk, Day until);

/// "2026-02-01 to 2026-03-09 of USD/EUR are too long ago".
[[nodiscard]] std::string forgone_text(const ForgoneDays& forgone);

}  // namespace causeway::gateway
