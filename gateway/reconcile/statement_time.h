// SPDX-License-Identifier: Apache-2.0
//
// Local times of a provider's file, whose zone stands in a column of its own.
//
// Policy where clocks change: a time that was skipped in spring never was and is an error; a time
// that came twice in autumn is taken to be its first coming (summer time still). Only the day is
// used, so the choice matters where the repeated hour holds midnight in UTC.
#pragma once

#include "ledger/clock.h"
#include "ledger/result.h"

#include <chrono>
#include <string_view>

namespace causeway::gateway {

/// Reads "2026-04-13 10:01:00" as it stands, without a zone.
///
/// Errors: `invalid_argument`.
[[nodiscard]] Result<std::chrono::sys_seconds> parse_local_time(std::string_view text);

/// The UTC day of `local` in the zone called `zone`: UTC, GMT, an IANA name such as
/// "Europe/Amsterdam", or a summer-time abbreviation that IANA lacks (CEST, EDT, PDT).
///
/// Errors: `not_found` for an unknown zone; `invalid_argument` for a time that was skipped there.
[[nodiscard]] Result<Day> utc_day(std::chrono::sys_seconds local, std::string_view zone);

}  // namespace causeway::gateway
