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
#include <exception>
#include <functional>
#include <future>
#include <set>
#include <string>
#include <vector>

namespace causeway::gateway {

/// Deletes what is from before a moment, so many at most, and says how many those were. Run by
/// several processes at once it deletes nothing twice and nothing else.
using DeleteOld = std::function<Result<int>(ledger::Transaction&, Timestamp before, int limit)>;

/// Threads: start(), stop() and wake() from any thread; the rest runs on the executor, which must
/// be a strand or have one thread.
/// Lifetime: outlives the executor's work.
class Janitor {
  public:
    Janitor(const boost::asio::any_io_executor& executor,
            ledger::Database& database,
            boost::asio::thread_pool& readers,
            PaymentService& service);

    /// Something to do once an hour: deletes what is older than `keep`, a batch in each
    /// transaction, until a batch is not full. Call before start().
    void sweep_hourly(std::string what, std::chrono::seconds keep, DeleteOld body);

    void start();
    /// Takes up nothing new, and waits for what is under way. False if that took longer.
    /// Call from another thread than the executor's.
    [[nodiscard]] bool stop(std::chrono::milliseconds time_max);
    void wake();

    /// Does what is due now and waits for it to end. Returns how many operations it took up.
    boost::asio::awaitable<int> run_once();
    /// Does the hourly work that is due, one batch of each kind. For tests; run() does it too.
    boost::asio::awaitable<void> sweep_once() { return sweep_old(); }

  private:
    void ended(const std::exception_ptr& bug);
    boost::asio::awaitable<void> run();
    boost::asio::awaitable<int> take_up_due();
    void begin(const Uuid& operation);
    boost::asio::awaitable<void> look_after(Uuid operation);
    boost::asio::awaitable<void> until_idle();
    boost::asio::awaitable<void> expire_authorisations();
    boost::asio::awaitable<void> forget_old_answers();
    boost::asio::awaitable<void> sweep_old();
    boost::asio::awaitable<std::chrono::milliseconds> pause_length();

    struct Sweep {
        std::string what;
        std::chrono::seconds keep;
        DeleteOld body;
        Timestamp next;
    };

    boost::asio::any_io_executor executor_;
    ledger::Database& database_;
    boost::asio::thread_pool& readers_;
    PaymentService& service_;
    boost::asio::steady_timer timer_;
    boost::asio::steady_timer idle_;  // Cancelled when nothing is under way any more.
    int under_way_ = 0;
    std::set<Uuid> looked_after_;
    Timestamp next_forgetting_;
    std::vector<Sweep> sweeps_;
    bool more_to_sweep_ = false;
    std::promise<void> ended_;
    std::atomic<bool> stopping_ = false;
    std::atomic<bool> woken_ = false;
};

}  // namespace causeway::gateway
