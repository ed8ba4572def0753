// SPDX-License-Identifier: Apache-2.0
//
// The second thread of the writer: it writes and commits a batch whose bodies have run, while the
// first runs those of the next. One more may lie ready, so that it need not fall asleep between
// two: waking a thread takes longer than a small batch.
#pragma once

#include "ledger/store/commit_queue.h"
#include "ledger/store/database.h"
#include "ledger/store/fail_stop.h"
#include "ledger/store/write_session.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace causeway::ledger {

class Committer {
  public:
    /// A batch that is ready to be written.
    struct Work {
        std::vector<std::unique_ptr<CommitQueue::Job>> jobs;
        std::vector<std::unique_ptr<Outgoing>> outgoing;
    };
    /// What the writer wants done around a batch.
    struct Steps {
        std::function<void(std::size_t bodies, std::chrono::microseconds took)> committed;
        std::function<bool()> idle;  ///< Nobody waits for the writer.
    };

    /// Starts the thread. Lifetime: the arguments outlive this object.
    Committer(WriteSession& session, const FailStop& fail_stop, Steps steps);
    Committer(const Committer&) = delete;
    Committer& operator=(const Committer&) = delete;
    /// Finishes what it has.
    ~Committer();

    /// Returns when the session is free and all that was handed over is durable and told.
    void wait();

    /// Returns when take() may be called: at most one batch is being written, and none lies ready.
    void wait_for_room();

    /// Takes over the session and the work. Requires wait_for_room() before.
    void take(Work work);

    /// Whether something that was handed over is not yet durable and told.
    [[nodiscard]] bool busy() const;

  private:
    void run();
    void commit(Work& work);

    WriteSession& session_;
    const FailStop& fail_stop_;
    const Steps steps_;

    mutable std::mutex mutex_;
    std::condition_variable given_;  // to this thread
    std::condition_variable taken_;  // by it, or done
    std::optional<Work> next_;
    bool writing_ = false;
    bool closing_ = false;

    std::thread thread_;  // last: it starts when all the rest is there
};

}  // namespace causeway::ledger
