// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/janitor.h"

#include "gateway/commit.h"
#include "gateway/payments/operations_store.h"
#include "gateway/payments/outcomes.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <memory>
#include <vector>

namespace asio = boost::asio;

namespace causeway::gateway {
namespace {

using connectors::OperationKind;
using ledger::Transaction;

constexpr auto kAsTuple = asio::as_tuple(asio::use_awaitable);
constexpr int kAtOnce = 64;
constexpr std::chrono::milliseconds kPauseMax{5'000};
constexpr std::chrono::milliseconds kPauseMin{20};
constexpr std::chrono::hours kAnswersKept{48};

bool may_not_be_repeated(const OperationRow& row) {
    return row.state == OperationState::intent && row.tries > 0 &&
           (row.kind == OperationKind::authorise || row.kind == OperationKind::sale ||
            row.kind == OperationKind::refund);
}

Result<void> recover_operations(Transaction& tx, const Workshop& shop, Recovered& recovered) {
    constexpr int kAll = 1'000'000;
    const Result<std::vector<OperationRow>> open = due_operations(tx, Timestamp::max(), kAll);
    if (!open) return open.error();
    for (const OperationRow& row : *open) {
        ++recovered.operations;
        if (may_not_be_repeated(row)) {
            ++recovered.doubtful;
            const Result<Step> step = take_up(tx, shop, row.id);
            if (!step) return step.error();
            continue;
        }
        OperationRow due = row;
        due.next_try = shop.clock.now();
        const Result<void> stored = update_operation(tx, due);
        if (!stored) return stored.error();
    }
    return {};
}

}  // namespace

Result<Recovered> recover(ledger::Database& database, const Workshop& shop) {
    return database.writer().commit<Recovered>([&shop](Transaction& tx) -> Result<Recovered> {
        Recovered recovered;
        const Result<void> operations = recover_operations(tx, shop, recovered);
        if (!operations) return operations.error();
        const Result<std::vector<Abandoned>> requests = abandoned(tx);
        if (!requests) return requests.error();
        for (const Abandoned& request : *requests) {
            ++recovered.requests;
            const Result<void> answered = answer_abandoned(tx, request);
            if (!answered) return answered.error();
        }
        const Result<std::int64_t> forgotten = forget(tx, shop.clock.now() - kAnswersKept);
        if (!forgotten) return forgotten.error();
        return recovered;
    });
}

Janitor::Janitor(const asio::any_io_executor& executor,
                 ledger::Database& database,
                 asio::thread_pool& readers,
                 PaymentService& service)
    : executor_(executor),
      database_(database),
      readers_(readers),
      service_(service),
      timer_(executor) {}

void Janitor::start() {
    asio::co_spawn(executor_, run(), [this](const std::exception_ptr&) { ended_.set_value(); });
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

asio::awaitable<int> Janitor::run_once() {
    const Timestamp now = service_.shop().clock.now();
    std::function<Result<std::vector<OperationRow>>(Transaction&)> find_due =
        [now](Transaction& tx) { return due_operations(tx, now, kAtOnce); };
    const Result<std::vector<OperationRow>> due =
        co_await read<std::vector<OperationRow>>(database_, readers_, std::move(find_due));
    if (!due) co_return 0;

    int taken = 0;
    const auto open = std::make_shared<int>(0);
    const auto all_done = std::make_shared<asio::steady_timer>(executor_);
    all_done->expires_at(asio::steady_timer::time_point::max());
    for (const OperationRow& row : *due) {
        if (service_.is_under_way(row.id)) continue;
        ++taken;
        ++*open;
        auto finished = [open, all_done](const std::exception_ptr&, const Result<void>&) {
            if (--*open == 0) all_done->cancel();
        };
        asio::co_spawn(executor_, service_.resume(row.id), std::move(finished));
    }
    if (*open > 0) (void)co_await all_done->async_wait(kAsTuple);
    co_return taken;
}

asio::awaitable<std::chrono::milliseconds> Janitor::pause_length() {
    std::function<Result<std::optional<Timestamp>>(Transaction&)> find_next = [](Transaction& tx) {
        return next_due(tx);
    };
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
        (void)co_await run_once();
        const std::chrono::milliseconds pause = co_await pause_length();
        if (stopping_) co_return;
        if (woken_) continue;
        timer_.expires_after(pause);
        (void)co_await timer_.async_wait(kAsTuple);
    }
}

}  // namespace causeway::gateway
