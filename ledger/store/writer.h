// SPDX-License-Identifier: Apache-2.0
//
// The CommitQueue of both engines: a bounded queue and the one thread that empties it.
#pragma once

#include "ledger/store/commit_queue.h"
#include "ledger/store/fail_stop.h"
#include "ledger/store/write_session.h"

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace causeway::ledger {

/// Threads: add() before the first push(); push() and statistics() anywhere.
class Writer final : public CommitQueue {
  public:
    /// Starts the thread.
    ///
    /// Lifetime: `session` and `fail_stop` outlive the writer.
    Writer(WriteSession& session, const FailStop& fail_stop, const DatabaseOptions& options);

    /// Refuses what comes from now on, commits what waits, and returns when it is durable.
    ~Writer() override;

    using CommitQueue::add;
    void add(std::shared_ptr<Participant> participant) override;
    [[nodiscard]] Result<void> push(std::unique_ptr<Job> job) override;
    [[nodiscard]] CommitStatistics statistics() const override;

  private:
    using Batch = std::vector<std::unique_ptr<Job>>;

    void work();
    bool take(Batch& batch);
    void process(Batch& batch);
    std::size_t run_bodies(Batch& batch);
    void commit();
    [[nodiscard]] bool idle() const;

    WriteSession& session_;
    const FailStop& fail_stop_;
    const std::size_t queue_max_;
    const std::size_t batch_max_;
    std::vector<std::shared_ptr<Participant>> participants_;

    mutable std::mutex mutex_;
    std::condition_variable waiting_changed_;
    std::deque<std::unique_ptr<Job>> waiting_;
    bool closing_ = false;
    bool asleep_ = false;

    std::atomic<std::uint64_t> bodies_{0};
    std::atomic<std::uint64_t> commits_{0};
    std::atomic<std::uint64_t> commit_us_total_{0};

    std::thread thread_;  // last: it starts when all the rest is there
};

}  // namespace causeway::ledger
