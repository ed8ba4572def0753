// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/committer.h"

#include <exception>
#include <pthread.h>
#include <string>
#include <utility>

namespace causeway::ledger {

Committer::Committer(WriteSession& session, const FailStop& fail_stop, Steps steps)
    : session_(session),
      fail_stop_(fail_stop),
      steps_(std::move(steps)),
      thread_([this] { run(); }) {}

Committer::~Committer() {
    {
        const std::lock_guard lock(mutex_);
        closing_ = true;
    }
    given_.notify_one();
    thread_.join();
}

void Committer::wait() {
    std::unique_lock lock(mutex_);
    taken_.wait(lock, [this] { return !writing_ && !next_; });
}

void Committer::wait_for_room() {
    std::unique_lock lock(mutex_);
    taken_.wait(lock, [this] { return !next_; });
}

void Committer::take(Work work) {
    {
        const std::lock_guard lock(mutex_);
        next_ = std::move(work);
    }
    given_.notify_one();
}

bool Committer::busy() const {
    const std::lock_guard lock(mutex_);
    return writing_ || next_;
}

void Committer::run() {
    (void)::pthread_setname_np(::pthread_self(), "causeway-commit");
    while (true) {
        std::optional<Work> work;
        {
            std::unique_lock lock(mutex_);
            writing_ = false;
            if (!next_) taken_.notify_all();
            given_.wait(lock, [this] { return closing_ || next_; });
            if (!next_) return;
            work = std::exchange(next_, std::nullopt);
            writing_ = true;
        }
        taken_.notify_all();
        try {
            commit(*work);
        } catch (const std::exception& bug) {
            fail_stop_.stop(std::string("a batch or a completion threw: ") + bug.what());
        } catch (...) {
            fail_stop_.stop("a batch or a completion threw something that is no exception");
        }
    }
}

void Committer::commit(Work& work) {
    using std::chrono::steady_clock;
    session_.begin();
    session_.bodies_over();
    for (const std::unique_ptr<Outgoing>& outgoing : work.outgoing)
        outgoing->write(session_.transaction());
    const steady_clock::time_point start = steady_clock::now();
    if (!session_.commit()) fail_stop_.stop("an engine that is not shared lost a batch");
    const auto took =
        std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - start);
    for (const std::unique_ptr<Outgoing>& outgoing : work.outgoing)
        outgoing->durable();
    // Before the completions: who hears of a commit finds it counted.
    steps_.committed(work.jobs.size(), took);
    for (const std::unique_ptr<CommitQueue::Job>& job : work.jobs)
        job->finish();
    work.jobs.clear();
    session_.tidy(steps_.idle());
}

}  // namespace causeway::ledger
