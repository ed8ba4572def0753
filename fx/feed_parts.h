// SPDX-License-Identifier: Apache-2.0
//
// What the feed readers share. For feed*.cpp alone.
#pragma once

#include "fx/feed.h"

#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace causeway::fx {

/// Where in the file something stands, to be spelt out when it is wrong.
struct Place {
    std::int64_t line = 0;
    std::size_t column = 0;          ///< A count of cells from 1; 0: of no interest.
    std::string_view day = {};       ///< XML: the time of the Cube, if any.
    std::string_view currency = {};  ///< XML: the currency of the Cube, if any.
};

/// "line 2, column 3: what", "line 4, Cube[time=2026-04-13]: what".
[[nodiscard]] Error wrong_at(const Place& place, std::string_view what);

/// Collects the rates of a feed and notices when two of them contradict each other.
class FeedBuilder {
  public:
    FeedBuilder(ledger::Currency base, const FeedLimits& limits) : base_(base), limits_(limits) {}

    /// Errors: `invalid_argument`, beginning with the place, for an unknown code, a rate that is no
    /// positive number, a base that is not worth 1, a day in the future, and another rate for a
    /// known day and currency.
    [[nodiscard]] Result<void> add(Day day,
                                   std::string_view code,
                                   std::string_view rate,
                                   const Place& place);
    /// The same with the number read already.
    [[nodiscard]] Result<void> add(Day day,
                                   std::string_view code,
                                   const Decimal& rate,
                                   const Place& place);

    /// A rate is left out because of its code.
    void skip() { ++skipped_; }

    /// Errors: `invalid_argument` when there was no rate at all, or a day is missing.
    [[nodiscard]] Result<Feed> take(FeedFormat format);

  private:
    [[nodiscard]] Result<void> check_complete() const;

    ledger::Currency base_;
    FeedLimits limits_;
    std::map<Day, std::int64_t> days_;  // and the line on which each was met first
    std::map<std::pair<Day, std::string>, Decimal> rates_;
    std::int64_t skipped_ = 0;
};

/// Whether a feed may name `code`: a listed currency, or one that was once quoted.
[[nodiscard]] bool is_feed_code(std::string_view code);

/// The euro, against which the European Central Bank quotes.
[[nodiscard]] ledger::Currency euro();

/// Errors: `invalid_argument` for a file over kFeedBytesMax.
[[nodiscard]] Result<void> check_size(std::string_view content);

[[nodiscard]] Result<Feed> read_csv_feed(std::string_view content, const FeedLimits& limits);
[[nodiscard]] Result<Feed> read_xml_feed(std::string_view content, const FeedLimits& limits);

}  // namespace causeway::fx
