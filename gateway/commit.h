// SPDX-License-Identifier: Apache-2.0
//
// The bridge from coroutines to the store: a commit that is awaited, and a read that does not
// block the thread it is awaited on.
#pragma once

#include "ledger/store/commit_queue.h"
#include "ledger/store/database.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace causeway::gateway {

/// What is done with the store, and what comes of it.
template <class T>
using InTransaction = std::function<Result<T>(ledger::Transaction&)>;

/// Runs `body` on the writer's thread and resumes, on the caller's executor, when what it wrote
/// is durable. `hint` as in CommitQueue::submit.
///
/// Errors: the body's own; `unavailable` when the queue is full.
template <class T>
boost::asio::awaitable<Result<T>> commit(std::reference_wrapper<ledger::Database> database,
                                         InTransaction<T> body,
                                         std::shared_ptr<const ledger::Hint> hint = nullptr) {
    const auto executor = co_await boost::asio::this_coro::executor;
    // Shared: the completion has to be copyable, and the answer outlives the writer's call.
    const auto outcome = std::make_shared<std::optional<Result<T>>>();
    auto initiate = [database, executor, outcome, hint, &body](auto handler) {
        const auto resume = std::make_shared<decltype(handler)>(std::move(handler));
        auto wake = [executor, resume] {
            boost::asio::post(executor, [resume] { std::move (*resume)(); });
        };
        auto done = [outcome, wake](Result<T> result) {
            outcome->emplace(std::move(result));
            wake();
        };
        const Result<void> queued =
            database.get().writer().template submit<T>(std::move(body), done, hint);
        if (!queued) done(queued.error());
    };
    co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>&, void()>(
        std::move(initiate), boost::asio::use_awaitable);
    co_return std::move(**outcome);
}

/// Blocking: `body` in a snapshot, what came of it in `outcome`.
template <class T>
void read_into(ledger::Database& database,
               const InTransaction<T>& body,
               std::optional<Result<T>>& outcome) {
    const Result<void> done = database.read([&](ledger::Transaction& snapshot) {
        outcome.emplace(body(snapshot));
        return Result<void>();
    });
    if (!done) outcome.emplace(done.error());
}

/// Runs `body` in a snapshot on a thread of `pool` and resumes on the caller's executor.
///
/// Errors: the body's own.
template <class T>
boost::asio::awaitable<Result<T>> read(std::reference_wrapper<ledger::Database> database,
                                       std::reference_wrapper<boost::asio::thread_pool> pool,
                                       InTransaction<T> body) {
    const auto executor = co_await boost::asio::this_coro::executor;
    const auto outcome = std::make_shared<std::optional<Result<T>>>();
    auto initiate = [database, pool, executor, outcome, &body](auto handler) {
        const auto resume = std::make_shared<decltype(handler)>(std::move(handler));
        auto work = [database, executor, outcome, resume, inner = std::move(body)] {
            read_into<T>(database, inner, *outcome);
            boost::asio::post(executor, [resume] { std::move (*resume)(); });
        };
        boost::asio::post(pool.get(), std::move(work));
    };
    co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>&, void()>(
        std::move(initiate), boost::asio::use_awaitable);
    co_return std::move(**outcome);
}

}  // namespace causeway::gateway
