// SPDX-License-Identifier: Apache-2.0
//
// The janitor looks after every operation that nobody waits for: reversals of what was never
// answered, advices that were not acknowledged, the rest of an authorisation to be released.
// It goes on until the provider has spoken, however long that takes and over every restart.
#pragma once

#include "gateway/payments/recovery.h"
#include "gateway/payments/service.h"
#include "ledger/store/database.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <chrono>
#include <future>
#include <set>

namespace causeway::gateway {

/// Threads: start(), stop() and wake() from any thread; the rest runs on the executor, which must
/// be a strand or have one thread.
/// Lifetime: outlives the executor's work.
class Janitor {
  public:
    Janitor(const boost::asio::any_io_executor& executor,
            ledger::Database& database,
            boost::asio::thread_pool& readers,
            PaymentService& service);

    void start();
    /// Takes up nothing new, and waits for what is under way. False if that took longer.
    /// Call from another thread than the executor's.
    [[nodiscard]] bool stop(std::chrono::milliseconds time_max);
    void wake();

    /// Does what is due now and waits for it to end. Returns how many operations it took up.
    boost::asio::awaitable<int> run_once();

  private:
    boost::asio::awaitable<void> run();
    boost::asio::awaitable<int> take_up_due();
    void begin(const Uuid& operation);
    boost::asio::awaitable<void> look_after(Uuid operation);
    boost::asio::awaitable<void> until_idle();
    boost::asio::awaitable<void> expire_authorisations();
    boost::asio::awaitable<void> forget_old_answers();
    boost::asio::awaitable<std::chrono::milliseconds> pause_length();

    boost::asio::any_io_executor executor_;
    ledger::Database& database_;
    boost::asio::thread_pool& readers_;
    PaymentService& service_;
    boost::asio::steady_timer timer_;
    boost::asio::steady_timer idle_;  // Cancelled when nothing is under way any more.
    int under_way_ = 0;
    std::set<Uuid> looked_after_;
    Timestamp next_forgetting_;
    std::promise<void> ended_;
    std::atomic<bool> stopping_ = false;
    std::atomic<bool> woken_ = false;
};

}  // namespace causeway::gateway
