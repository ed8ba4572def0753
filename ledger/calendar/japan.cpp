// SPDX-License-Identifier: Apache-2.0
//
// Japan's bank holidays: Saturdays, Sundays, 31 December to 3 January, and the holidays of the
// Act on National Holidays with the days that it derives from them.
//
// Source: Order for Enforcement of the Banking Act, article 5, paragraph 1; Act on National
// Holidays (1948), articles 2 and 3. The equinoxes by the formula of Shin Koyomi Benricho, good
// from 1980 to 2099; the day itself is announced each February for the year after.
#include "ledger/calendar/rules.h"

#include <algorithm>
#include <array>

namespace causeway::ledger::day_rules {
namespace {

using std::chrono::days;
using std::chrono::Monday;
using std::chrono::month_day;
using std::chrono::Sunday;
using std::chrono::weekday;
using std::chrono::year_month_day;
using namespace std::chrono_literals;

using std::chrono::April;
using std::chrono::August;
using std::chrono::December;
using std::chrono::February;
using std::chrono::January;
using std::chrono::July;
using std::chrono::March;
using std::chrono::May;
using std::chrono::November;
using std::chrono::October;
using std::chrono::September;

// Millionths of a day, so that the formula stays whole.
constexpr int kVernalBase = 20'843'100;
constexpr int kAutumnalBase = 23'248'800;

// The day of the month, March or September. Requires 1980 <= year <= 2099.
unsigned equinox_day(int base, int year) noexcept {
    constexpr int kDrift = 242'194;
    const int since = year - 1980;
    return static_cast<unsigned>((base + kDrift * since) / 1'000'000 - since / 4);
}

bool is_equinox(year_month_day date) noexcept {
    const int year = static_cast<int>(date.year());
    const unsigned day = static_cast<unsigned>(date.day());
    if (date.month() == March) return day == equinox_day(kVernalBase, year);
    return date.month() == September && day == equinox_day(kAutumnalBase, year);
}

// Holidays of one year alone, and those that the Olympic games moved.
constexpr std::array kOnce{
    2019y / May / 1,       // the enthronement
    2019y / October / 22,  // and its ceremony
    2020y / July / 23,     // Marine Day
    2020y / July / 24,     // Sports Day
    2020y / August / 10,   // Mountain Day
    2021y / July / 22,
    2021y / July / 23,
    2021y / August / 8,
};

bool is_moved_year(std::chrono::year year) noexcept {
    return year == 2020y || year == 2021y;
}

bool is_emperors_birthday(year_month_day date) noexcept {
    if (date.year() >= 2020y) return date.month() / date.day() == February / 23;
    return date.year() <= 2018y && date.month() / date.day() == December / 23;
}

// Marine Day, Mountain Day, Sports Day and Respect for the Aged Day.
bool is_summer_holiday(Day day) noexcept {
    const year_month_day date(day);
    const month_day on = date.month() / date.day();
    const bool is_early = date.year() <= 2002y;
    if (is_early && (on == July / 20 || on == September / 15)) return true;
    if (!is_early && is_nth(day, Monday, 3, September)) return true;
    if (is_moved_year(date.year())) return false;
    if (!is_early && is_nth(day, Monday, 3, July)) return true;
    if (date.year() >= 2016y && on == August / 11) return true;
    return is_nth(day, Monday, 2, October);
}

// A holiday by its own name.
bool is_national(Day day) noexcept {
    constexpr std::array kFixed{
        January / 1, February / 11, April / 29, May / 3, May / 5, November / 3, November / 23};
    const year_month_day date(day);
    const month_day on = date.month() / date.day();
    if (std::ranges::find(kFixed, on) != kFixed.end()) return true;
    if (on == May / 4 && date.year() >= 2007y) return true;
    if (std::ranges::find(kOnce, date) != kOnce.end()) return true;
    return is_equinox(date) || is_emperors_birthday(date) || is_summer_holiday(day) ||
           is_nth(day, Monday, 2, January);
}

// The day in the place of a holiday on a Sunday: the next that is no holiday itself. Before 2007
// it was the Monday or nothing.
bool is_substitute(Day day) noexcept {
    if (is_national(day)) return false;
    if (year_month_day(day).year() < 2007y) {
        return weekday(day) == Monday && is_national(day - days(1));
    }
    for (Day before = day - days(1); is_national(before); before -= days(1)) {
        if (weekday(before) == Sunday) return true;
    }
    return false;
}

bool is_between_holidays(Day day) noexcept {
    return is_national(day - days(1)) && is_national(day + days(1));
}

}  // namespace

bool japan_is_open(Day day) noexcept {
    constexpr std::array kBankDays{January / 2, January / 3, December / 31};
    if (is_weekend(day)) return false;
    const year_month_day date(day);
    if (std::ranges::find(kBankDays, date.month() / date.day()) != kBankDays.end()) return false;
    return !is_national(day) && !is_substitute(day) && !is_between_holidays(day);
}

}  // namespace causeway::ledger::day_rules
