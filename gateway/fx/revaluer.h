// SPDX-License-Identifier: Apache-2.0
//
// Revalues the positions of a day when it has ended. Every process of several does so; the
// database lets one of them book each pair. Days on which none ran are made up for first, in
// order; see missed_days.h.
#pragma once

#include "gateway/fx/missed_days.h"
#include "gateway/fx/revaluation.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <future>
#include <optional>
#include <vector>

namespace causeway::gateway {

/// What became of the pairs of one day.
struct DayRevalued {
    Day day;
    std::vector<PairRevalued> pairs;

    [[nodiscard]] bool is_open() const;
};

/// With `revalue = false` in its settings it books no revaluation, only the reversal that one of
/// before still lacks.
///
/// Threads: start() and stop() anywhere, once; the rest runs on the executor, which has one thread.
class Revaluer {
  public:
    /// What blocks runs on `blocking`.
    Revaluer(const boost::asio::any_io_executor& executor,
             boost::asio::any_io_executor blocking,
             RevaluationDesk desk);
    Revaluer(const Revaluer&) = delete;
    Revaluer& operator=(const Revaluer&) = delete;
    ~Revaluer() = default;

    void start();
    /// Begins nothing new. False when what was under way took longer than that. Call from another
    /// thread than the executor's.
    [[nodiscard]] bool stop(std::chrono::milliseconds time_max);

    /// Revalues what is left up to yesterday, from a quarter past midnight on. A missed day on
    /// which a pair lacks a rate or fails holds up the later ones for one round: it may just be on
    /// its way. A bug ends the round, and nothing else. How many pairs were booked.
    [[nodiscard]] boost::asio::awaitable<int> round();

    /// Rounds that a bug ended.
    [[nodiscard]] MetricCollector metrics() const;

  private:
    boost::asio::awaitable<void> run();
    /// Blocks. What became of each day that was tried.
    [[nodiscard]] Result<std::vector<DayRevalued>> revalue_until(Day until);
    /// The same, and a bug is counted and told as an error.
    [[nodiscard]] Result<std::vector<DayRevalued>> try_until(Day until);
    /// Blocks.
    void reverse_until(Day until);
    [[nodiscard]] int tell_all(const std::vector<DayRevalued>& days, Day until);

    boost::asio::any_io_executor executor_;
    boost::asio::any_io_executor blocking_;
    RevaluationDesk desk_;
    boost::asio::steady_timer timer_;
    std::optional<Day> done_;    ///< Every pair of that day, too.
    std::optional<Day> waited_;  ///< In the rounds of that day a missed one held the others up.
    std::optional<Day> warned_;  ///< About what can not be done for that day yet.
    std::atomic<std::int64_t> broken_{0};
    std::promise<void> ended_;
    std::atomic<bool> stopping_ = false;
};

}  // namespace causeway::gateway
