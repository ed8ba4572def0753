// SPDX-License-Identifier: Apache-2.0
#include "fx/feed.h"

#include "fx/feed_parts.h"

#include <algorithm>
#include <array>

namespace causeway::fx {
namespace {

using ledger::Currency;

// Quoted by the ECB once and replaced since, most of them by the euro.
constexpr std::array<std::string_view, 11> kHistoric{
    "BGN", "CYP", "EEK", "HRK", "LTL", "LVL", "MTL", "ROL", "SIT", "SKK", "TRL"};

bool is_historic(std::string_view code) {
    return std::ranges::find(kHistoric, code) != kHistoric.end();
}

Error wrong(const std::string& place, const std::string& what) {
    return Error(ErrorCode::invalid_argument, place + ": " + what);
}

}  // namespace

bool is_feed_code(std::string_view code) {
    return Currency::from_code(code).has_value() || is_historic(code);
}

Result<void> FeedBuilder::add(Day day,
                              std::string_view code,
                              std::string_view rate,
                              const std::string& place) {
    if (!is_feed_code(code)) {
        return wrong(place, "unknown currency '" + std::string(code.substr(0, 8)) + "'");
    }
    const Result<Decimal> value = Decimal::parse(rate);
    if (!value) return wrong(place, "the rate " + value.error().detail());
    if (value->is_zero()) return wrong(place, "the rate is zero");
    const auto [known, is_new] = rates_.try_emplace({day, std::string(code)}, *value);
    if (!is_new && known->second != *value) {
        return wrong(place,
                     "a second rate for " + std::string(code) + " on " + to_text(day) + ": " +
                         known->second.to_string() + " and " + value->to_string());
    }
    if (is_new && !Currency::from_code(code)) ++skipped_historic_;
    return {};
}

Result<Feed> FeedBuilder::take(FeedFormat format) {
    Feed feed;
    feed.format = format;
    feed.skipped_historic = skipped_historic_;
    feed.rows.reserve(rates_.size());
    for (const auto& [key, per_euro] : rates_) {
        const Result<Currency> currency = Currency::from_code(key.second);
        if (currency) feed.rows.push_back({key.first, *currency, per_euro});
    }
    if (feed.rows.empty()) return Error(ErrorCode::invalid_argument, "the file has no rate");
    return feed;
}

Result<Feed> read_feed(std::string_view content) {
    if (content.size() > kFeedBytesMax) {
        return Error(ErrorCode::invalid_argument, "the file is larger than 64 MiB");
    }
    std::string_view start = content;
    if (start.starts_with("\xEF\xBB\xBF")) start.remove_prefix(3);
    start.remove_prefix(std::min(start.find_first_not_of(" \t\r\n"), start.size()));
    return start.starts_with('<') ? read_xml_feed(content) : read_csv_feed(content);
}

Result<ReferenceTable> table_of(const Feed& feed, std::string publisher, Day day) {
    const auto rows = std::ranges::equal_range(feed.rows, day, {}, &FeedRow::day);
    if (rows.empty()) {
        return Error(ErrorCode::not_found, "the feed has no rate for " + to_text(day));
    }
    std::vector<ReferenceRate> rates;
    for (const FeedRow& row : rows)
        rates.push_back({row.currency, row.per_euro});
    return ReferenceTable::make(std::move(publisher), day, std::move(rates));
}

Result<ReferenceTable> newest_table(const Feed& feed, std::string publisher) {
    if (feed.rows.empty()) return Error(ErrorCode::not_found, "the feed has no rate");
    return table_of(feed, std::move(publisher), feed.rows.back().day);
}

}  // namespace causeway::fx
