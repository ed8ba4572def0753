// SPDX-License-Identifier: Apache-2.0
#include "gateway/instances/instance.h"

#include "gateway/commit.h"
#include "gateway/log.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <exception>
#include <utility>

namespace asio = boost::asio;

namespace causeway::gateway {
namespace {

using ledger::Transaction;

constexpr auto kAsTuple = asio::as_tuple(asio::use_awaitable);

// Nothing when our own row is gone.
using Look = std::optional<Beats>;

InTransaction<Look> beating(const Uuid& id, Timestamp now) {
    return [id, now](Transaction& tx) -> Result<Look> {
        const Result<bool> alive = beat_once(tx, id, now);
        if (!alive) return alive.error();
        if (!*alive) return Look();
        Result<Beats> beats = living_instances(tx);
        if (!beats) return beats.error();
        beats->erase(id);
        return Look(*std::move(beats));
    };
}

using TakeOver = std::function<Result<std::int64_t>(Transaction&)>;

InTransaction<std::int64_t> burying(const Beats& silent, const TakeOver& take_over) {
    return [silent, take_over](Transaction& tx) -> Result<std::int64_t> {
        for (const auto& [id, beat] : silent) {
            const Result<bool> removed = remove_silent(tx, id, beat);
            if (!removed) return removed.error();
        }
        // Also what a dead one has begun since its row went.
        return take_over(tx);
    };
}

}  // namespace

Instance::Instance(const asio::any_io_executor& executor,
                   ledger::Database& database,
                   const Clock& clock,
                   const Uuid& id,
                   const LeaseTimes& times)
    : executor_(executor),
      database_(database),
      clock_(clock),
      id_(id),
      times_(times),
      lease_(times.hold),
      watch_(times),
      timer_(executor) {}

Result<void> Instance::join(InstanceHooks hooks) {
    hooks_ = std::move(hooks);
    const Monotonic asked = hooks_.now();
    const Timestamp now = clock_.now();
    const Result<int> joined =
        database_.writer().commit<int>([this, now](Transaction& tx) -> Result<int> {
            const Result<void> inserted = insert_instance(tx, id_, now);
            if (!inserted) return inserted.error();
            return 0;
        });
    if (!joined) return joined.error();
    lease_.renewed(asked);
    return {};
}

void Instance::start() {
    asio::co_spawn(executor_, run(), [this](const std::exception_ptr&) { ended_.set_value(); });
}

void Instance::stop(bool leave) {
    stopping_ = true;
    asio::post(executor_, [this] { timer_.cancel(); });
    ended_.get_future().wait();
    if (!leave) return;
    (void)database_.writer().commit<int>([this](Transaction& tx) -> Result<int> {
        const Result<void> removed = remove_instance(tx, id_);
        if (!removed) return removed.error();
        return 0;
    });
}

asio::awaitable<bool> Instance::beat() {
    const Monotonic asked = hooks_.now();
    InTransaction<Look> body = beating(id_, clock_.now());
    const Result<Look> look = co_await commit<Look>(database_, std::move(body));
    if (!look) {
        log(LogLevel::warning, "beat_not_stored", {{"why", look.error().detail()}});
        co_return false;
    }
    if (!*look) {
        log(LogLevel::error, "lease_lost", {{"why", "other processes have taken over"}});
        hooks_.on_lost();
        co_return true;
    }
    lease_.renewed(asked);
    co_await bury(watch_.silent(**look, asked));
    co_return true;
}

asio::awaitable<void> Instance::bury(Beats silent) {
    for (const auto& [id, beat] : silent)
        log(LogLevel::warning, "instance_silent", {{"instance", to_text(id)}});
    InTransaction<std::int64_t> body = burying(silent, hooks_.take_over);
    const Result<std::int64_t> taken = co_await commit<std::int64_t>(database_, std::move(body));
    if (!taken) {
        log(LogLevel::error, "not_taken_over", {{"why", taken.error().detail()}});
        co_return;
    }
    if (*taken == 0) co_return;
    log(LogLevel::info, "taken_over", {{"count", std::to_string(*taken)}});
    hooks_.on_work();
}

asio::awaitable<void> Instance::run() {
    bool stored = true;
    while (!stopping_) {
        // A full queue is no reason to miss a whole beat.
        timer_.expires_after(stored ? times_.beat : times_.beat / 10);
        (void)co_await timer_.async_wait(kAsTuple);
        if (stopping_) break;
        stored = co_await beat();
    }
}

}  // namespace causeway::gateway
