// SPDX-License-Identifier: Apache-2.0
//
// Revalues the positions of a day when it has ended. Every process of several does so; the
// database lets one of them book each pair. Days on which none ran are not made up for.
#pragma once

#include "gateway/fx/revaluation.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <chrono>
#include <future>
#include <optional>

namespace causeway::gateway {

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

    /// Revalues yesterday, from a quarter past midnight on, unless that was done. How many pairs
    /// were booked.
    [[nodiscard]] boost::asio::awaitable<int> round();

  private:
    boost::asio::awaitable<void> run();

    boost::asio::any_io_executor executor_;
    boost::asio::any_io_executor blocking_;
    RevaluationDesk desk_;
    boost::asio::steady_timer timer_;
    std::optional<Day> done_;    ///< Every pair of that day, too.
    std::optional<Day> warned_;  ///< About what can not be done for that day yet.
    std::promise<void> ended_;
    std::atomic<bool> stopping_ = false;
};

}  // namespace causeway::gateway
