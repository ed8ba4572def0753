// SPDX-License-Identifier: Apache-2.0
//
// Readers for the euro foreign exchange reference rates as the European Central Bank publishes
// them: the history and daily CSV files and the XML of one or ninety days. One call takes any of
// them and tells them apart by content.
//
// Strict, because a rate that is read wrongly is charged a thousand times before anybody looks.
//
// Source: https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates/
#pragma once

#include "fx/decimal.h"
#include "fx/rate.h"
#include "ledger/clock.h"
#include "ledger/currency.h"
#include "ledger/result.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::fx {

/// Who publishes what read_feed() reads.
inline constexpr std::string_view kEcb = "ECB";

inline constexpr std::size_t kFeedBytesMax = 67'108'864;

/// Units: `per_euro` is units of `currency` per one euro.
struct FeedRow {
    Day day;
    ledger::Currency currency;
    Decimal per_euro;

    friend bool operator==(const FeedRow&, const FeedRow&) = default;
};

enum class FeedFormat { csv, xml };

struct Feed {
    FeedFormat format = FeedFormat::csv;
    /// In order of day, then of code; no day and currency twice.
    std::vector<FeedRow> rows;
    /// Rates of currencies that ISO 4217 lists no more, such as the Cyprus pound.
    std::int64_t skipped_historic = 0;
};

/// Reads a whole file.
///
/// Errors: `invalid_argument` that names the line and column, or the element, of: a missing Date
/// column, a code that is neither listed nor known to be historic, a date of no calendar, a rate
/// that is no positive number, a row with too few or too many cells, a last line without its line
/// feed, one day and currency with two rates, XML that is not well-formed or brings a document
/// type, a file without a rate, a file over kFeedBytesMax.
[[nodiscard]] Result<Feed> read_feed(std::string_view content);

/// The table of one day.
///
/// Errors: `not_found` when the feed has no rate for that day.
[[nodiscard]] Result<ReferenceTable> table_of(const Feed& feed, std::string publisher, Day day);

/// The table of the newest day of the feed.
[[nodiscard]] Result<ReferenceTable> newest_table(const Feed& feed, std::string publisher);

}  // namespace causeway::fx
