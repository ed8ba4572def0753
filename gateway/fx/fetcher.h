// SPDX-License-Identifier: Apache-2.0
//
// Fetches the rates of those sources that have an address, on command and by the clock. What is
// fetched is taken like a file that somebody imported: whole or not at all, leaps held.
#pragma once

#include "connectors/net/http_client.h"
#include "gateway/fx/rate_desk.h"
#include "gateway/metrics.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <future>
#include <map>
#include <optional>
#include <string>

namespace causeway::gateway {

/// Whether something newer than `newest` is due from the source.
[[nodiscard]] bool is_due(const fx::RateSource& source, std::optional<Day> newest, Day today);

/// What fetching needs. Lifetime: everything referred to outlives whoever fetches.
struct FetchParts {
    ledger::Database& database;
    const Clock& clock;
    net::HttpClient& client;
    /// Reads what was fetched: megabytes, while another's connections wait. None: where it is
    /// fetched.
    boost::asio::any_io_executor blocking = {};
    int jump_limit_bps = fx::kJumpLimitBps;
};

/// Gets the file at the source's address and takes it.
///
/// Errors: `invalid_argument` for a source without an address, and as take_rates();
/// `unavailable` when the source can not be reached or answers with anything but 200.
[[nodiscard]] boost::asio::awaitable<Result<RatesTaken>> fetch_rates(FetchParts parts,
                                                                     const fx::RateSource& source);

/// Fetches in the background, each source when something newer is due from it.
///
/// Threads: start() and stop() anywhere, once; the rest runs on the executor, which has one thread.
class RateFetcher {
  public:
    /// `rates_changed` is called after something was stored.
    RateFetcher(const boost::asio::any_io_executor& executor,
                FetchParts parts,
                const FxSettings& settings,
                const fx::RateBook& book,
                std::function<void()> rates_changed);
    RateFetcher(const RateFetcher&) = delete;
    RateFetcher& operator=(const RateFetcher&) = delete;
    ~RateFetcher() = default;

    void start();
    /// Begins nothing new. False when what was under way took longer than that. Call from another
    /// thread than the executor's.
    [[nodiscard]] bool stop(std::chrono::milliseconds time_max);

    /// One round over all sources, without waiting for its time. A bug ends that round, and nothing
    /// else: it is counted and logged.
    [[nodiscard]] boost::asio::awaitable<void> round();

    /// How often each source was asked, by name and outcome.
    [[nodiscard]] MetricCollector metrics() const;

  private:
    struct Count {
        std::atomic<std::int64_t> taken{0};
        std::atomic<std::int64_t> failed{0};
    };

    boost::asio::awaitable<void> run();
    boost::asio::awaitable<void> ask_all();

    boost::asio::any_io_executor executor_;
    FetchParts parts_;
    const FxSettings& settings_;
    const fx::RateBook& book_;
    std::function<void()> rates_changed_;
    boost::asio::steady_timer timer_;
    std::map<std::string, Count, std::less<>> counts_;  ///< All names from the start.
    std::atomic<std::int64_t> broken_{0};               ///< Rounds that a bug ended.
    std::promise<void> ended_;
    std::atomic<bool> stopping_ = false;
};

}  // namespace causeway::gateway
