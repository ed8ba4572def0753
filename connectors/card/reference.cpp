// SPDX-License-Identifier: Apache-2.0
#include "connectors/card/reference.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace causeway::connectors::card {
namespace {

namespace chrono = std::chrono;

constexpr std::size_t kTextLength = 39;
constexpr std::array<std::size_t, 3> kDashes{8, 19, 26};

std::string digits(std::int64_t number, int width) {
    char text[24];
    (void)std::snprintf(text, sizeof text, "%0*lld", width, static_cast<long long>(number));
    return text;
}

int number(std::string_view text) {
    int value = 0;
    for (const char digit : text)
        value = value * 10 + (digit - '0');
    return value;
}

std::string compact(Day day) {
    std::string text = causeway::to_text(day);
    std::erase(text, '-');
    return text;
}

constexpr std::string_view kBase36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::size_t kCountPlaces = 6;

bool has_shape(std::string_view text) {
    if (text.size() != kTextLength) return false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool dash = std::find(kDashes.begin(), kDashes.end(), at) != kDashes.end();
        const bool counts = at >= text.size() - kCountPlaces;
        const std::string_view allowed = dash ? "-" : kBase36.substr(0, counts ? 36 : 10);
        if (!(allowed.find(text[at]) != std::string_view::npos)) return false;
    }
    return true;
}

std::string base_36(std::int64_t count, std::size_t places) {
    std::string text(places, '0');
    for (std::size_t at = places; at-- > 0; count /= 36)
        text[at] = kBase36[static_cast<std::size_t>(count % 36)];
    return text;
}

bool is_time(std::string_view hhmmss) {
    return number(hhmmss.substr(0, 2)) < 24 && number(hhmmss.substr(2, 2)) < 60 &&
           number(hhmmss.substr(4, 2)) < 60;
}

bool is_stan(std::string_view text) {
    const int value = number(text);
    return value >= 1 && value <= kOperationStanMax;
}

bool is_rrn(std::string_view text) {
    const int day_of_year = number(text.substr(1, 3));
    return day_of_year >= 1 && day_of_year <= 366 && number(text.substr(4, 2)) < 24;
}

}  // namespace

std::string transmission_time(Timestamp now) {
    const chrono::hh_mm_ss time(chrono::floor<chrono::seconds>(now - day_of(now)));
    return compact(day_of(now)).substr(4) + digits(time.hours().count(), 2) +
           digits(time.minutes().count(), 2) + digits(time.seconds().count(), 2);
}

Reference new_reference(std::int64_t sequence, Timestamp now) {
    Reference reference;
    reference.day = day_of(now);
    reference.transmitted = transmission_time(now);
    reference.stan = digits(sequence % kOperationStanMax + 1, 6);

    const chrono::year year = chrono::year_month_day(reference.day).year();
    const Day new_year = chrono::sys_days(year / chrono::January / 1);
    const auto day_of_year = (reference.day - new_year).count() + 1;
    reference.rrn = digits(static_cast<int>(year) % 10, 1) + digits(day_of_year, 3) +
                    reference.transmitted.substr(4, 2) + base_36(sequence + 1, kCountPlaces);
    return reference;
}

std::string to_text(const Reference& reference) {
    return compact(reference.day) + '-' + reference.transmitted + '-' + reference.stan + '-' +
           reference.rrn;
}

Result<Reference> parse_reference(std::string_view text) {
    const Error wrong(ErrorCode::invalid_argument, "not a card reference");
    if (!has_shape(text)) return wrong;
    const std::string date(text.substr(0, 8));
    const Result<Day> day =
        parse_day(date.substr(0, 4) + '-' + date.substr(4, 2) + '-' + date.substr(6));
    if (!day) return wrong;

    Reference reference;
    reference.day = *day;
    reference.transmitted = text.substr(9, 10);
    reference.stan = text.substr(20, 6);
    reference.rrn = text.substr(27);
    const bool same_day = reference.local_date() == date.substr(4);
    if (!same_day || !is_time(reference.local_time())) return wrong;
    if (!is_stan(reference.stan) || !is_rrn(reference.rrn)) return wrong;
    return reference;
}

}  // namespace causeway::connectors::card
