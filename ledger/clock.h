// SPDX-License-Identifier: Apache-2.0
//
// Time as it is handed in: nothing but SystemClock reads the wall clock, so that a test can run
// a day of payments in a millisecond. Everything is UTC; a Day has no zone until somebody who
// knows the zone makes one.
#pragma once

#include "ledger/result.h"

#include <atomic>
#include <chrono>
#include <string>
#include <string_view>

namespace causeway {

/// A moment in UTC. Units: microseconds since 1970-01-01.
using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;
using Day = std::chrono::sys_days;

class Clock {
  public:
    Clock() = default;
    Clock(const Clock&) = delete;
    Clock& operator=(const Clock&) = delete;
    virtual ~Clock() = default;

    /// Threads: may be called from any thread.
    [[nodiscard]] virtual Timestamp now() const noexcept = 0;
};

/// The machine's clock. Only main() and tests make one.
class SystemClock final : public Clock {
  public:
    [[nodiscard]] Timestamp now() const noexcept override;
};

/// A clock that stands still until it is moved.
class ManualClock final : public Clock {
  public:
    explicit ManualClock(Timestamp start) : now_(start) {}
    [[nodiscard]] Timestamp now() const noexcept override { return now_.load(); }
    void set(Timestamp now) noexcept { now_.store(now); }
    void advance(std::chrono::microseconds by) noexcept { now_.store(now_.load() + by); }

  private:
    std::atomic<Timestamp> now_;
};

[[nodiscard]] inline Day day_of(Timestamp moment) noexcept {
    return std::chrono::floor<std::chrono::days>(moment);
}

/// Units: microseconds since 1970-01-01 UTC; how moments are stored.
[[nodiscard]] inline std::int64_t to_microseconds(Timestamp moment) noexcept {
    return moment.time_since_epoch().count();
}
[[nodiscard]] inline Timestamp from_microseconds(std::int64_t count) noexcept {
    return Timestamp(std::chrono::microseconds(count));
}

/// "2026-04-13T10:01:00Z": whole seconds, the fraction cut off. Source: RFC 3339 section 5.6.
[[nodiscard]] std::string to_rfc3339(Timestamp moment);

/// Reads an RFC 3339 date-time with any offset and up to six decimals of a second.
///
/// Errors: `invalid_argument`.
[[nodiscard]] Result<Timestamp> parse_rfc3339(std::string_view text);

/// "2026-04-13".
[[nodiscard]] std::string to_text(Day day);

/// Errors: `invalid_argument` unless it is YYYY-MM-DD and a day of the calendar.
[[nodiscard]] Result<Day> parse_day(std::string_view text);

}  // namespace causeway
