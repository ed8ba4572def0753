// SPDX-License-Identifier: Apache-2.0
#include "gateway/fx/rate_desk.h"

#include "fx/builtin_rates.h"
#include "ledger/store/commit_queue.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace causeway::gateway {
namespace {

using fx::RateSource;
using fx::ReferenceTable;
using ledger::Transaction;

// What the program knows by itself of that source, up to that day.
std::vector<ReferenceTable> builtin_tables(const RateSource& source, Day today) {
    std::vector<ReferenceTable> tables;
    if (source.name() != fx::kEcb) return tables;
    Result<ReferenceTable> newest = fx::newest_table(fx::builtin_feed(), source.name());
    if (newest && newest->day() <= today) tables.push_back(*std::move(newest));
    return tables;
}

bool is_loaded(const fx::RateSnapshot* rates, const RateSource& source) {
    return rates != nullptr && std::ranges::any_of(rates->sources(), [&](const auto& one) {
               return one.tables.front().publisher() == source.name();
           });
}

}  // namespace

std::span<const RateSource> sources_of(const FxSettings* settings) {
    if (settings != nullptr && !settings->sources.empty()) return settings->sources;
    return {&fx::ecb_source(), 1};
}

Result<const RateSource*> find_source(std::span<const RateSource> sources, std::string_view name) {
    if (name.empty()) {
        return &*std::ranges::min_element(sources, {}, &RateSource::priority);
    }
    std::string known;
    for (const RateSource& source : sources) {
        if (source.name() == name) return &source;
        known += (known.empty() ? "" : ", ") + source.name();
    }
    return Error(ErrorCode::not_found,
                 "no source of rates is called " + std::string(name) + "; there are " + known);
}

Result<RatesTaken> take_rates(ledger::Database& database,
                              const RateSource& source,
                              const RateFile& file,
                              Timestamp now) {
    const Result<fx::Feed> feed = source.parse(file.content, day_of(now), file.gaps);
    if (!feed) return feed.error();
    const Result<fx::ImportOutcome> outcome =
        database.writer().commit<fx::ImportOutcome>([&](Transaction& tx) {
            return fx::import_rates(tx,
                                    {.source = source.name(),
                                     .base = source.base(),
                                     .rows = feed->rows,
                                     .now = now,
                                     .correct = file.correct,
                                     .jump_limit_bps = file.jump_limit_bps});
        });
    if (!outcome) return outcome.error();
    return RatesTaken{.outcome = *outcome, .skipped = feed->skipped};
}

Result<fx::RateSnapshot> load_snapshot(Transaction& tx,
                                       std::span<const RateSource> sources,
                                       Day today) {
    std::vector<fx::SourceRates> all;
    for (const RateSource& source : sources) {
        Result<std::vector<ReferenceTable>> tables =
            fx::load_recent_rates(tx, source.name(), today);
        if (!tables) return tables.error();
        if (tables->empty()) tables = builtin_tables(source, today);
        if (tables->empty()) continue;
        all.push_back({.priority = source.priority(),
                       .calendar = &source.calendar(),
                       .currencies = {source.currencies().begin(), source.currencies().end()},
                       .tables = *std::move(tables)});
    }
    if (all.empty()) {
        return Error(ErrorCode::not_found,
                     "there are no rates of " + to_text(today) + " or before");
    }
    return fx::RateSnapshot::make(std::move(all));
}

Result<ReferenceTable> reference_rates(Transaction& tx,
                                       std::span<const RateSource> sources,
                                       Day day,
                                       std::optional<ledger::Currency> base) {
    std::vector<const RateSource*> ordered;
    for (const RateSource& source : sources)
        ordered.push_back(&source);
    std::ranges::stable_sort(ordered, {}, &RateSource::priority);
    for (const RateSource* const source : ordered) {
        Result<ReferenceTable> table = fx::load_rates(tx, source->name(), day);
        if (!table && table.error().code() != ErrorCode::not_found) return table;
        if (!table) {
            std::vector<ReferenceTable> known = builtin_tables(*source, day);
            if (known.empty()) continue;
            table = std::move(known.front());
        }
        if (!base || table->has(*base)) return table;
    }
    return Error(ErrorCode::not_found, "there are no rates of " + to_text(day) + " or before");
}

Result<void> load_rate_book(ledger::Database& database,
                            std::span<const RateSource> sources,
                            Day today,
                            fx::RateBook& book) {
    std::optional<Result<fx::RateSnapshot>> loaded;
    const Result<void> read = database.read([&](Transaction& tx) {
        loaded.emplace(load_snapshot(tx, sources, today));
        return Result<void>();
    });
    if (!read) return read.error();
    if (!*loaded && loaded->error().code() == ErrorCode::not_found) return {};
    if (!*loaded) return loaded->error();
    book.publish(**std::move(loaded));
    return {};
}

MetricCollector freshness_metrics(const fx::RateBook& book,
                                  const FxSettings& settings,
                                  const Clock& clock) {
    return [&book, &settings, &clock](Transaction&, MetricSink& sink) -> Result<void> {
        const std::shared_ptr<const fx::RateSnapshot> rates = book.snapshot();
        const auto say_stale = [&sink](const std::string& source, bool stale) {
            sink.gauge("causeway_fx_rates_stale",
                       "1 where a source's rates are too old to quote by, or not there.",
                       stale ? 1 : 0,
                       {{"source", source}});
        };
        for (const RateSource& source : settings.sources) {
            if (!is_loaded(rates.get(), source)) say_stale(source.name(), true);
        }
        if (!rates) return {};
        for (const fx::SourceRates& source : rates->sources()) {
            const ReferenceTable& newest = source.tables.front();
            const std::chrono::days age =
                fx::rate_age(newest.day(), day_of(clock.now()), *source.calendar);
            sink.gauge("causeway_fx_rates_overdue_seconds",
                       "Since a source's newest rates were no longer the newest due.",
                       static_cast<double>(std::chrono::seconds(age).count()),
                       {{"source", newest.publisher()}});
            say_stale(newest.publisher(), age.count() > settings.rates_age_max_days);
        }
        return {};
    };
}

std::string rates_report(const fx::RateBook& book, const FxSettings& settings, Day today) {
    const std::shared_ptr<const fx::RateSnapshot> rates = book.snapshot();
    if (!rates) return "rates: none (too old to quote by)\n";
    std::string report;
    for (const fx::SourceRates& source : rates->sources()) {
        const fx::ReferenceTable& newest = source.tables.front();
        const std::chrono::days age = fx::rate_age(newest.day(), today, *source.calendar);
        report += "rates: " + newest.publisher() + " " + to_text(newest.day());
        if (age.count() > settings.rates_age_max_days) report += " (too old to quote by)";
        report += "\n";
    }
    for (const fx::RateSource& source : settings.sources) {
        if (!is_loaded(rates.get(), source))
            report += "rates: " + source.name() + " none (too old to quote by)\n";
    }
    return report;
}

}  // namespace causeway::gateway
