// SPDX-License-Identifier: Apache-2.0
//
// This process as one of several on a database: its row, its beat, and what it does about those
// that have stopped.
//
// A process that was stopped for longer than its lease may find that others have done its work.
// It learns so from its next beat, and ends; until then it sends nothing, because it knows by its
// own clock that its last beat is too old.
#pragma once

#include "gateway/instances/watch.h"
#include "ledger/clock.h"
#include "ledger/store/database.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <future>

namespace causeway::gateway {

/// What an instance asks of its process.
struct InstanceHooks {
    /// Takes up what dead instances have left; in the transaction it is handed. How much it was.
    std::function<Result<std::int64_t>(ledger::Transaction&)> take_over;
    /// Called when something was taken over, for the janitor.
    std::function<void()> on_work = [] {};
    /// Others have taken over: the process has to end.
    std::function<void()> on_lost;
    std::function<Monotonic()> now = [] { return std::chrono::steady_clock::now(); };
};

/// Threads: may_send() and id() from any; the rest runs on the executor, which must be a strand or
/// have one thread.
/// Lifetime: outlives the executor's work; borrows what it is given.
class Instance {
  public:
    Instance(const boost::asio::any_io_executor& executor,
             ledger::Database& database,
             const Clock& clock,
             const Uuid& id,
             const LeaseTimes& times);

    [[nodiscard]] const Uuid& id() const noexcept { return id_; }
    /// Whether a message may go to a provider: nobody can have taken over yet.
    [[nodiscard]] bool may_send() const { return lease_.holds(hooks_.now()); }

    /// Blocking; before anything is claimed. Errors: of the store.
    [[nodiscard]] Result<void> join(InstanceHooks hooks);
    void start();
    /// Beats no more. With `leave` the row goes too: what is open is anybody's at once.
    /// Call from another thread than the executor's, once, after start().
    void stop(bool leave);

    /// One beat: renews the lease, looks at the others, takes over from the dead. False when the
    /// beat could not be stored.
    boost::asio::awaitable<bool> beat();

  private:
    boost::asio::awaitable<void> run();
    boost::asio::awaitable<void> bury(Beats silent);

    boost::asio::any_io_executor executor_;
    ledger::Database& database_;
    const Clock& clock_;
    const Uuid id_;
    const LeaseTimes times_;
    OwnLease lease_;
    Watch watch_;
    InstanceHooks hooks_;
    boost::asio::steady_timer timer_;
    std::atomic<bool> stopping_ = false;
    std::promise<void> ended_;
};

}  // namespace causeway::gateway
