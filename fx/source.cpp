// SPDX-License-Identifier: Apache-2.0
#include "fx/source.h"

#include <algorithm>
#include <array>
#include <utility>

namespace causeway::fx {
namespace {

using ledger::Currency;

constexpr std::array kKinds{
    SourceKind{.name = "ecb",
               .base = "EUR",
               .calendar = "TARGET",
               .url = "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml",
               .is_complete = true,
               .read = read_feed},
    SourceKind{.name = "manual",
               .base = "",
               .calendar = "",
               .url = "",
               .is_complete = false,
               .read = read_table_feed},
    SourceKind{.name = "json",
               .base = "",
               .calendar = "",
               .url = "",
               .is_complete = false,
               .read = read_json_feed},
};

constexpr std::size_t kNameMax = 32;
constexpr std::size_t kUrlMax = 2'048;
constexpr int kPriorityMax = 1'000;

Error wrong(const std::string& name, const std::string& what) {
    return Error(ErrorCode::invalid_argument,
                 "the source '" + name.substr(0, kNameMax) + "': " + what);
}

bool is_name(std::string_view name) {
    return !name.empty() && name.size() <= kNameMax && std::ranges::all_of(name, [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '.' || c == '-';
    });
}

Result<void> check(const SourceSettings& settings) {
    const std::string& name = settings.name;
    if (!is_name(name)) return wrong(name, "a name is 1 to 32 of A-Z, a-z, 0-9, _ . and -");
    if (settings.priority < 0 || settings.priority > kPriorityMax) {
        return wrong(name, "the priority is 0 to 1000");
    }
    const std::string& url = settings.url;
    if (!url.empty() && (!url.starts_with("https://") || url.size() > kUrlMax)) {
        return wrong(name, "the url is not an https one");
    }
    return {};
}

Result<Currency> base_of(const SourceSettings& settings, const SourceKind& kind) {
    if (kind.base.empty()) {
        if (settings.base) return *settings.base;
        return wrong(settings.name, "the kind " + std::string(kind.name) + " needs a base");
    }
    Result<Currency> base = Currency::from_code(kind.base);
    if (base && settings.base && *settings.base != *base) {
        return wrong(settings.name, "its base is " + std::string(kind.base));
    }
    return base;
}

}  // namespace

std::span<const SourceKind> source_kinds() noexcept {
    return kKinds;
}

Result<SourceKind> find_source_kind(std::string_view name) {
    const auto found = std::ranges::find(kKinds, name, &SourceKind::name);
    if (found != kKinds.end()) return *found;
    std::string known;
    for (const SourceKind& kind : kKinds)
        known += (known.empty() ? "" : ", ") + std::string(kind.name);
    return Error(ErrorCode::not_found, "there is no such kind of source; there are " + known);
}

Result<RateSource> RateSource::make(const SourceSettings& settings) {
    const Result<void> fine = check(settings);
    if (!fine) return fine.error();
    const Result<SourceKind> kind = find_source_kind(settings.kind);
    if (!kind) return kind.error();
    const Result<Currency> base = base_of(settings, *kind);
    if (!base) return base.error();
    SourceSettings complete = settings;
    if (complete.url.empty()) complete.url = kind->url;
    if (complete.calendar.empty()) complete.calendar = kind->calendar;
    if (complete.calendar.empty()) complete.calendar = ledger::calendar_of(*base).name();
    const Result<const ledger::Calendar*> calendar = ledger::find_calendar(complete.calendar);
    if (!calendar) return calendar.error();
    return RateSource(std::move(complete), *kind, *base, **calendar);
}

bool RateSource::serves(Currency currency) const noexcept {
    return currency == base_ || settings_.currencies.empty() ||
           std::ranges::find(settings_.currencies, currency) != settings_.currencies.end();
}

Result<Feed> RateSource::parse(std::string_view content, Day today, Gaps gaps) const {
    const bool complete = kind_.is_complete && gaps == Gaps::refused;
    Result<Feed> feed =
        kind_.read(content, {.latest = today, .complete = complete ? calendar_ : nullptr});
    if (feed && feed->base != base_) {
        return wrong(name(),
                     "the file is against " + std::string(feed->base.code()) + ", and not " +
                         std::string(base_.code()));
    }
    return feed;
}

const RateSource& ecb_source() {
    static const RateSource source = *RateSource::make({.name = std::string(kEcb), .kind = "ecb"});
    return source;
}

}  // namespace causeway::fx
