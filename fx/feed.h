// SPDX-License-Identifier: Apache-2.0
//
// Readers for files of rates: those of the European Central Bank (history and daily CSV, XML of one
// day, of ninety or of all; one call takes any of them and tells them apart by content), a table
// that an operator writes, and a JSON answer.
//
// Strict, because a rate that is read wrongly is charged a thousand times before anybody looks. One
// thing wrong anywhere and there is no feed at all.
//
// Source: https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates/
#pragma once

#include "fx/decimal.h"
#include "fx/rate.h"
#include "ledger/calendar/calendar.h"
#include "ledger/clock.h"
#include "ledger/currency.h"
#include "ledger/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::fx {

/// Who publishes what read_feed() reads.
inline constexpr std::string_view kEcb = "ECB";

inline constexpr std::size_t kFeedBytesMax = 67'108'864;

/// Units: `per_base` is units of `currency` per one unit of the feed's base currency.
struct FeedRow {
    Day day;
    ledger::Currency currency;
    Decimal per_base;

    friend bool operator==(const FeedRow&, const FeedRow&) = default;
};

enum class FeedFormat { csv, xml, table, json };

struct Feed {
    FeedFormat format = FeedFormat::csv;
    ledger::Currency base;  ///< One unit of it is what every rate is the price of.
    /// In order of day, then of code; no day and currency twice, and never the base itself.
    std::vector<FeedRow> rows;
    /// Rates of currencies that ISO 4217 does not list: no longer, such as the Cyprus pound, or,
    /// in a JSON answer, never.
    std::int64_t skipped = 0;
};

/// What a reader cannot know from the file.
struct FeedLimits {
    /// The last day for which a rate can have been published: today. None: any day is believed.
    std::optional<Day> latest = {};
    /// When set, the days between the first and the last of the file are all there on which it is
    /// open, and there is none on which it is not. Lifetime: outlives the call.
    const ledger::Calendar* complete = nullptr;
};

/// Reads a whole file of the European Central Bank.
///
/// Errors: `invalid_argument` that names the line and column, or the element, of: a missing Date
/// column, a code that is neither listed nor known to be historic, a date of no calendar, a day
/// that is missing or lies in the future (see FeedLimits), a rate that is no positive number, a row
/// with too few or too many cells, a last line without its line feed, one day and currency with two
/// rates, XML that is not well-formed or brings a document type, a file without a rate, a file over
/// kFeedBytesMax, XML over 16 MiB or with a NUL.
[[nodiscard]] Result<Feed> read_feed(std::string_view content, const FeedLimits& limits = {});

/// Reads a table that an operator wrote: CSV with the columns `date,base,currency,rate` in that
/// order, such as "2026-04-13,USD,BRL,5.0274". One base in the whole file.
///
/// Errors: as read_feed(); a base that differs from the first row's.
[[nodiscard]] Result<Feed> read_table_feed(std::string_view content, const FeedLimits& limits = {});

/// Reads {"base":"USD","date":"2026-04-13","rates":{"BRL":"5.0274","JPY":159.84}}: a rate is a
/// string or a number, and either is taken digit by digit as it is written. Other members are
/// skipped, and so are rates of codes that ISO 4217 does not list, whatever stands there for a
/// rate.
///
/// Errors: as read_feed(), with the line; a member that is missing or occurs twice.
[[nodiscard]] Result<Feed> read_json_feed(std::string_view content, const FeedLimits& limits = {});

/// The table of one day.
///
/// Errors: `not_found` when the feed has no rate for that day.
[[nodiscard]] Result<ReferenceTable> table_of(const Feed& feed, std::string publisher, Day day);

/// The table of the newest day of the feed.
[[nodiscard]] Result<ReferenceTable> newest_table(const Feed& feed, std::string publisher);

}  // namespace causeway::fx
