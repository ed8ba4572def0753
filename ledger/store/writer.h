// SPDX-License-Identifier: Apache-2.0
//
// The CommitQueue of both engines: a bounded queue and the one thread that empties it.
//
// Where the engine allows it and more is waiting, a batch whose bodies have not asked the database
// anything is handed to the Committer, and the bodies of the next one run meanwhile. A body that
// asks the database something waits until the batch before is durable.
#pragma once

#include "ledger/store/commit_queue.h"
#include "ledger/store/committer.h"
#include "ledger/store/fail_stop.h"
#include "ledger/store/row_memory.h"
#include "ledger/store/write_session.h"

#include <array>
#include <atomic>
#include <chrono>
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
    class Lazy;

    void work();
    bool take(Batch& batch);
    void take_waiting(Batch& batch);
    void process(Batch& batch);
    [[nodiscard]] bool run(Batch& batch);
    [[nodiscard]] std::size_t run_bodies(Batch& batch, std::size_t first);
    void foresee(const Batch& batch, std::size_t first) const;
    [[nodiscard]] std::size_t run_late(Batch& batch);
    void run_body(Job& job, std::size_t& kept);
    void begin();
    [[nodiscard]] bool session_doomed() const;
    [[nodiscard]] bool commit();
    [[nodiscard]] bool may_hand_over() const;
    void hand_over(Batch& batch);
    void take_back();
    void close();
    [[nodiscard]] bool run_close();
    void count(std::size_t bodies);
    void count_commit(std::chrono::microseconds took);
    [[nodiscard]] bool idle() const;

    WriteSession& session_;
    const FailStop& fail_stop_;
    const std::size_t queue_max_;
    const std::size_t batch_max_;
    std::vector<std::shared_ptr<Participant>> participants_;
    RowMemory memory_;
    std::vector<const Hint*> hints_;  // of the batch in hand
    bool begun_ = false;              // the session is in a transaction of the batch in hand
    bool in_body_ = false;
    bool last_body_ = false;
    bool handed_over_ = false;

    mutable std::mutex mutex_;
    std::condition_variable waiting_changed_;
    std::deque<std::unique_ptr<Job>> waiting_;
    bool closing_ = false;
    bool asleep_ = false;

    std::atomic<std::uint64_t> bodies_{0};
    std::atomic<std::uint64_t> commits_{0};
    std::atomic<std::uint64_t> commit_us_total_{0};
    std::atomic<std::uint64_t> retries_{0};
    std::array<std::atomic<std::uint64_t>, CommitStatistics{}.batch_sizes.size()> batch_sizes_{};

    std::unique_ptr<Lazy> lazy_;
    std::unique_ptr<Committer> committer_;  // none where the engine does not overlap
    std::thread thread_;                    // last: it starts when all the rest is there
};

}  // namespace causeway::ledger
