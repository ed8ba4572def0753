// SPDX-License-Identifier: Apache-2.0
//
// Brazil's days, and those on which its banks work.
//
// What is due on another day is paid in time on the next one on which they do. National holidays
// and weekends are known; holidays of states and towns, which banks and the law count too, are not.
// Behind the last year of ledger::brazil_calendar(), 2099, only weekends are known.
#pragma once

#include "ledger/clock.h"

namespace causeway::connectors::codes {

/// By the clock of Brasília: three hours behind UTC, and no summer time since 2019.
/// Source: Decreto 9.772/2019.
[[nodiscard]] Day day_in_brazil(Timestamp moment) noexcept;
/// The first moment after that day.
[[nodiscard]] Timestamp end_in_brazil(Day day) noexcept;

[[nodiscard]] bool is_banking_day(Day day) noexcept;
/// The first one after `day`.
[[nodiscard]] Day next_banking_day(Day day) noexcept;
/// `day` itself, or the first one after it: until then nothing is added to what was due on `day`.
/// Source: Lei 7.089/1983, art. 1.
[[nodiscard]] Day banking_day_from(Day day) noexcept;

}  // namespace causeway::connectors::codes
