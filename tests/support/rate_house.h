// SPDX-License-Identifier: Apache-2.0
//
// Rates on their way: a gateway's database on a file, a clock that the test moves, and sources
// that are files or HTTPS receivers.
#pragma once

#include "gateway/fx/rate_desk.h"
#include "gateway/schema_store.h"
#include "ledger/store/commit_queue.h"
#include "tests/support/amounts.h"
#include "tests/support/temporary_folder.h"

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace causeway::test {

/// {"base":"USD","date":DAY,"rates":{"BRL":RATE}}
inline std::string reais(const std::string& day, const std::string& rate) {
    return R"({"base":"USD","date":")" + day + R"(","rates":{"BRL":")" + rate + "\"}}";
}

/// A source of the kind "json" with dollars as its base.
inline fx::RateSource dollar_source(const std::string& name,
                                    int priority = 100,
                                    const std::string& url = {}) {
    Result<fx::RateSource> source = fx::RateSource::make(
        {.name = name, .kind = "json", .priority = priority, .url = url, .base = currency("USD")});
    if (!source) throw std::runtime_error(source.error().detail());
    return *std::move(source);
}

/// On Tuesday, 2026-04-14, in the morning.
struct RateHouse {
    RateHouse() : clock(*parse_rfc3339("2026-04-14T08:00:00Z")) {
        Result<std::unique_ptr<ledger::Database>> opened =
            ledger::Database::open(folder.url(), gateway::schema());
        if (!opened) throw std::runtime_error(opened.error().detail());
        database = std::move(*opened);
    }

    [[nodiscard]] Day today() const { return day_of(clock.now()); }
    Result<gateway::RatesTaken> take(const fx::RateSource& source, const std::string& file) {
        return gateway::take_rates(*database, source, {.content = file}, clock.now());
    }
    void load(std::span<const fx::RateSource> sources) {
        const Result<void> loaded = gateway::load_rate_book(*database, sources, today(), book);
        if (!loaded) throw std::runtime_error(loaded.error().detail());
    }
    template <class T>
    Result<T> read(const std::function<Result<T>(ledger::Transaction&)>& body) {
        std::optional<Result<T>> found;
        const Result<void> done = database->read([&](ledger::Transaction& tx) -> Result<void> {
            found.emplace(body(tx));
            return {};
        });
        if (!done) throw std::runtime_error(done.error().detail());
        return *std::move(found);
    }
    /// What /metrics says of it.
    std::string scrape(gateway::MetricCollector collector) {
        gateway::Metrics metrics;
        metrics.add(std::move(collector));
        return *read<std::string>(
            [&](ledger::Transaction& tx) { return Result<std::string>(metrics.render(tx)); });
    }

    TemporaryFolder folder;
    ManualClock clock;
    std::unique_ptr<ledger::Database> database;
    fx::RateBook book;
};

}  // namespace causeway::test
