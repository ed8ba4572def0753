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
    changed_.notify_all();
    thread_.join();
}

void Committer::wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !busy_; });
}

void Committer::take(Work work) {
    {
        const std::lock_guard lock(mutex_);
        work_ = std::move(work);
        busy_ = true;
    }
    changed_.notify_all();
}

void Committer::run() {
    (void)::pthread_setname_np(::pthread_self(), "causeway-commit");
    while (true) {
        std::optional<Work> work;
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [this] { return closing_ || work_; });
            if (!work_) return;
            work = std::exchange(work_, std::nullopt);
        }
        try {
            commit(*work);
        } catch (const std::exception& bug) {
            fail_stop_.stop(std::string("a batch or a completion threw: ") + bug.what());
        } catch (...) {
            fail_stop_.stop("a batch or a completion threw something that is no exception");
        }
        {
            const std::lock_guard lock(mutex_);
            busy_ = false;
        }
        changed_.notify_all();
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
