// SPDX-License-Identifier: Apache-2.0
#include "fx/feed.h"

#include "fx/feed_parts.h"
#include "fx/printable.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace causeway::fx {
namespace {

using ledger::Currency;

// Quoted by the ECB once and replaced since, most of them by the euro.
constexpr std::array<std::string_view, 11> kHistoric{
    "BGN", "CYP", "EEK", "HRK", "LTL", "LVL", "MTL", "ROL", "SIT", "SKK", "TRL"};

bool is_historic(std::string_view code) {
    return std::ranges::find(kHistoric, code) != kHistoric.end();
}

}  // namespace

Error wrong_at(const Place& place, std::string_view what) {
    std::string text = "line " + std::to_string(place.line);
    if (place.column > 0) text += ", column " + std::to_string(place.column);
    if (!place.day.empty()) text += ", Cube[time=" + printable(place.day) + "]";
    if (!place.currency.empty()) {
        text += "/Cube[currency=" + printable(place.currency, 8) + "]";
    }
    return Error(ErrorCode::invalid_argument, text + ": " + std::string(what));
}

bool is_feed_code(std::string_view code) {
    return Currency::from_code(code).has_value() || is_historic(code);
}

Currency euro() {
    return *Currency::from_code("EUR");
}

Result<void> FeedBuilder::add(Day day,
                              std::string_view code,
                              std::string_view rate,
                              const Place& place) {
    const Result<Decimal> value = Decimal::parse(rate);
    if (!value) return wrong_at(place, "the rate " + value.error().detail());
    return add(day, code, *value, place);
}

Result<void> FeedBuilder::add(Day day,
                              std::string_view code,
                              const Decimal& rate,
                              const Place& place) {
    if (!is_feed_code(code)) {
        return wrong_at(place, "unknown currency '" + printable(code, 8) + "'");
    }
    if (rate.is_zero()) return wrong_at(place, "the rate is zero");
    if (limits_.latest && day > *limits_.latest) {
        return wrong_at(place,
                        to_text(day) + " is in the future: today is " + to_text(*limits_.latest));
    }
    days_.try_emplace(day, place.line);
    if (code == base_.code()) {
        if (rate == *Decimal::from_parts(1, 0)) return {};
        return wrong_at(place,
                        "one " + std::string(code) + " is one " + std::string(code) + ", and not " +
                            rate.to_string());
    }
    const auto [known, is_new] = rates_.try_emplace({day, std::string(code)}, rate);
    if (!is_new && known->second != rate) {
        return wrong_at(place,
                        "a second rate for " + std::string(code) + " on " + to_text(day) + ": " +
                            known->second.to_string() + " and " + rate.to_string());
    }
    if (is_new && !Currency::from_code(code)) ++skipped_;
    return {};
}

Result<void> FeedBuilder::check_complete() const {
    if (limits_.complete == nullptr) return {};
    for (auto next = days_.begin(); next != days_.end(); ++next) {
        const auto here = next == days_.begin() ? next : std::prev(next);
        const Result<bool> open = limits_.complete->is_business_day(next->first);
        if (open && !*open) {
            return wrong_at(
                {.line = next->second},
                to_text(next->first) + " is no day of " + std::string(limits_.complete->name()));
        }
        const Result<Day> due = limits_.complete->next_business_day(here->first);
        if (here == next || !due || next->first <= *due) continue;
        return wrong_at({.line = next->second},
                        to_text(*due) + " is missing between " + to_text(here->first) + " and " +
                            to_text(next->first));
    }
    return {};
}

Result<Feed> FeedBuilder::take(FeedFormat format) {
    const Result<void> complete = check_complete();
    if (!complete) return complete.error();
    Feed feed{.format = format, .base = base_, .rows = {}, .skipped = skipped_};
    feed.rows.reserve(rates_.size());
    for (const auto& [key, per_base] : rates_) {
        const Result<Currency> currency = Currency::from_code(key.second);
        if (currency) feed.rows.push_back({key.first, *currency, per_base});
    }
    if (feed.rows.empty()) return Error(ErrorCode::invalid_argument, "the file has no rate");
    return feed;
}

Result<void> check_size(std::string_view content) {
    if (content.size() <= kFeedBytesMax) return {};
    return Error(ErrorCode::invalid_argument, "the file is larger than 64 MiB");
}

Result<Feed> read_feed(std::string_view content, const FeedLimits& limits) {
    const Result<void> fits = check_size(content);
    if (!fits) return fits.error();
    std::string_view start = content;
    if (start.starts_with("\xEF\xBB\xBF")) start.remove_prefix(3);
    start.remove_prefix(std::min(start.find_first_not_of(" \t\r\n"), start.size()));
    return start.starts_with('<') ? read_xml_feed(content, limits) : read_csv_feed(content, limits);
}

Result<ReferenceTable> table_of(const Feed& feed, std::string publisher, Day day) {
    const auto rows = std::ranges::equal_range(feed.rows, day, {}, &FeedRow::day);
    if (rows.empty()) {
        return Error(ErrorCode::not_found, "the feed has no rate for " + to_text(day));
    }
    std::vector<ReferenceRate> rates;
    for (const FeedRow& row : rows)
        rates.push_back({row.currency, row.per_base});
    return ReferenceTable::make(std::move(publisher), feed.base, day, std::move(rates));
}

Result<ReferenceTable> newest_table(const Feed& feed, std::string publisher) {
    if (feed.rows.empty()) return Error(ErrorCode::not_found, "the feed has no rate");
    return table_of(feed, std::move(publisher), feed.rows.back().day);
}

}  // namespace causeway::fx
