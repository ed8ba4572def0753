// SPDX-License-Identifier: Apache-2.0
//
// Time that passes when a test says so: whoever waits on it is woken in the order of the
// deadlines, and the clock stands at each deadline in turn. Nothing here takes real time.
#pragma once

#include "ledger/clock.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>

namespace causeway::test {

/// Threads: one.
class VirtualTime {
  public:
    VirtualTime(boost::asio::io_context& io, ManualClock& clock) : io_(io), clock_(clock) {}

    boost::asio::awaitable<void> sleep(std::chrono::milliseconds length) {
        auto timer = std::make_shared<boost::asio::steady_timer>(io_);
        timer->expires_at(boost::asio::steady_timer::time_point::max());
        waiting_.emplace(clock_.now() + length, timer);
        (void)co_await timer->async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    }

    /// Lets everything run that needs no time, and then what is due within `length`.
    void pass(std::chrono::microseconds length) {
        const Timestamp end = clock_.now() + length;
        settle();
        while (!waiting_.empty() && waiting_.begin()->first <= end) {
            const auto next = waiting_.begin();
            clock_.set(std::max(clock_.now(), next->first));
            next->second->cancel();
            waiting_.erase(next);
            settle();
        }
        clock_.set(end);
    }

  private:
    void settle() {
        io_.restart();
        io_.poll();
    }

    boost::asio::io_context& io_;
    ManualClock& clock_;
    std::multimap<Timestamp, std::shared_ptr<boost::asio::steady_timer>> waiting_;
};

}  // namespace causeway::test
