// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/janitor.h"

#include "gateway/commit.h"
#include "gateway/idempotency/idempotency_store.h"
#include "gateway/log.h"
#include "gateway/payments/expiry.h"
#include "gateway/payments/operations_store.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <vector>

namespace asio = boost::asio;

namespace causeway::gateway {
namespace {

using ledger::Transaction;

constexpr auto kAsTuple = asio::as_tuple(asio::use_awaitable);
constexpr int kAtOnce = 64;
constexpr std::chrono::milliseconds kPauseMax{5'000};
constexpr std::chrono::milliseconds kPauseMin{50};
constexpr std::chrono::hours kForgettingPause{1};
constexpr std::chrono::seconds kStuckPause{60};
constexpr int kUnderWayMax = 512;
constexpr std::chrono::hours kSweepPause{1};
constexpr int kSweepAtOnce = 200;

InTransaction<int> postponing(const Uuid& operation, Timestamp later) {
    return [operation, later](Transaction& tx) -> Result<int> {
        Result<OperationRow> row = load_operation(tx, operation);
        if (!row) return row.error();
        if (!row->next_try || *row->next_try > later) return 0;
        row->next_try = later;
        const Result<void> stored = update_operation(tx, *row);
        if (!stored) return stored.error();
        return 0;
    };
}

InTransaction<std::vector<OperationRow>> finding_due(Timestamp now) {
    return [now](Transaction& tx) { return due_operations(tx, now, kAtOnce); };
}

InTransaction<std::vector<Payment>> finding_expired(Timestamp now) {
    return [now](Transaction& tx) { return expired_payments(tx, now, 1); };
}

InTransaction<int> expiring(const Workshop& shop) {
    return [&shop](Transaction& tx) { return expire_due(tx, shop, kAtOnce); };
}

InTransaction<std::int64_t> forgetting(Timestamp created_before) {
    return [created_before](Transaction& tx) { return forget(tx, created_before); };
}

InTransaction<int> deleting(const DeleteOld& body, Timestamp before) {
    return [body, before](Transaction& tx) { return body(tx, before, kSweepAtOnce); };
}

}  // namespace

Janitor::Janitor(const asio::any_io_executor& executor,
                 ledger::Database& database,
                 asio::thread_pool& readers,
                 PaymentService& service)
    : executor_(executor),
      database_(database),
      readers_(readers),
      service_(service),
      timer_(executor),
      idle_(executor) {}

void Janitor::sweep_hourly(std::string what, std::chrono::seconds keep, DeleteOld body) {
    sweeps_.push_back(
        {.what = std::move(what), .keep = keep, .body = std::move(body), .next = Timestamp::min()});
}

void Janitor::start() {
    asio::co_spawn(executor_, run(), [this](const std::exception_ptr& bug) { ended(bug); });
}

// Without a janitor doubts would stay, and nobody would hear of it: it begins again.
void Janitor::ended(const std::exception_ptr& bug) {
    if (bug) log(LogLevel::error, "bug", {{"what", "janitor"}});
    if (!bug || stopping_) return ended_.set_value();
    woken_ = false;
    timer_.expires_after(kPauseMax);
    timer_.async_wait([this](const boost::system::error_code&) { start(); });
}

bool Janitor::stop(std::chrono::milliseconds time_max) {
    stopping_ = true;
    wake();
    return ended_.get_future().wait_for(time_max) == std::future_status::ready;
}

void Janitor::wake() {
    if (woken_.exchange(true)) return;
    asio::post(executor_, [this] { timer_.cancel(); });
}

asio::awaitable<void> Janitor::look_after(Uuid operation) {
    const Result<void> done = co_await service_.resume(operation);
    if (done) co_return;
    log(LogLevel::error,
        "operation_stuck",
        {{"operation", to_text("op", operation)}, {"why", done.error().detail()}});
    // Its own step failed and left it due: move it back, or it would stand before all others.
    const Timestamp later = service_.shop().clock.now() + kStuckPause;
    InTransaction<int> body = postponing(operation, later);
    (void)co_await commit<int>(database_, std::move(body));
}

void Janitor::begin(const Uuid& operation) {
    ++under_way_;
    auto finished = [this, operation](const std::exception_ptr& bug) {
        if (bug) log(LogLevel::error, "bug", {{"what", "janitor"}});
        looked_after_.erase(operation);
        if (--under_way_ == 0) idle_.cancel();
    };
    asio::co_spawn(executor_, look_after(operation), std::move(finished));
}

asio::awaitable<int> Janitor::take_up_due() {
    const Timestamp now = service_.shop().clock.now();
    InTransaction<std::vector<OperationRow>> find_due = finding_due(now);
    const Result<std::vector<OperationRow>> due =
        co_await read<std::vector<OperationRow>>(database_, readers_, std::move(find_due));
    if (!due) co_return 0;
    int taken = 0;
    for (const OperationRow& row : *due) {
        if (under_way_ >= kUnderWayMax) break;
        if (service_.is_under_way(row.id) || !looked_after_.insert(row.id).second) continue;
        ++taken;
        begin(row.id);
    }
    co_return taken;
}

asio::awaitable<void> Janitor::until_idle() {
    while (under_way_ > 0) {
        idle_.expires_at(asio::steady_timer::time_point::max());
        (void)co_await idle_.async_wait(kAsTuple);
    }
}

asio::awaitable<int> Janitor::run_once() {
    const int taken = co_await take_up_due();
    co_await until_idle();
    co_return taken;
}

asio::awaitable<void> Janitor::forget_old_answers() {
    const Timestamp now = service_.shop().clock.now();
    if (now < next_forgetting_) co_return;
    next_forgetting_ = now + kForgettingPause;
    InTransaction<std::int64_t> body = forgetting(now - kAnswersKept);
    (void)co_await commit<std::int64_t>(database_, std::move(body));
}

asio::awaitable<void> Janitor::expire_authorisations() {
    InTransaction<std::vector<Payment>> find = finding_expired(service_.shop().clock.now());
    const Result<std::vector<Payment>> expired =
        co_await read<std::vector<Payment>>(database_, readers_, std::move(find));
    if (!expired || expired->empty()) co_return;
    InTransaction<int> body = expiring(service_.shop());
    const Result<int> ended = co_await commit<int>(database_, std::move(body));
    if (!ended) log(LogLevel::error, "not_expired", {{"why", ended.error().detail()}});
    if (ended) woken_ = true;  // What they gave back is to be sent.
}

asio::awaitable<void> Janitor::sweep_old() {
    more_to_sweep_ = false;
    const Timestamp now = service_.shop().clock.now();
    for (Sweep& sweep : sweeps_) {
        if (now < sweep.next) continue;
        InTransaction<int> body = deleting(sweep.body, now - sweep.keep);
        const Result<int> gone = co_await commit<int>(database_, std::move(body));
        if (!gone) {
            log(LogLevel::error,
                "not_swept",
                {{"what", sweep.what}, {"why", gone.error().detail()}});
        }
        const bool full = gone && *gone >= kSweepAtOnce;
        more_to_sweep_ = more_to_sweep_ || full;
        if (!full) sweep.next = now + kSweepPause;
    }
}

asio::awaitable<std::chrono::milliseconds> Janitor::pause_length() {
    InTransaction<std::optional<Timestamp>> find_next = next_due;
    const Result<std::optional<Timestamp>> next =
        co_await read<std::optional<Timestamp>>(database_, readers_, std::move(find_next));
    if (!next || !*next) co_return kPauseMax;
    const auto wait =
        std::chrono::duration_cast<std::chrono::milliseconds>(**next - service_.shop().clock.now());
    co_return std::clamp(wait, kPauseMin, kPauseMax);
}

asio::awaitable<void> Janitor::run() {
    while (!stopping_) {
        woken_ = false;
        const int taken = co_await take_up_due();
        if (taken == kAtOnce) continue;  // There may be more.
        co_await expire_authorisations();
        co_await forget_old_answers();
        co_await sweep_old();
        std::chrono::milliseconds pause = co_await pause_length();
        if (more_to_sweep_) pause = std::min(pause, kPauseMin);
        if (stopping_) break;
        if (woken_) continue;
        timer_.expires_after(pause);
        (void)co_await timer_.async_wait(kAsTuple);
    }
    co_await until_idle();
}

}  // namespace causeway::gateway
