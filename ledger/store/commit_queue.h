// SPDX-License-Identifier: Apache-2.0
//
// The only way to write. A body runs on the writer's thread inside a transaction that it shares
// with its neighbours; one fsync makes all of them durable; then, and only then, everybody hears.
// A batch that asks the database nothing while its bodies run may run them while the batch before
// it is still being made durable; nobody hears of it before both are.
//
// Invariants:
//  1. Bodies run one after the other, in the order in which they were submitted.
//  2. A body that returns an error has left nothing behind, and its neighbours do not notice.
//  3. No completion is called before what it reports is durable.
//  4. A body's effects happen at most once. On a shared engine it may run more than once: when
//     another process stood in the way, when the connection was lost, or to find out which body
//     broke a constraint. What the earlier run wrote has been taken back by then. So a body
//     changes nothing but the transaction, and moves nothing out of its captures.
//  5. A failed write or sync stops the process; nothing is retried. A lost connection is no such
//     failure: whether the commit happened is found out before anything is done again.
//  6. The writer takes whatever waits and never waits for more: a lone commit waits for nobody,
//     and a batch grows with the load by itself.
//  7. A body or a completion that throws has a bug, and the process stops: half a batch can not
//     be told from a whole one.
#pragma once

#include "ledger/result.h"
#include "ledger/store/database.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <utility>

namespace causeway::ledger {

/// What the queue has done since it started.
struct CommitStatistics {
    std::uint64_t bodies = 0;
    std::uint64_t commits = 0;
    std::uint64_t commit_us_total = 0;  ///< Inside COMMIT. Units: microseconds.
    std::uint64_t retries = 0;          ///< Batches that were taken back and run again.
    std::size_t depth = 0;              ///< Waiting right now.
    /// Batches by their number of bodies: [i] counts those with 2^i up to 2^(i+1) - 1, the last
    /// all that are larger.
    std::array<std::uint64_t, 16> batch_sizes{};
};

class CommitQueue {
  public:
    /// One unit of work. submit() below makes them; nobody else needs to.
    class Job {
      public:
        Job() = default;
        Job(const Job&) = delete;
        Job& operator=(const Job&) = delete;
        virtual ~Job() = default;
        /// Runs the body, perhaps again; false when it returned an error.
        virtual bool run(Transaction& transaction) = 0;
        /// Hands the body's result to the completion.
        virtual void finish() = 0;
        /// Lifetime: the job's.
        [[nodiscard]] virtual const Hint* hint() const noexcept { return nullptr; }
    };

    CommitQueue() = default;
    CommitQueue(const CommitQueue&) = delete;
    CommitQueue& operator=(const CommitQueue&) = delete;
    virtual ~CommitQueue() = default;

    /// Queues `body`. `done` is called on a thread of the writer, once, after the commit (or after
    /// the body's own error); it must be quick and must not throw.
    ///
    /// `hint` tells the participants what `body` is going to touch.
    ///
    /// Errors: `unavailable` when the queue is full or closing; then `done` is never called.
    template <class T>
    [[nodiscard]] Result<void> submit(std::function<Result<T>(Transaction&)> body,
                                      std::function<void(Result<T>)> done,
                                      std::shared_ptr<const Hint> hint = nullptr) {
        return push(
            std::make_unique<TypedJob<T>>(std::move(body), std::move(done), std::move(hint)));
    }

    /// submit() and wait. For commands and tests; never on an I/O thread.
    template <class T>
    [[nodiscard]] Result<T> commit(std::function<Result<T>(Transaction&)> body,
                                   std::shared_ptr<const Hint> hint = nullptr) {
        // The writer may still be inside set_value when the waiter wakes: it owns the promise.
        const auto promise = std::make_shared<std::promise<Result<T>>>();
        std::future<Result<T>> outcome = promise->get_future();
        const Result<void> queued = submit<T>(
            std::move(body),
            [promise](Result<T> result) { promise->set_value(std::move(result)); },
            std::move(hint));
        if (!queued) return queued.error();
        return outcome.get();
    }

    /// Adds somebody who keeps something in memory. Call before the first submit().
    ///
    /// Lifetime: the queue holds on to it until the writer has stopped.
    virtual void add(std::shared_ptr<Participant> participant) = 0;

    /// The same for one who outlives the database.
    void add(Participant& participant) {
        add(std::shared_ptr<Participant>(std::shared_ptr<Participant>(), &participant));
    }

    [[nodiscard]] virtual CommitStatistics statistics() const = 0;

    /// Errors: as submit().
    [[nodiscard]] virtual Result<void> push(std::unique_ptr<Job> job) = 0;

  private:
    template <class T>
    class TypedJob final : public Job {
      public:
        TypedJob(std::function<Result<T>(Transaction&)> body,
                 std::function<void(Result<T>)> done,
                 std::shared_ptr<const Hint> hint)
            : body_(std::move(body)), done_(std::move(done)), hint_(std::move(hint)) {}
        bool run(Transaction& transaction) override {
            result_.emplace(body_(transaction));
            return result_->has_value();
        }
        void finish() override { done_(std::move(*result_)); }
        [[nodiscard]] const Hint* hint() const noexcept override { return hint_.get(); }

      private:
        std::function<Result<T>(Transaction&)> body_;
        std::function<void(Result<T>)> done_;
        std::shared_ptr<const Hint> hint_;
        std::optional<Result<T>> result_;
    };
};

}  // namespace causeway::ledger
