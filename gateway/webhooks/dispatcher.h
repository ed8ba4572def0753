// SPDX-License-Identifier: Apache-2.0
//
// Carries events to those who asked for them, until they have taken them or the schedule is
// through. plan.h decides; this asks it, claims, sends and writes down what came of it.
//
// Several processes may do so on one database: each delivery is claimed with a lease first.
#pragma once

#include "gateway/vault/vault.h"
#include "gateway/webhooks/delivery.h"
#include "gateway/webhooks/plan.h"
#include "gateway/webhooks/sender.h"
#include "ledger/store/database.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <chrono>
#include <future>
#include <map>
#include <vector>

namespace causeway::gateway {

/// Lifetime: borrowed; outlives the dispatcher.
struct DispatcherParts {
    ledger::Database& database;
    boost::asio::thread_pool& readers;
    const Clock& clock;
    Entropy& entropy;
    IdSource& ids;
    const Vault& vault;
    WebhookSender& sender;
};

struct DispatcherLimits {
    WebhookRoom room;
    /// Longer than a message can take: what is still leased then belongs to nobody alive.
    std::chrono::seconds lease{60};
    /// How soon an event that another thread or process recorded is seen.
    std::chrono::milliseconds look_every{200};
};

/// Threads: start(), stop() and wake() from any thread; the rest runs on the executor, which must
/// be a strand or have one thread.
/// Lifetime: outlives the executor's work.
class Dispatcher {
  public:
    Dispatcher(const boost::asio::any_io_executor& executor,
               const DispatcherParts& parts,
               const DispatcherLimits& limits = {});

    void start();
    /// Takes up nothing new, and waits for what is under way. False if that took longer.
    /// Call from another thread than the executor's.
    [[nodiscard]] bool stop(std::chrono::milliseconds time_max);
    void wake();

    /// Sends what is due now and waits for the answers.
    struct Round {
        int sent = 0;
        std::optional<Timestamp> wake_at;  ///< When there is something to do again.
    };
    boost::asio::awaitable<Round> run_once();

  private:
    boost::asio::awaitable<void> run();
    boost::asio::awaitable<Round> take_up_due();
    boost::asio::awaitable<void> end_orphans_in(std::vector<WebhookQueue>& queues);
    boost::asio::awaitable<std::vector<HeldDelivery>> claim(std::vector<WebhookTurn> turns);
    void begin(HeldDelivery held);
    boost::asio::awaitable<void> deliver(HeldDelivery held);
    boost::asio::awaitable<void> write_down(HeldDelivery held, WebhookAttempt attempt);
    boost::asio::awaitable<void> until_idle();

    boost::asio::any_io_executor executor_;
    DispatcherParts parts_;
    DispatcherLimits limits_;
    boost::asio::steady_timer timer_;
    boost::asio::steady_timer idle_;  // Cancelled whenever a message has come to its end.
    std::map<Uuid, int> in_flight_;   // By endpoint.
    int under_way_ = 0;
    std::promise<void> ended_;
    std::atomic<bool> stopping_ = false;
    std::atomic<bool> woken_ = false;
};

/// For the only process on a database, before start(): what an earlier one was sending is due.
[[nodiscard]] Result<std::int64_t> recover_deliveries(ledger::Database& database,
                                                      const Clock& clock);

}  // namespace causeway::gateway
