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
std::string reais(const std::string& day, const std::string& rate);

/// A source of the kind "json" with dollars as its base.
fx::RateSource dollar_source(const std::string& name,
                             int priority = 100,
                             const std::string& url = {});

/// On Tuesday, 2026-04-14, in the morning.
struct RateHouse {
    RateHouse();

    [[nodiscard]] Day today() const;
    Result<gateway::RatesTaken> take(const fx::RateSource& source, const std::string& file);
    void load(std::span<const fx::RateSource> sources);
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
    std::string scrape(gateway::MetricCollector collector);

    TemporaryFolder folder;
    ManualClock clock;
    std::unique_ptr<ledger::Database> database;
    fx::RateBook book;
};

}  // namespace causeway::test
