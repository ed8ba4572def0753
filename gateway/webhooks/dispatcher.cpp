// SPDX-License-Identifier: Apache-2.0
#include "gateway/webhooks/dispatcher.h"

#include "gateway/commit.h"
#include "gateway/log.h"
#include "gateway/webhooks/verdict.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace asio = boost::asio;

namespace causeway::gateway {
namespace {

using ledger::Transaction;
using Queues = std::vector<WebhookQueue>;
using Held = std::vector<HeldDelivery>;

constexpr auto kAsTuple = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::milliseconds kWriteAgain{50};
constexpr int kWriteTries = 100;
constexpr std::chrono::milliseconds kAfterTrouble{1'000};

InTransaction<Held> claiming(Lease lease, std::vector<WebhookTurn> turns) {
    return [lease, inner = std::move(turns)](Transaction& tx) {
        return claim_deliveries(tx, lease, inner);
    };
}

InTransaction<std::int64_t> ending_orphans(const Uuid& endpoint) {
    return [endpoint](Transaction& tx) { return end_orphans(tx, endpoint); };
}

InTransaction<bool> judging(const DispatcherParts& parts,
                            const HeldDelivery& held,
                            const WebhookAttempt& attempt,
                            const DeliveryMove& move) {
    return [parts, held, attempt, move](Transaction& tx) {
        return apply_verdict(tx, {.ids = parts.ids, .clock = parts.clock}, held, attempt, move);
    };
}

Result<WebhookMessage> message_of(const HeldDelivery& held, const Vault& vault, Timestamp now) {
    const Result<WebhookKeys> keys = keys_of(held.endpoint, vault, now);
    if (!keys) return keys.error();
    WebhookMessage message{
        .url = held.endpoint.url,
        .headers = webhook_headers(*keys, to_text(kEventPrefix, held.event), now, held.body),
        .body = held.body};
    if (!held.traceparent.empty()) message.headers.emplace_back("traceparent", held.traceparent);
    return message;
}

bool is_full(const Result<bool>& written) {
    return !written && written.error().code() == ErrorCode::unavailable;
}

}  // namespace

Dispatcher::Dispatcher(const asio::any_io_executor& executor,
                       const DispatcherParts& parts,
                       const DispatcherLimits& limits)
    : executor_(executor), parts_(parts), limits_(limits), timer_(executor), idle_(executor) {}

void Dispatcher::start() {
    asio::co_spawn(executor_, run(), [this](const std::exception_ptr& bug) {
        if (bug) log(LogLevel::error, "bug", {{"what", "webhooks"}});
        ended_.set_value();
    });
}

bool Dispatcher::stop(std::chrono::milliseconds time_max) {
    stopping_ = true;
    wake();
    return ended_.get_future().wait_for(time_max) == std::future_status::ready;
}

void Dispatcher::wake() {
    if (woken_.exchange(true)) return;
    asio::post(executor_, [this] { timer_.cancel(); });
}

asio::awaitable<void> Dispatcher::write_down(HeldDelivery held, WebhookAttempt attempt) {
    const DeliveryMove move = move_after(held, attempt.answer, parts_.entropy, parts_.clock.now());
    const InTransaction<bool> body = judging(parts_, held, attempt, move);
    Result<bool> disabled = co_await commit<bool>(parts_.database, body);
    // A full queue is no reason to send the message twice.
    for (int tries = 1; tries < kWriteTries && is_full(disabled); ++tries) {
        asio::steady_timer pause(executor_, kWriteAgain);
        (void)co_await pause.async_wait(kAsTuple);
        disabled = co_await commit<bool>(parts_.database, body);
    }
    const std::string endpoint = to_text(kWebhookPrefix, held.endpoint.id);
    const std::string event = to_text(kEventPrefix, held.event);
    if (!disabled) {
        log(LogLevel::error,
            "webhook_not_written_down",
            {{"event_id", event}, {"endpoint", endpoint}, {"why", disabled.error().detail()}});
    } else if (*disabled) {
        log(LogLevel::warning, "webhook_endpoint_disabled", {{"endpoint", endpoint}});
    } else if (move.state == "failed") {
        log(LogLevel::warning, "webhook_given_up", {{"event_id", event}, {"endpoint", endpoint}});
    }
}

asio::awaitable<void> Dispatcher::deliver(HeldDelivery held) {
    WebhookAttempt attempt;
    attempt.endpoint = held.endpoint.id;
    attempt.attempt = held.attempt;
    const Timestamp begun = parts_.clock.now();
    attempt.attempted_at = begun;
    Result<WebhookMessage> message = message_of(held, parts_.vault, begun);
    if (message) {
        attempt.answer = co_await parts_.sender.send(*std::move(message));
    } else {
        attempt.answer.error = message.error().detail();
    }
    attempt.duration =
        std::chrono::duration_cast<std::chrono::milliseconds>(parts_.clock.now() - begun);
    co_await write_down(std::move(held), std::move(attempt));
}

void Dispatcher::begin(HeldDelivery held) {
    const Uuid endpoint = held.endpoint.id;
    ++under_way_;
    ++in_flight_[endpoint];
    auto finished = [this, endpoint](const std::exception_ptr& bug) {
        if (bug) log(LogLevel::error, "bug", {{"what", "webhook"}});
        --under_way_;
        if (--in_flight_[endpoint] == 0) in_flight_.erase(endpoint);
        idle_.cancel();
        wake();
    };
    asio::co_spawn(executor_, deliver(std::move(held)), std::move(finished));
}

asio::awaitable<std::vector<HeldDelivery>> Dispatcher::claim(std::vector<WebhookTurn> turns) {
    const Timestamp now = parts_.clock.now();
    Lease lease;
    lease.id = parts_.ids.next();
    lease.now = now;
    lease.until = now + limits_.lease;
    InTransaction<Held> body = claiming(lease, std::move(turns));
    Result<Held> held = co_await commit<Held>(parts_.database, std::move(body));
    if (!held) {
        log(LogLevel::error, "webhooks_not_claimed", {{"why", held.error().detail()}});
        co_return Held();
    }
    co_return *std::move(held);
}

asio::awaitable<void> Dispatcher::end_orphans_in(std::vector<WebhookQueue>& queues) {
    for (const WebhookQueue& queue : queues) {
        if (!queue.orphaned) continue;
        InTransaction<std::int64_t> body = ending_orphans(queue.endpoint);
        const Result<std::int64_t> ended =
            co_await commit<std::int64_t>(parts_.database, std::move(body));
        if (ended) continue;
        log(LogLevel::error, "orphans_not_ended", {{"why", ended.error().detail()}});
    }
    std::erase_if(queues, [](const WebhookQueue& queue) { return queue.orphaned; });
}

asio::awaitable<Dispatcher::Round> Dispatcher::take_up_due() {
    Round round;
    InTransaction<Queues> look = webhook_queues;
    Result<Queues> queues = co_await read<Queues>(parts_.database, parts_.readers, std::move(look));
    if (!queues) {
        round.wake_at = parts_.clock.now() + kAfterTrouble;
        co_return round;
    }
    co_await end_orphans_in(*queues);
    for (WebhookQueue& queue : *queues) {
        const auto flying = in_flight_.find(queue.endpoint);
        if (flying != in_flight_.end()) queue.in_flight = flying->second;
    }
    const WebhookPlan plan = plan_webhooks(*queues, limits_.room, parts_.clock.now());
    round.wake_at = plan.wake_at;
    if (plan.turns.empty()) co_return round;
    Held held = co_await claim(plan.turns);
    for (HeldDelivery& one : held)
        begin(std::move(one));
    round.sent = static_cast<int>(held.size());
    co_return round;
}

asio::awaitable<void> Dispatcher::until_idle() {
    while (under_way_ > 0) {
        idle_.expires_at(asio::steady_timer::time_point::max());
        (void)co_await idle_.async_wait(kAsTuple);
    }
}

asio::awaitable<Dispatcher::Round> Dispatcher::run_once() {
    Round round = co_await take_up_due();
    co_await until_idle();
    co_return round;
}

asio::awaitable<void> Dispatcher::run() {
    while (!stopping_) {
        woken_ = false;
        const Round round = co_await take_up_due();
        if (stopping_) break;
        if (woken_) continue;
        const auto pause = std::chrono::duration_cast<std::chrono::milliseconds>(
            round.wake_at.value_or(Timestamp::max()) - parts_.clock.now());
        timer_.expires_after(std::clamp(pause, std::chrono::milliseconds(1), limits_.look_every));
        (void)co_await timer_.async_wait(kAsTuple);
    }
    co_await until_idle();
}

Result<std::int64_t> recover_deliveries(ledger::Database& database, const Clock& clock) {
    return database.writer().commit<std::int64_t>(
        [&clock](Transaction& tx) { return free_leases(tx, clock.now()); });
}

}  // namespace causeway::gateway
