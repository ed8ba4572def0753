// SPDX-License-Identifier: Apache-2.0
#include "tests/support/rate_house.h"

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

std::string reais(const std::string& day, const std::string& rate) {
    return R"({"base":"USD","date":")" + day + R"(","rates":{"BRL":")" + rate + "\"}}";
}

fx::RateSource dollar_source(const std::string& name, int priority, const std::string& url) {
    Result<fx::RateSource> source = fx::RateSource::make(
        {.name = name, .kind = "json", .priority = priority, .url = url, .base = currency("USD")});
    if (!source) throw std::runtime_error(source.error().detail());
    return *std::move(source);
}

RateHouse::RateHouse() : clock(*parse_rfc3339("2026-04-14T08:00:00Z")) {
    Result<std::unique_ptr<ledger::Database>> opened =
        ledger::Database::open(folder.url(), gateway::schema());
    if (!opened) throw std::runtime_error(opened.error().detail());
    database = std::move(*opened);
}

Day RateHouse::today() const {
    return day_of(clock.now());
}

Result<gateway::RatesTaken> RateHouse::take(const fx::RateSource& source, const std::string& file) {
    return gateway::take_rates(*database, source, {.content = file}, clock.now());
}

void RateHouse::load(std::span<const fx::RateSource> sources) {
    const Result<void> loaded = gateway::load_rate_book(*database, sources, today(), book);
    if (!loaded) throw std::runtime_error(loaded.error().detail());
}

std::string RateHouse::scrape(gateway::MetricCollector collector) {
    gateway::Metrics metrics;
    metrics.add(std::move(collector));
    return *read<std::string>(
        [&](ledger::Transaction& tx) { return Result<std::string>(metrics.render(tx)); });
}

}  // namespace causeway::test
