// SPDX-License-Identifier: Apache-2.0
//
// Asks providers what is new: on a clock, and at once when one knocks.
//
// A notification that carries no signature is no more than a knock on the door: anybody may knock,
// and what is true the provider is asked over a connection of ours. Of several gateways each asks;
// a notice has one id however often it is told.
#pragma once

#include "gateway/payments/service.h"
#include "ledger/store/database.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::gateway {

/// Threads: start(), stop() and knock() anywhere; the rest runs on the executor, which has one
/// thread.
class Poller {
  public:
    /// One round for every connector of `service` that can be asked.
    Poller(const boost::asio::any_io_executor& executor,
           ledger::Database& database,
           PaymentService& service);
    Poller(const Poller&) = delete;
    Poller& operator=(const Poller&) = delete;
    ~Poller() = default;

    void start();
    /// Begins nothing new. False when what was under way took longer than that. Call from another
    /// thread than the executor's.
    [[nodiscard]] bool stop(std::chrono::milliseconds time_max);

    /// The connector is asked soon. Knocks that come together are one; no effect for a connector
    /// that can not be asked.
    void knock(std::string_view connector);

    /// Asks one connector until it has told everything, and takes in what it told. False when it
    /// could not be asked, or what it told could not be stored.
    [[nodiscard]] boost::asio::awaitable<bool> round(std::string connector);

  private:
    struct Line {
        Line(std::string name, const boost::asio::any_io_executor& executor)
            : connector(std::move(name)), timer(executor) {}
        std::string connector;
        boost::asio::steady_timer timer;
        std::atomic<bool> knocked = false;
        std::promise<void> ended;
    };

    boost::asio::awaitable<void> run(Line& line);
    boost::asio::awaitable<bool> take(std::string connector,
                                      std::string before,
                                      connectors::Told told);

    boost::asio::any_io_executor executor_;
    ledger::Database& database_;
    PaymentService& service_;
    std::vector<std::unique_ptr<Line>> lines_;
    std::atomic<bool> stopping_ = false;
};

}  // namespace causeway::gateway
