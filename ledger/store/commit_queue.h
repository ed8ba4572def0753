// SPDX-License-Identifier: Apache-2.0
//
// The only way to write. A body runs on the writer's thread inside a transaction that it shares
// with its neighbours; one fsync makes all of them durable; then, and only then, everybody hears.
//
// Invariants:
//  1. Bodies run one after the other, in the order in which they were submitted.
//  2. A body that returns an error has left nothing behind, and its neighbours do not notice.
//  3. No completion is called before what it reports is durable.
//  4. A body runs at most once.
//  5. A failed write or sync stops the process; nothing is retried.
//  6. The writer takes whatever waits and never waits for more: a lone commit waits for nobody.
//  7. A body or a completion that throws has a bug, and the process stops: half a batch can not
//     be told from a whole one.
#pragma once

#include "ledger/result.h"
#include "ledger/store/database.h"

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
    std::size_t depth = 0;              ///< Waiting right now.
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
        /// Runs the body; false when it returned an error.
        virtual bool run(Transaction& transaction) = 0;
        /// Hands the body's result to the completion.
        virtual void finish() = 0;
    };

    CommitQueue() = default;
    CommitQueue(const CommitQueue&) = delete;
    CommitQueue& operator=(const CommitQueue&) = delete;
    virtual ~CommitQueue() = default;

    /// Queues `body`. `done` is called on the writer's thread, once, after the commit (or after
    /// the body's own error); it must be quick and must not throw.
    ///
    /// Errors: `unavailable` when the queue is full or closing; then `done` is never called.
    template <class T>
    [[nodiscard]] Result<void> submit(std::function<Result<T>(Transaction&)> body,
                                      std::function<void(Result<T>)> done) {
        return push(std::make_unique<TypedJob<T>>(std::move(body), std::move(done)));
    }

    /// submit() and wait. For commands and tests; never on an I/O thread.
    template <class T>
    [[nodiscard]] Result<T> commit(std::function<Result<T>(Transaction&)> body) {
        // The writer may still be inside set_value when the waiter wakes: it owns the promise.
        const auto promise = std::make_shared<std::promise<Result<T>>>();
        std::future<Result<T>> outcome = promise->get_future();
        const Result<void> queued = submit<T>(std::move(body), [promise](Result<T> result) {
            promise->set_value(std::move(result));
        });
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
        TypedJob(std::function<Result<T>(Transaction&)> body, std::function<void(Result<T>)> done)
            : body_(std::move(body)), done_(std::move(done)) {}
        bool run(Transaction& transaction) override {
            result_.emplace(body_(transaction));
            return result_->has_value();
        }
        void finish() override { done_(std::move(*result_)); }

      private:
        std::function<Result<T>(Transaction&)> body_;
        std::function<void(Result<T>)> done_;
        std::optional<Result<T>> result_;
    };
};

}  // namespace causeway::ledger
