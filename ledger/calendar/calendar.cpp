// SPDX-License-Identifier: Apache-2.0
#include "ledger/calendar/calendar.h"

#include "ledger/calendar/rules.h"

#include <algorithm>
#include <array>
#include <string>

namespace causeway::ledger {
namespace {

using namespace std::chrono_literals;
using std::chrono::December;
using std::chrono::January;

constexpr Day first_of(int year) {
    return Day(std::chrono::year(year) / January / 1);
}
constexpr Day last_of(int year) {
    return Day(std::chrono::year(year) / December / 31);
}

// The equinoxes of Japan are computed to 2099; the others stop there too.
constexpr Day kEnd = last_of(2099);

constexpr std::array kCalendars{
    Calendar("TARGET", day_rules::target_is_open, first_of(1999), kEnd),
    Calendar("FEDWIRE", day_rules::fedwire_is_open, first_of(1999), kEnd),
    Calendar("BR", day_rules::brazil_is_open, first_of(2001), kEnd),
    Calendar("MX", day_rules::mexico_is_open, first_of(2007), kEnd),
    Calendar("GB", day_rules::britain_is_open, first_of(1999), kEnd),
    Calendar("JP", day_rules::japan_is_open, first_of(2000), kEnd),
    Calendar("CN", day_rules::china_is_open, first_of(2010), last_of(2026)),
    Calendar("WEEKENDS", day_rules::weekdays_are_open, first_of(1970), kEnd),
};

const Calendar& named(std::string_view name) noexcept {
    return *std::ranges::find(kCalendars, name, &Calendar::name);
}

}  // namespace

Result<bool> Calendar::is_business_day(Day day) const {
    if (day < from_ || day > until_) {
        return Error(ErrorCode::unavailable,
                     "the calendar " + std::string(name_) + " is known from " + to_text(from_) +
                         " to " + to_text(until_) + ", and not for " + to_text(day));
    }
    return is_open_(day);
}

Result<Day> Calendar::next_business_day(Day day) const {
    return add_business_days(day, 1);
}

Result<Day> Calendar::previous_business_day(Day day) const {
    return add_business_days(day, -1);
}

Result<Day> Calendar::add_business_days(Day day, int count) const {
    const int step = count < 0 ? -1 : 1;
    for (int left = count; left != 0;) {
        day += std::chrono::days(step);
        const Result<bool> open = is_business_day(day);
        if (!open) return open.error();
        if (*open) left -= step;
    }
    return day;
}

std::span<const Calendar> calendars() noexcept {
    return kCalendars;
}

Result<const Calendar*> find_calendar(std::string_view name) {
    const auto found = std::ranges::find(kCalendars, name, &Calendar::name);
    if (found != kCalendars.end()) return &*found;
    std::string known;
    for (const Calendar& calendar : kCalendars)
        known += (known.empty() ? "" : ", ") + std::string(calendar.name());
    return Error(ErrorCode::not_found, "there is no such calendar; there are " + known);
}

const Calendar& target_calendar() noexcept {
    return kCalendars.front();
}

const Calendar& brazil_calendar() noexcept {
    static const Calendar& calendar = named("BR");
    return calendar;
}

const Calendar& weekend_calendar() noexcept {
    return kCalendars.back();
}

const Calendar& calendar_of(Currency currency) noexcept {
    switch (currency.numeric()) {
        case 978: return target_calendar();
        case 840: return named("FEDWIRE");
        case 986: return brazil_calendar();
        case 484: return named("MX");
        case 826: return named("GB");
        case 392: return named("JP");
        case 156: return named("CN");
        default: return weekend_calendar();
    }
}

Result<Day> value_date(Day trade, int days, const Calendar& a, const Calendar& b) {
    for (;; trade += std::chrono::days(1)) {
        const Result<bool> good_in_a = a.is_business_day(trade);
        if (!good_in_a) return good_in_a.error();
        const Result<bool> good_in_b = b.is_business_day(trade);
        if (!good_in_b) return good_in_b.error();
        if (!*good_in_a || !*good_in_b) continue;
        if (days == 0) return trade;
        --days;
    }
}

}  // namespace causeway::ledger
