// SPDX-License-Identifier: Apache-2.0
#include "gateway/config_fx.h"

#include "connectors/net/url.h"

#include <algorithm>
#include <limits>

namespace causeway::gateway {
namespace {

using ledger::Currency;

constexpr std::int64_t kAgeMax = 36'500;  // days
constexpr std::int64_t kSpreadMax = 5'000;
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

std::optional<Currency> read_currency(TableReader& reader,
                                      const toml::table& table,
                                      std::string_view key) {
    std::string code = "any";
    reader.text(key, code);
    if (code == "any") return std::nullopt;
    const Result<Currency> currency = Currency::from_code(code);
    if (currency) return *currency;
    reader.wrong(*table.get(key), key, "is not in ISO 4217");
    return std::nullopt;
}

// What the client will not connect to is said now, not at the first fetch.
void read_url(TableReader& reader, const toml::table& table, std::string& url) {
    if (url.empty()) return;
    const Result<net::Url> parsed = net::parse_url(url);
    if (parsed && parsed->tls && url.starts_with("https://")) return;
    reader.wrong(*table.get("url"),
                 "url",
                 parsed ? "must begin with https://" : "is no URL: " + parsed.error().detail());
    url.clear();
}

// Which setting it is that makes no source.
std::string_view wrong_key(fx::SourceSettings wanted) {
    if (!fx::find_source_kind(wanted.kind)) return "kind";
    if (!wanted.calendar.empty() && !ledger::find_calendar(wanted.calendar)) return "calendar";
    wanted.url.clear();
    wanted.name = "name";
    return fx::RateSource::make(wanted) ? "name" : "base";
}

fx::RateSource read_source(const toml::table& table, std::string& mistake) {
    TableReader reader(table, "fx.source.", mistake);
    fx::SourceSettings wanted;
    reader.text("name", wanted.name);
    reader.text("kind", wanted.kind);
    reader.number("priority", wanted.priority, 1, 1'000);
    reader.text("url", wanted.url);
    reader.text("calendar", wanted.calendar);
    read_url(reader, table, wanted.url);
    wanted.base = read_currency(reader, table, "base");
    std::vector<std::string> codes;
    reader.texts("currencies", codes);
    for (const std::string& code : codes) {
        const Result<Currency> currency = Currency::from_code(code);
        if (currency) wanted.currencies.push_back(*currency);
        if (!currency) reader.wrong(*table.get("currencies"), "currencies", code + " is unknown");
    }
    reader.finish();
    Result<fx::RateSource> source = fx::RateSource::make(wanted);
    if (source) return *std::move(source);
    const std::string_view key = wrong_key(wanted);
    const toml::node* const at = table.get(key);
    reader.wrong(at == nullptr ? table : *at, key, "makes no source: " + source.error().detail());
    return fx::ecb_source();
}

// "1.50 EUR"
void read_fee(TableReader& reader, const toml::table& table, fx::Corridor& corridor) {
    std::string text;
    reader.text("fixed_fee", text);
    if (!table.contains("fixed_fee")) return;
    const std::size_t space = text.find(' ');
    const Result<Currency> currency = Currency::from_code(
        space == std::string::npos ? std::string_view() : std::string_view(text).substr(space + 1));
    const Result<ledger::Money> fee = currency
                                          ? ledger::Money::parse(text.substr(0, space), *currency)
                                          : Result<ledger::Money>(currency.error());
    if (fee) corridor.fixed_fee = *fee;
    if (!fee) reader.wrong(*table.get("fixed_fee"), "fixed_fee", "must be like \"1.50 EUR\"");
}

void read_terms(TableReader& reader, const toml::table& table, fx::Corridor& corridor) {
    std::string rounding(to_string(corridor.rounding));
    reader.text("rounding", rounding);
    const Result<fx::RoundingSide> side = fx::parse_rounding_side(rounding);
    if (side) corridor.rounding = *side;
    if (!side) reader.wrong(*table.get("rounding"), "rounding", side.error().detail());
    std::string bearer(to_string(corridor.bearer));
    reader.text("bearer", bearer);
    const Result<fx::Bearer> known = fx::parse_bearer(bearer);
    if (known) corridor.bearer = *known;
    if (!known) reader.wrong(*table.get("bearer"), "bearer", known.error().detail());
}

void read_limits(TableReader& reader, const toml::table& table, fx::Corridor& corridor) {
    std::int64_t least = 0;
    std::int64_t most = 0;
    reader.number("amount_min", least, 1, kMost);
    reader.number("amount_max", most, 1, kMost);
    if (table.contains("amount_min")) corridor.source_min = least;
    if (table.contains("amount_max")) corridor.source_max = most;
    std::int64_t age = corridor.rate_age_max.count();
    std::int64_t shortest = corridor.valid_min.count();
    std::int64_t longest = corridor.valid_max.count();
    reader.number("rates_age_max_days", age, 1, kAgeMax);
    reader.number("valid_min_s", shortest, fx::kQuoteValidMin.count(), fx::kQuoteValidMax.count());
    reader.number("valid_max_s", longest, fx::kQuoteValidMin.count(), fx::kQuoteValidMax.count());
    corridor.rate_age_max = std::chrono::days(age);
    corridor.valid_min = std::chrono::seconds(shortest);
    corridor.valid_max = std::chrono::seconds(longest);
}

fx::Corridor read_corridor(const toml::table& table, const FxSettings& fx, std::string& mistake) {
    TableReader reader(table, "fx.corridor.", mistake);
    fx::Corridor corridor{.spread_bps = fx.margin_bps,
                          .rate_age_max = std::chrono::days(fx.rates_age_max_days)};
    corridor.source = read_currency(reader, table, "source");
    corridor.target = read_currency(reader, table, "target");
    std::string merchant;
    reader.text("merchant", merchant);
    if (table.contains("merchant")) {
        const Result<Uuid> id = parse_id("mer", merchant);
        if (id) corridor.merchant = *id;
        if (!id) reader.wrong(*table.get("merchant"), "merchant", "must be like \"mer_...\"");
    }
    reader.number("spread_bps", corridor.spread_bps, 0, kSpreadMax);
    read_fee(reader, table, corridor);
    read_terms(reader, table, corridor);
    read_limits(reader, table, corridor);
    reader.finish();
    return corridor;
}

}  // namespace

Result<fx::Corridors> corridors_of(const FxSettings& settings) {
    std::vector<fx::Corridor> all = settings.corridors;
    const bool open = std::ranges::any_of(
        all, [](const fx::Corridor& one) { return !one.source && !one.target && !one.merchant; });
    if (!open) {
        all.push_back({.spread_bps = settings.margin_bps,
                       .rate_age_max = std::chrono::days(settings.rates_age_max_days)});
    }
    return fx::Corridors::make(std::move(all));
}

void read_fx(const toml::table& table, FxSettings& fx, std::string& mistake) {
    TableReader reader(table, "fx.", mistake);
    reader.number("margin_bps", fx.margin_bps, 0, 1'000);
    reader.number("rates_age_max_days", fx.rates_age_max_days, 1, kAgeMax);
    reader.number("jump_limit_bps", fx.jump_limit_bps, 0, 100'000);
    reader.number("fetch_every_minutes", fx.fetch_every_minutes, 0, 1'440);
    reader.text("ca", fx.ca);
    reader.flag("revalue", fx.revalue);
    if (const toml::array* const list = reader.tables("source")) {
        for (const toml::node& node : *list) {
            fx.sources.push_back(read_source(*node.as_table(), mistake));
            for (std::size_t i = 0; i + 1 < fx.sources.size(); ++i) {
                if (fx.sources[i].name() != fx.sources.back().name()) continue;
                reader.wrong(node, "source.name", "stands twice");
            }
        }
    }
    if (const toml::array* const list = reader.tables("corridor")) {
        for (const toml::node& node : *list) {
            fx.corridors.push_back(read_corridor(*node.as_table(), fx, mistake));
            const Result<fx::Corridors> sound = fx::Corridors::make(fx.corridors);
            if (!sound) reader.wrong(node, "corridor", sound.error().detail());
        }
    }
    reader.finish();
}

}  // namespace causeway::gateway
