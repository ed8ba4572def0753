// SPDX-License-Identifier: Apache-2.0
//
// The rules behind the calendars, one function each, and what they are made of. For calendar*.cpp
// alone. Each takes any day, but only means something where calendar.cpp says that it holds.
#pragma once

#include "ledger/clock.h"

#include <chrono>

namespace causeway::ledger::day_rules {

/// Easter Sunday of the western churches.
/// The Gregorian computus in whole numbers; tests/ledger/calendar/calendar_test.cpp has the days.
[[nodiscard]] Day easter(std::chrono::year year) noexcept;

[[nodiscard]] bool is_weekend(Day day) noexcept;

/// `day` is the `index`-th `weekday` of `month`; the last one when `index` is 0.
[[nodiscard]] bool is_nth(Day day,
                          std::chrono::weekday weekday,
                          unsigned index,
                          std::chrono::month month) noexcept;

[[nodiscard]] bool target_is_open(Day day) noexcept;
[[nodiscard]] bool fedwire_is_open(Day day) noexcept;
[[nodiscard]] bool brazil_is_open(Day day) noexcept;
[[nodiscard]] bool mexico_is_open(Day day) noexcept;
[[nodiscard]] bool britain_is_open(Day day) noexcept;
[[nodiscard]] bool japan_is_open(Day day) noexcept;
[[nodiscard]] bool china_is_open(Day day) noexcept;
[[nodiscard]] bool weekdays_are_open(Day day) noexcept;

}  // namespace causeway::ledger::day_rules
