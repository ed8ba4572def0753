// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/writer.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <pthread.h>
#include <string>

namespace causeway::ledger {

Writer::Writer(WriteSession& session, const FailStop& fail_stop, const DatabaseOptions& options)
    : session_(session),
      fail_stop_(fail_stop),
      queue_max_(options.queue_max),
      batch_max_(std::max<std::size_t>(options.batch_max, 1)),
      thread_([this] { work(); }) {}

Writer::~Writer() {
    {
        const std::lock_guard lock(mutex_);
        closing_ = true;
    }
    waiting_changed_.notify_one();
    thread_.join();
}

void Writer::add(std::shared_ptr<Participant> participant) {
    const std::lock_guard lock(mutex_);
    participants_.push_back(std::move(participant));
}

Result<void> Writer::push(std::unique_ptr<Job> job) {
    bool wake = false;
    {
        const std::lock_guard lock(mutex_);
        if (closing_) return Error(ErrorCode::unavailable, "the writer is closing");
        if (waiting_.size() >= queue_max_) {
            return Error(ErrorCode::unavailable, "the writer's queue is full");
        }
        waiting_.push_back(std::move(job));
        wake = asleep_;
    }
    if (wake) waiting_changed_.notify_one();
    return {};
}

CommitStatistics Writer::statistics() const {
    CommitStatistics now;
    now.bodies = bodies_.load();
    now.commits = commits_.load();
    now.commit_us_total = commit_us_total_.load();
    const std::lock_guard lock(mutex_);
    now.depth = waiting_.size();
    return now;
}

void Writer::work() {
    // So that top and perf tell it from the others.
    (void)::pthread_setname_np(::pthread_self(), "causeway-writer");
    Batch batch;
    batch.reserve(batch_max_);
    try {
        while (take(batch)) {
            process(batch);
            batch.clear();
            session_.tidy(idle());
        }
    } catch (const std::exception& bug) {
        fail_stop_.stop(std::string("a body or a completion threw: ") + bug.what());
    } catch (...) {
        fail_stop_.stop("a body or a completion threw something that is no exception");
    }
}

// Waits until there is something; false when there never will be again.
bool Writer::take(Batch& batch) {
    std::unique_lock lock(mutex_);
    asleep_ = true;
    waiting_changed_.wait(lock, [this] { return closing_ || !waiting_.empty(); });
    asleep_ = false;
    const std::size_t count = std::min(batch_max_, waiting_.size());
    for (std::size_t i = 0; i < count; ++i) {
        batch.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
    }
    return count > 0;
}

void Writer::process(Batch& batch) {
    session_.begin();
    const std::size_t kept = run_bodies(batch);
    if (kept == 0) {
        session_.rollback();
    } else {
        commit();
    }
    // Before the completions: who hears of a commit finds it counted.
    bodies_ += batch.size();
    for (const std::unique_ptr<Job>& job : batch)
        job->finish();
}

std::size_t Writer::run_bodies(Batch& batch) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < batch.size(); ++i) {
        session_.begin_body(i + 1 == batch.size());
        for (const auto& participant : participants_)
            participant->begin_body();
        if (batch[i]->run(session_.transaction())) {
            session_.keep_body();
            for (const auto& participant : participants_)
                participant->keep_body();
            ++kept;
        } else {
            session_.undo_body();
            for (const auto& participant : participants_)
                participant->undo_body();
        }
    }
    return kept;
}

void Writer::commit() {
    using std::chrono::steady_clock;
    for (const auto& participant : participants_)
        participant->before_commit(session_.transaction());
    const steady_clock::time_point start = steady_clock::now();
    session_.commit();
    const auto took =
        std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - start);
    commit_us_total_ += static_cast<std::uint64_t>(took.count());
    ++commits_;
    for (const auto& participant : participants_)
        participant->after_commit();
}

bool Writer::idle() const {
    const std::lock_guard lock(mutex_);
    return waiting_.empty();
}

}  // namespace causeway::ledger
