// SPDX-License-Identifier: Apache-2.0
#include "ledger/clock.h"

#include <charconv>
#include <cstdio>

namespace causeway {
namespace {

namespace chrono = std::chrono;

// Reads exactly `count` digits off the front, or says no.
bool take_number(std::string_view& text, std::size_t count, int& number) {
    if (text.size() < count) return false;
    const char* const end = text.data() + count;
    for (const char* at = text.data(); at != end; ++at) {
        if (*at < '0' || *at > '9') return false;
    }
    (void)std::from_chars(text.data(), end, number);
    text.remove_prefix(count);
    return true;
}

bool take(std::string_view& text, char expected) {
    if (text.empty() || text.front() != expected) return false;
    text.remove_prefix(1);
    return true;
}

bool take_day(std::string_view& text, Day& day) {
    int year = 0;
    int month = 0;
    int of_month = 0;
    if (!take_number(text, 4, year) || !take(text, '-') || !take_number(text, 2, month) ||
        !take(text, '-') || !take_number(text, 2, of_month)) {
        return false;
    }
    const chrono::year_month_day date{chrono::year(year),
                                      chrono::month(static_cast<unsigned>(month)),
                                      chrono::day(static_cast<unsigned>(of_month))};
    if (!date.ok()) return false;
    day = date;
    return true;
}

bool take_time(std::string_view& text, chrono::microseconds& time) {
    int hour = 0;
    int minute = 0;
    int second = 0;
    if (!take_number(text, 2, hour) || !take(text, ':') || !take_number(text, 2, minute) ||
        !take(text, ':') || !take_number(text, 2, second)) {
        return false;
    }
    if (hour > 23 || minute > 59 || second > 59) return false;
    time = chrono::hours(hour) + chrono::minutes(minute) + chrono::seconds(second);
    if (!take(text, '.')) return true;

    int unit_us = 100'000;
    bool any = false;
    for (int digit = 0; take_number(text, 1, digit); unit_us /= 10, any = true) {
        if (unit_us == 0) return false;
        time += chrono::microseconds(digit * unit_us);
    }
    return any;
}

bool take_offset(std::string_view& text, chrono::minutes& offset) {
    if (take(text, 'Z') || take(text, 'z')) return true;
    const bool west = take(text, '-');
    if (!west && !take(text, '+')) return false;
    int hour = 0;
    int minute = 0;
    if (!take_number(text, 2, hour) || !take(text, ':') || !take_number(text, 2, minute)) {
        return false;
    }
    if (hour > 23 || minute > 59) return false;
    offset = chrono::hours(hour) + chrono::minutes(minute);
    if (west) offset = -offset;
    return true;
}

}  // namespace

Timestamp SystemClock::now() const noexcept {
    return chrono::floor<chrono::microseconds>(chrono::system_clock::now());
}

std::string to_text(Day day) {
    const chrono::year_month_day date(day);
    char text[40];
    (void)std::snprintf(text,
                        sizeof text,
                        "%04d-%02u-%02u",
                        static_cast<int>(date.year()),
                        static_cast<unsigned>(date.month()),
                        static_cast<unsigned>(date.day()));
    return text;
}

std::string to_rfc3339(Timestamp moment) {
    const Day day = day_of(moment);
    const chrono::hh_mm_ss time(chrono::floor<chrono::seconds>(moment - day));
    char text[16];
    (void)std::snprintf(text,
                        sizeof text,
                        "T%02d:%02d:%02dZ",
                        static_cast<int>(time.hours().count()),
                        static_cast<int>(time.minutes().count()),
                        static_cast<int>(time.seconds().count()));
    return to_text(day) + text;
}

Result<Timestamp> parse_rfc3339(std::string_view text) {
    Day day;
    chrono::microseconds time{0};
    chrono::minutes offset{0};
    std::string_view rest = text;
    const bool has_day = take_day(rest, day) && (take(rest, 'T') || take(rest, 't'));
    if (!has_day || !take_time(rest, time) || !take_offset(rest, offset) || !rest.empty()) {
        return Error(ErrorCode::invalid_argument, "not an RFC 3339 date-time");
    }
    return Timestamp(day) + time - offset;
}

Result<Day> parse_day(std::string_view text) {
    Day day;
    std::string_view rest = text;
    if (!take_day(rest, day) || !rest.empty()) {
        return Error(ErrorCode::invalid_argument, "not a day of the form YYYY-MM-DD");
    }
    return day;
}

}  // namespace causeway
