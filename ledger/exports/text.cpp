// SPDX-License-Identifier: Apache-2.0
#include "ledger/exports/text.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace causeway::ledger {
namespace {

constexpr Day kFirstDay = std::chrono::year(1) / 1 / 1;
constexpr Day kLastDay = std::chrono::year(9999) / 12 / 30;

struct Digits {
    explicit Digits(std::uint64_t number)
        : end(std::to_chars(space.data(), space.data() + space.size(), number).ptr) {}
    [[nodiscard]] std::size_t count() const { return static_cast<std::size_t>(end - space.data()); }
    [[nodiscard]] std::string_view text() const { return {space.data(), count()}; }

    std::array<char, 20> space{};
    const char* end;
};

// With zeros in front up to `width` digits.
void append_padded(std::uint64_t number, std::size_t width, std::string& out) {
    const Digits digits(number);
    if (digits.count() < width) out.append(width - digits.count(), '0');
    out += digits.text();
}

// The lowest number has no positive counterpart in 64 signed bits.
std::uint64_t magnitude(std::int64_t number) {
    const auto bits = static_cast<std::uint64_t>(number);
    return number < 0 ? 0 - bits : bits;
}

void append_percent(char byte, std::string& out) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    const auto value = static_cast<unsigned char>(byte);
    out += '%';
    out += kDigits[value >> 4U];
    out += kDigits[value & 15U];
}

bool is_plain_text(char letter) {
    return letter >= ' ' && letter <= '~' && letter != '%' && letter != '"' && letter != '\\' &&
           letter != ';' && letter != '|';
}

}  // namespace

void append_number(std::int64_t number, std::string& out) {
    if (number < 0) out += '-';
    append_padded(magnitude(number), 1, out);
}

void append_decimals(std::int64_t minor_units, Currency currency, std::string& out) {
    const auto exponent = static_cast<std::size_t>(currency.exponent());
    if (minor_units < 0) out += '-';
    append_padded(magnitude(minor_units), exponent + 1, out);
    if (exponent > 0) out.insert(out.size() - exponent, 1, '.');
}

bool has_plain_year(Day day) noexcept {
    return day >= kFirstDay && day <= kLastDay;
}

void append_day(Day day, std::string& out) {
    const std::chrono::year_month_day date(day);
    append_padded(static_cast<std::uint64_t>(static_cast<int>(date.year())), 4, out);
    out += '-';
    append_padded(static_cast<unsigned>(date.month()), 2, out);
    out += '-';
    append_padded(static_cast<unsigned>(date.day()), 2, out);
}

void append_moment(Timestamp moment, std::string& out) {
    const Day day = day_of(moment);
    if (!has_plain_year(day)) return append_number(to_microseconds(moment), out);
    append_day(day, out);
    const std::chrono::hh_mm_ss time(moment - day);
    const auto append_part = [&out](char before, std::int64_t part, std::size_t width) {
        out += before;
        append_padded(static_cast<std::uint64_t>(part), width, out);
    };
    append_part('T', time.hours().count(), 2);
    append_part(':', time.minutes().count(), 2);
    append_part(':', time.seconds().count(), 2);
    append_part('.', time.subseconds().count(), 6);
    out += 'Z';
}

void append_escaped(std::string_view text, bool (*is_plain)(char), std::string& out) {
    for (const char letter : text) {
        if (is_plain(letter)) {
            out += letter;
        } else {
            append_percent(letter, out);
        }
    }
}

void append_text(std::string_view text, std::string& out) {
    const std::size_t begin = out.size();
    append_escaped(text, is_plain_text, out);
    if (text.ends_with(' ')) out.replace(out.size() - 1, 1, "%20");
    if (text.size() > 1 && text.starts_with(' ')) out.replace(begin, 1, "%20");
}

}  // namespace causeway::ledger
