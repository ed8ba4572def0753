// SPDX-License-Identifier: Apache-2.0
//
// "date,base,currency,rate", one rate a line, in any order of days: what an operator types.
#include "fx/feed_parts.h"
#include "fx/printable.h"
#include "ledger/csv.h"

#include <array>
#include <optional>

namespace causeway::fx {
namespace {

using ledger::CsvOptions;
using ledger::CsvReader;
using ledger::CsvRow;
using ledger::Currency;

constexpr std::array<std::string_view, 4> kColumns{"date", "base", "currency", "rate"};

Place at(const CsvRow& row, std::size_t column) {
    return {.line = row.line(), .column = column + 1};
}

Result<void> read_header(CsvReader& reader) {
    CsvRow row;
    const Result<bool> read = reader.next(row);
    if (!read) return read.error();
    bool right = *read && row.size() == kColumns.size();
    for (std::size_t i = 0; right && i < kColumns.size(); ++i)
        right = row[i] == kColumns[i];
    if (right) return {};
    return wrong_at({.line = 1}, "the columns are not date,base,currency,rate");
}

Result<void> read_row(const CsvRow& row, Currency base, FeedBuilder& builder) {
    if (row.size() != kColumns.size()) {
        return wrong_at({.line = row.line()},
                        std::to_string(row.size()) + " cells where the header has 4");
    }
    const Result<Day> day = parse_day(row[0]);
    if (!day) {
        return wrong_at(at(row, 0), "'" + printable(row[0]) + "' is no date");
    }
    if (row[1] != base.code()) {
        return wrong_at(at(row, 1),
                        "the base is '" + printable(row[1], 8) + "', and " +
                            std::string(base.code()) + " above");
    }
    if (!Currency::from_code(row[2])) {
        return wrong_at(at(row, 2), "unknown currency '" + printable(row[2], 8) + "'");
    }
    return builder.add(*day, row[2], row[3], at(row, 3));
}

}  // namespace

Result<Feed> read_table_feed(std::string_view content, const FeedLimits& limits) {
    const Result<void> fits = check_size(content);
    if (!fits) return fits.error();
    const CsvOptions options{.row_bytes_max = 256, .columns_max = 16, .refuse_cut = true};
    CsvReader reader(content, options);
    const Result<void> header = read_header(reader);
    if (!header) return header.error();
    std::optional<FeedBuilder> builder;
    std::optional<Currency> base;
    CsvRow row;
    for (;;) {
        const Result<bool> read = reader.next(row);
        if (!read) return read.error();
        if (!*read) break;
        if (!builder) {
            const Result<Currency> first = Currency::from_code(row.size() > 1 ? row[1] : "");
            if (!first) return wrong_at(at(row, 1), "the base is no listed currency");
            base = *first;
            builder.emplace(*base, limits);
        }
        const Result<void> added = read_row(row, *base, *builder);
        if (!added) return added.error();
    }
    if (!builder) return Error(ErrorCode::invalid_argument, "the file has no rate");
    return builder->take(FeedFormat::table);
}

}  // namespace causeway::fx
