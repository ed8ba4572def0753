// SPDX-License-Identifier: Apache-2.0
//
// Days on which banks and payment systems work, by rule and not by a list of years, in the terms
// of Howard Hinnant's calendar, which C++20 took into <chrono>.
//
// A calendar knows where its rule begins and ends. Beyond that it says so instead of guessing:
// China decrees its days every November for one year, and nobody knows them before.
#pragma once

#include "ledger/clock.h"
#include "ledger/currency.h"
#include "ledger/result.h"

#include <span>
#include <string_view>

namespace causeway::ledger {

/// One of the calendars of the program. Lifetime: the program's. Threads: any.
///
/// Errors, of every method that asks about a day: `unavailable` when the day, or one that has to
/// be walked over, lies outside known_from() .. known_until(); then the detail names the calendar.
class Calendar {
  public:
    /// For calendar.cpp: the name, the rule and the days between which it holds.
    constexpr Calendar(std::string_view name, bool (*is_open)(Day), Day from, Day until)
        : name_(name), is_open_(is_open), from_(from), until_(until) {}

    /// "TARGET", "FEDWIRE", "BR", "MX", "GB", "JP", "CN", "WEEKENDS".
    [[nodiscard]] std::string_view name() const noexcept { return name_; }
    [[nodiscard]] Day known_from() const noexcept { return from_; }
    [[nodiscard]] Day known_until() const noexcept { return until_; }

    [[nodiscard]] Result<bool> is_business_day(Day day) const;
    /// The first business day after `day`, itself not counted.
    [[nodiscard]] Result<Day> next_business_day(Day day) const;
    /// The last business day before `day`, itself not counted.
    [[nodiscard]] Result<Day> previous_business_day(Day day) const;
    /// `count` times next_business_day(), or previous_business_day() when it is negative; `day`
    /// itself, be it one or not, when it is 0.
    [[nodiscard]] Result<Day> add_business_days(Day day, int count) const;

  private:
    std::string_view name_;
    bool (*is_open_)(Day);
    Day from_;
    Day until_;
};

/// Every calendar, in the order of Calendar::name() above.
[[nodiscard]] std::span<const Calendar> calendars() noexcept;

/// Errors: `not_found` naming the calendars there are.
[[nodiscard]] Result<const Calendar*> find_calendar(std::string_view name);

/// The Eurosystem's TARGET: the days for which the European Central Bank publishes its rates, every
/// one of them from 1999-01-04 to 2026-04-13.
[[nodiscard]] const Calendar& target_calendar() noexcept;

/// The days on which the banks of Brazil work; states and towns have further holidays.
[[nodiscard]] const Calendar& brazil_calendar() noexcept;

/// Saturdays and Sundays, and nothing else.
[[nodiscard]] const Calendar& weekend_calendar() noexcept;

/// Where a currency settles: TARGET for EUR, FEDWIRE for USD, and BR, MX, GB, JP, CN for BRL, MXN,
/// GBP, JPY, CNY. For every other currency weekend_calendar(), which takes its country's holidays
/// for business days: a value date made of it is the earliest possible one.
[[nodiscard]] const Calendar& calendar_of(Currency currency) noexcept;

/// The day T+`days`: counted over days that are good in both calendars, from the trade's day, or
/// from the next good day when it is none (a trade on a Saturday counts as Monday's).
///
/// Requires 0 <= days. Errors: as Calendar.
[[nodiscard]] Result<Day> value_date(Day trade, int days, const Calendar& a, const Calendar& b);

}  // namespace causeway::ledger
