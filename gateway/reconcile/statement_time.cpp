// SPDX-License-Identifier: Apache-2.0
#include "gateway/reconcile/statement_time.h"

#include <date/tz.h>

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>
#include <string>

namespace causeway::gateway {
namespace {

constexpr std::size_t kDayLength = 10;
constexpr std::size_t kTimeLength = 19;

struct FixedZone {
    std::string_view name;
    std::chrono::hours offset;
};

// Those two names that need no zone database, and abbreviations that only mean one thing and that
// the database does not know. "CET" is a zone of the database and means summer time in summer.
constexpr std::array kFixedZones{
    FixedZone{"UTC", std::chrono::hours(0)},
    FixedZone{"GMT", std::chrono::hours(0)},
    FixedZone{"CEST", std::chrono::hours(2)},
    FixedZone{"EDT", std::chrono::hours(-4)},
    FixedZone{"PDT", std::chrono::hours(-7)},
    FixedZone{"PST", std::chrono::hours(-8)},
};

// Two digits below `end`, or -1.
int two_digits(std::string_view text, std::size_t at, int end) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (!is_digit(text[at]) || !is_digit(text[at + 1])) return -1;
    const int number = (text[at] - '0') * 10 + (text[at + 1] - '0');
    return number < end ? number : -1;
}

// The library throws for an unknown name, and when the machine has no zone database at all.
const date::time_zone* find_zone(std::string_view name) {
    try {
        return date::locate_zone(std::string(name));
    } catch (const std::exception&) {
        return nullptr;
    }
}

}  // namespace

Result<std::chrono::sys_seconds> parse_local_time(std::string_view text) {
    const Error wrong(ErrorCode::invalid_argument, "is not a time such as 2026-04-13 10:01:00");
    if (text.size() != kTimeLength || text[10] != ' ') return wrong;
    if (text[13] != ':' || text[16] != ':') return wrong;
    const Result<Day> day = parse_day(text.substr(0, kDayLength));
    const int hour = two_digits(text, 11, 24);
    const int minute = two_digits(text, 14, 60);
    const int second = two_digits(text, 17, 60);
    if (!day || hour < 0 || minute < 0 || second < 0) return wrong;
    return std::chrono::sys_seconds(*day + std::chrono::hours(hour) + std::chrono::minutes(minute) +
                                    std::chrono::seconds(second));
}

Result<Day> utc_day(std::chrono::sys_seconds local, std::string_view zone) {
    const auto fixed = std::find_if(kFixedZones.begin(),
                                    kFixedZones.end(),
                                    [zone](const FixedZone& each) { return each.name == zone; });
    if (fixed != kFixedZones.end()) {
        return std::chrono::floor<std::chrono::days>(local - fixed->offset);
    }
    const date::time_zone* found = zone.empty() ? nullptr : find_zone(zone);
    if (found == nullptr) {
        return Error(ErrorCode::not_found,
                     "is neither UTC, GMT nor a zone that this machine's IANA database knows");
    }
    const date::local_info info = found->get_info(date::local_seconds(local.time_since_epoch()));
    if (info.result == date::local_info::nonexistent) {
        return Error(ErrorCode::invalid_argument,
                     "was skipped in " + found->name() + " when the clocks went forward");
    }
    return std::chrono::floor<std::chrono::days>(local - info.first.offset);
}

}  // namespace causeway::gateway
