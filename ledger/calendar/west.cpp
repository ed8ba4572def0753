// SPDX-License-Identifier: Apache-2.0
//
// TARGET, England and Wales, the Federal Reserve, Brazil and Mexico: fixed days, days counted by
// weekday, and days counted from Easter.
#include "ledger/calendar/rules.h"

#include <algorithm>
#include <array>

namespace causeway::ledger::day_rules {
namespace {

using std::chrono::days;
using std::chrono::Friday;
using std::chrono::last;
using std::chrono::Monday;
using std::chrono::month_day;
using std::chrono::Saturday;
using std::chrono::Sunday;
using std::chrono::Thursday;
using std::chrono::weekday;
using std::chrono::year_month_day;
using namespace std::chrono_literals;

using std::chrono::April;
using std::chrono::August;
using std::chrono::December;
using std::chrono::February;
using std::chrono::January;
using std::chrono::July;
using std::chrono::June;
using std::chrono::March;
using std::chrono::May;
using std::chrono::November;
using std::chrono::October;
using std::chrono::September;

month_day month_day_of(Day day) noexcept {
    const year_month_day date(day);
    return date.month() / date.day();
}

std::chrono::year year_of(Day day) noexcept {
    return year_month_day(day).year();
}

template <std::size_t count>
bool is_one_of(Day day, const std::array<month_day, count>& fixed) noexcept {
    return std::ranges::find(fixed, month_day_of(day)) != fixed.end();
}

// Days from Easter Sunday to `day`: -2 on Good Friday.
int from_easter(Day day) noexcept {
    return static_cast<int>((day - easter(year_of(day))).count());
}

// Days that a royal proclamation added or moved to; each belongs to one year alone.
constexpr std::array kBritishDays{
    1999y / December / 31,   // the millennium
    2002y / June / 3,        // golden jubilee
    2002y / June / 4,        // the spring holiday, moved
    2011y / April / 29,      // a royal wedding
    2012y / June / 4,        // the spring holiday, moved
    2012y / June / 5,        // diamond jubilee
    2020y / May / 8,         // the early May holiday, moved
    2022y / June / 2,        // the spring holiday, moved
    2022y / June / 3,        // platinum jubilee
    2022y / September / 19,  // a state funeral
    2023y / May / 8,         // a coronation
};

bool is_british_spring_holiday(Day day) noexcept {
    const auto year = year_of(day);
    const bool is_moved = year == 2002y || year == 2012y || year == 2022y;
    return !is_moved && is_nth(day, Monday, 0, May);
}

// Christmas, Boxing Day and New Year's Day, and the weekdays in their place.
bool is_british_winter_holiday(Day day) noexcept {
    const month_day date = month_day_of(day);
    const weekday on(day);
    if (date == January / 1 || date == December / 25 || date == December / 26) return true;
    const bool after_new_year = date == January / 2 || date == January / 3;
    if (after_new_year) return on == Monday;
    // The 27th and 28th stand in for days of Christmas on a weekend, at most until Tuesday.
    if (date == December / 27) return on == Monday || on == std::chrono::Tuesday;
    return date == December / 28 && (on == Monday || on == std::chrono::Tuesday);
}

}  // namespace

Day easter(std::chrono::year year) noexcept {
    const int y = static_cast<int>(year);
    const int a = y % 19;
    const int b = y / 100;
    const int c = y % 100;
    const int h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    const int l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    const int m = (a + 11 * h + 22 * l) / 451;
    const int at = h + l - 7 * m + 114;
    return Day(year / (at / 31) / (at % 31 + 1));
}

bool is_weekend(Day day) noexcept {
    const weekday on(day);
    return on == Saturday || on == Sunday;
}

bool is_nth(Day day, weekday on, unsigned index, std::chrono::month month) noexcept {
    const auto year = year_of(day);
    return day == (index == 0 ? Day(year / month / on[last]) : Day(year / month / on[index]));
}

// Source: https://www.ecb.europa.eu/press/pr/date/2000/html/pr001214_4.en.html from 2002 on, and
// https://www.ecb.europa.eu/press/pr/date/1999/html/pr990715_1.en.html for 1999 and 2000. That
// 2001-12-31 was closed is what the ECB's own history of rates shows.
bool target_is_open(Day day) noexcept {
    if (is_weekend(day)) return false;
    if (is_one_of(day, std::array{January / 1, December / 25})) return false;
    const auto year = year_of(day);
    if (year == 1999y || year == 2001y) {
        if (month_day_of(day) == December / 31) return false;
    }
    if (year == 1999y) return true;
    if (is_one_of(day, std::array{May / 1, December / 26})) return false;
    const int distance = from_easter(day);
    return distance != -2 && distance != 1;
}

// Source: https://richmondfed.org/about_us/holiday_schedule (a Saturday's holiday closes no Friday,
// a Sunday's closes the Monday). Juneteenth is a holiday of the Federal Reserve since 2022; that
// days of national mourning are none is its practice.
bool fedwire_is_open(Day day) noexcept {
    if (is_weekend(day)) return false;
    const Day counted = weekday(day) == Monday ? day - days(1) : day;
    constexpr std::array kFixed{January / 1, July / 4, November / 11, December / 25};
    const bool is_juneteenth = year_of(day) >= 2022y && (month_day_of(day) == June / 19 ||
                                                         month_day_of(counted) == June / 19);
    if (is_juneteenth || is_one_of(day, kFixed) || is_one_of(counted, kFixed)) return false;
    return !(is_nth(day, Monday, 3, January) || is_nth(day, Monday, 3, February) ||
             is_nth(day, Monday, 0, May) || is_nth(day, Monday, 1, September) ||
             is_nth(day, Monday, 2, October) || is_nth(day, Thursday, 4, November));
}

// The national holidays, and the three days that are none by law but on which nothing settles.
// Ash Wednesday and 31 December have short hours and count as business days.
// Source: Conselho Monetário Nacional, Resolução 4.880 of 2020-12-23, as the banks' association
// Febraban cites it, and https://www.anbima.com.br/feriados/feriados.asp (31 December). 20 November
// is a national holiday since 2024.
bool brazil_is_open(Day day) noexcept {
    if (is_weekend(day)) return false;
    constexpr std::array kFixed{January / 1,
                                April / 21,
                                May / 1,
                                September / 7,
                                October / 12,
                                November / 2,
                                November / 15,
                                December / 25};
    if (is_one_of(day, kFixed)) return false;
    if (year_of(day) >= 2024y && month_day_of(day) == November / 20) return false;
    constexpr std::array kFromEaster{-48, -47, -2, 60};  // carnival, Good Friday, Corpus Christi
    return std::ranges::find(kFromEaster, from_easter(day)) == kFromEaster.end();
}

// Source: the yearly order of the Comisión Nacional Bancaria y de Valores on the days on which
// banks close, those of 2016 and 2024. 1 October every sixth year from 2024 on, when a president
// takes office; before, it was 1 December.
bool mexico_is_open(Day day) noexcept {
    if (is_weekend(day)) return false;
    constexpr std::array kFixed{
        January / 1, May / 1, September / 16, November / 2, December / 12, December / 25};
    if (is_one_of(day, kFixed)) return false;
    const int year = static_cast<int>(year_of(day));
    if (year % 6 == 2) {
        const month_day oath = year >= 2024 ? October / 1 : December / 1;
        if (month_day_of(day) == oath) return false;
    }
    if (is_nth(day, Monday, 1, February) || is_nth(day, Monday, 3, March) ||
        is_nth(day, Monday, 3, November)) {
        return false;
    }
    const int distance = from_easter(day);
    return distance != -3 && distance != -2;
}

// England and Wales. Source: Banking and Financial Dealings Act 1971, and the proclamations that
// added or moved a day, such as https://www.thegazette.co.uk/notice/3326938 for 8 May 2020.
bool britain_is_open(Day day) noexcept {
    if (is_weekend(day) || is_british_winter_holiday(day)) return false;
    if (std::ranges::find(kBritishDays, year_month_day(day)) != kBritishDays.end()) return false;
    const int distance = from_easter(day);
    if (distance == -2 || distance == 1) return false;
    if (year_of(day) != 2020y && is_nth(day, Monday, 1, May)) return false;
    return !is_british_spring_holiday(day) && !is_nth(day, Monday, 0, August);
}

bool weekdays_are_open(Day day) noexcept {
    return !is_weekend(day);
}

}  // namespace causeway::ledger::day_rules
