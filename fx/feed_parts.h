// SPDX-License-Identifier: Apache-2.0
//
// What the feed readers of the two formats share. For feed*.cpp alone.
#pragma once

#include "fx/feed.h"

#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace causeway::fx {

/// Collects the rates of a feed and notices when two of them contradict each other.
class FeedBuilder {
  public:
    /// Errors: `invalid_argument`, beginning with `place`, for an unknown code, a rate that is no
    /// positive number, and another rate for a known day and currency.
    [[nodiscard]] Result<void> add(Day day,
                                   std::string_view code,
                                   std::string_view rate,
                                   const std::string& place);

    /// Errors: `invalid_argument` when there was no rate at all.
    [[nodiscard]] Result<Feed> take(FeedFormat format);

  private:
    std::map<std::pair<Day, std::string>, Decimal> rates_;
    std::int64_t skipped_historic_ = 0;
};

/// Whether a feed may name `code`: a listed currency, or one that was once quoted.
[[nodiscard]] bool is_feed_code(std::string_view code);

[[nodiscard]] Result<Feed> read_csv_feed(std::string_view content);
[[nodiscard]] Result<Feed> read_xml_feed(std::string_view content);

}  // namespace causeway::fx
