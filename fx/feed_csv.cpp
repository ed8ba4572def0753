// SPDX-License-Identifier: Apache-2.0
//
// "Date,USD,JPY,...," with one row a day: the history writes 2026-04-13 and N/A, the daily file
// writes "13 April 2026" and puts spaces after its commas. Both end every line with a comma.
#include "fx/feed_parts.h"
#include "fx/printable.h"
#include "ledger/csv.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <optional>

namespace causeway::fx {
namespace {

using ledger::CsvOptions;
using ledger::CsvReader;
using ledger::CsvRow;

constexpr std::array<std::string_view, 12> kMonths{"January",
                                                   "February",
                                                   "March",
                                                   "April",
                                                   "May",
                                                   "June",
                                                   "July",
                                                   "August",
                                                   "September",
                                                   "October",
                                                   "November",
                                                   "December"};

std::string_view trim(std::string_view text) {
    while (text.starts_with(' '))
        text.remove_prefix(1);
    while (text.ends_with(' '))
        text.remove_suffix(1);
    return text;
}

std::optional<int> whole_number(std::string_view text) {
    int number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

// "13 April 2026", the English month whatever the machine's language is.
std::optional<Day> parse_long_day(std::string_view text) {
    const std::size_t first = text.find(' ');
    const std::size_t last = text.rfind(' ');
    if (first == std::string_view::npos || first == last) return std::nullopt;
    const auto month =
        std::ranges::find(kMonths, text.substr(first + 1, last - first - 1)) - kMonths.begin();
    const std::optional<int> day = whole_number(text.substr(0, first));
    const std::optional<int> year = whole_number(text.substr(last + 1));
    if (!day || !year || month == std::ssize(kMonths)) return std::nullopt;
    if (*day < 1 || *day > 31 || *year < 1000 || *year > 9999) return std::nullopt;
    const std::chrono::year_month_day date(std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(month) + 1),
                                           std::chrono::day(static_cast<unsigned>(*day)));
    if (!date.ok()) return std::nullopt;
    return Day(date);
}

Place place_of(const CsvRow& row, std::size_t column) {
    return {.line = row.line(), .column = column + 1};
}

Error wrong(const CsvRow& row, std::size_t column, const std::string& what) {
    return wrong_at(place_of(row, column), what);
}

// The codes of the header, an empty one for the nothing behind the last comma.
Result<std::vector<std::string>> read_header(CsvReader& reader) {
    CsvRow row;
    const Result<bool> read = reader.next(row);
    if (!read) return read.error();
    if (!*read || trim(row[0]) != "Date") {
        return Error(ErrorCode::invalid_argument, "line 1, column 1: the column 'Date' is missing");
    }
    std::vector<std::string> names;
    for (std::size_t column = 0; column < row.size(); ++column) {
        const std::string_view name = trim(row[column]);
        const bool behind_last = name.empty() && column + 1 == row.size();
        if (column > 0 && !behind_last && !is_feed_code(name)) {
            return wrong(row, column, "unknown currency '" + printable(name, 8) + "'");
        }
        if (std::ranges::find(names, name) != names.end()) {
            return wrong(row, column, "'" + printable(name) + "' occurs twice");
        }
        names.emplace_back(name);
    }
    return names;
}

Result<void> read_row(const CsvRow& row,
                      const std::vector<std::string>& names,
                      FeedBuilder& builder) {
    if (row.size() != names.size()) {
        return Error(ErrorCode::invalid_argument,
                     "line " + std::to_string(row.line()) + ": " + std::to_string(row.size()) +
                         " cells where the header has " + std::to_string(names.size()));
    }
    const std::string_view date = trim(row[0]);
    std::optional<Day> day = parse_long_day(date);
    if (!day) {
        const Result<Day> short_day = parse_day(date);
        if (!short_day) return wrong(row, 0, "'" + printable(date) + "' is no date");
        day = *short_day;
    }
    for (std::size_t column = 1; column < row.size(); ++column) {
        const std::string_view cell = trim(row[column]);
        if (names[column].empty()) {
            if (!cell.empty()) return wrong(row, column, "a rate without a currency");
            continue;
        }
        if (cell == "N/A") continue;
        Result<void> added = builder.add(*day, names[column], cell, place_of(row, column));
        if (!added) return added;
    }
    return {};
}

}  // namespace

Result<Feed> read_csv_feed(std::string_view content, const FeedLimits& limits) {
    const CsvOptions options{.row_bytes_max = 4'096, .columns_max = 256, .refuse_cut = true};
    CsvReader reader(content, options);
    const Result<std::vector<std::string>> names = read_header(reader);
    if (!names) return names.error();
    FeedBuilder builder(euro(), limits);
    CsvRow row;
    for (;;) {
        const Result<bool> read = reader.next(row);
        if (!read) return read.error();
        if (!*read) return builder.take(FeedFormat::csv);
        const Result<void> added = read_row(row, *names, builder);
        if (!added) return added.error();
    }
}

}  // namespace causeway::fx
