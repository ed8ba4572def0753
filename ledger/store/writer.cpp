// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/writer.h"

#include <algorithm>
#include <bit>
#include <chrono>
#include <exception>
#include <pthread.h>
#include <string>
#include <utility>

namespace causeway::ledger {
namespace {

constexpr std::size_t kForesight = 16;  // bodies

}  // namespace

/// The transaction as the bodies see it. It begins when the first of them asks for something:
/// until then the batch before may still be on its way to the disk.
class Writer::Lazy final : public Transaction {
  public:
    explicit Lazy(Writer& writer) : writer_(writer) {}

    [[nodiscard]] Result<std::int64_t> execute(std::string_view sql,
                                               std::initializer_list<Value> values) override {
        return real().execute(sql, values);
    }
    [[nodiscard]] Result<void> defer(std::string_view sql,
                                     std::initializer_list<Value> values) override {
        return real().defer(sql, values);
    }
    [[nodiscard]] Result<void> insert_rows(const Rows& rows) override {
        return real().insert_rows(rows);
    }
    [[nodiscard]] Result<void> query(std::string_view sql,
                                     std::initializer_list<Value> values,
                                     const std::function<void(const Row&)>& each) override {
        return real().query(sql, values, each);
    }
    [[nodiscard]] bool writes() const noexcept override { return true; }
    [[nodiscard]] RowMemory* memory() noexcept override { return &writer_.memory_; }
    [[nodiscard]] bool shared() const noexcept override { return !writer_.session_.alone(); }

  private:
    Transaction& real() {
        writer_.begin();
        return writer_.session_.transaction();
    }
    Writer& writer_;
};

Writer::Writer(WriteSession& session, const FailStop& fail_stop, const DatabaseOptions& options)
    : session_(session),
      fail_stop_(fail_stop),
      queue_max_(options.queue_max),
      batch_max_(std::max<std::size_t>(options.batch_max, 1)),
      lazy_(std::make_unique<Lazy>(*this)) {
    if (session_.overlaps()) {
        const auto committed = [this](std::size_t bodies, std::chrono::microseconds took) {
            count_commit(took);
            count(bodies);
        };
        committer_ = std::make_unique<Committer>(
            session_, fail_stop_, Committer::Steps{.committed = committed, .idle = [this] {
                                                       return idle();
                                                   }});
    }
    thread_ = std::thread([this] { work(); });
}

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
    now.retries = retries_.load();
    for (std::size_t i = 0; i < batch_sizes_.size(); ++i)
        now.batch_sizes.at(i) = batch_sizes_.at(i).load();
    const std::lock_guard lock(mutex_);
    now.depth = waiting_.size();
    return now;
}

void Writer::work() {
    // So that top and perf tell it from the others.
    (void)::pthread_setname_np(::pthread_self(), "causeway-writer");
    Batch batch;
    try {
        while (take(batch)) {
            process(batch);
            batch.clear();
            // Otherwise the committer tidies up behind it.
            if (!std::exchange(handed_over_, false)) session_.tidy(idle());
        }
        if (committer_) committer_->wait();
        close();
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
    take_waiting(batch);
    return !batch.empty();
}

// Requires the lock.
void Writer::take_waiting(Batch& batch) {
    const std::size_t count = std::min(batch_max_ - batch.size(), waiting_.size());
    for (std::size_t i = 0; i < count; ++i) {
        batch.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
    }
}

void Writer::process(Batch& batch) {
    hints_.clear();
    for (std::size_t i = 0; i < batch.size(); ++i) {
        if (i + kForesight < batch.size()) __builtin_prefetch(batch[i + kForesight].get());
        if (batch[i]->hint() != nullptr) hints_.push_back(batch[i]->hint());
    }
    while (!run(batch))
        ++retries_;
    if (handed_over_) return;
    // Before the completions: who hears of a commit finds it counted.
    count(batch.size());
    for (const std::unique_ptr<Job>& job : batch)
        job->finish();
}

// False when nothing of it happened, and it has to be run again.
bool Writer::run(Batch& batch) {
    // What was remembered by the last transaction others may have changed since.
    if (!session_.alone()) memory_.clear();
    if (!committer_) begin();
    for (const auto& participant : participants_)
        participant->begin_batch(*lazy_, hints_);
    std::size_t kept = run_bodies(batch, 0);
    if (kept > 0 && may_hand_over() && committer_->busy()) kept += run_late(batch);
    if (!session_doomed() && kept > 0) {
        if (!may_hand_over()) return commit();
        hand_over(batch);
        return true;
    }
    // What the failed ones saw may not be durable yet, and they are told because of it.
    begin();
    const bool again = session_.doomed();
    take_back();
    return !again;
}

// Waits for the batch before; then the session is ours.
void Writer::begin() {
    if (begun_) return;
    if (committer_) committer_->wait();
    begun_ = true;
    session_.begin();
    if (in_body_) session_.begin_body(last_body_);
}

bool Writer::session_doomed() const {
    return begun_ && session_.doomed();
}

// Those of the batch from `first` on; how many succeeded.
std::size_t Writer::run_bodies(Batch& batch, std::size_t first) {
    std::size_t kept = 0;
    for (std::size_t i = first; i < batch.size() && !session_doomed(); ++i) {
        if ((i - first) % kForesight == 0) foresee(batch, i);
        last_body_ = i + 1 == batch.size();
        run_body(*batch[i], kept);
    }
    return kept;
}

// A body that waits for memory waits alone. What a stretch of them needs is asked for at once, and
// arrives in the time of one wait.
void Writer::foresee(const Batch& batch, std::size_t first) const {
    std::array<const Hint*, kForesight> hints{};
    std::size_t count = 0;
    const std::size_t end = std::min(first + kForesight, batch.size());
    for (std::size_t i = first; i < end; ++i) {
        const Hint* const hint = batch[i]->hint();
        if (hint != nullptr) hints.at(count++) = hint;
    }
    if (count == 0) return;
    for (const auto& participant : participants_)
        participant->foresee(std::span(hints).first(count));
}

// The batch has to wait for those before it. Who comes meanwhile goes along; only a full one lies
// ready: where the disk is what everybody waits for, many small ones would be slower.
std::size_t Writer::run_late(Batch& batch) {
    if (batch.size() == batch_max_) {
        committer_->wait_for_room();
        return 0;
    }
    committer_->wait();
    const std::size_t first = batch.size();
    {
        const std::lock_guard lock(mutex_);
        take_waiting(batch);
    }
    return run_bodies(batch, first);
}

void Writer::run_body(Job& job, std::size_t& kept) {
    if (begun_) session_.begin_body(last_body_);
    in_body_ = true;
    memory_.begin_body();
    for (const auto& participant : participants_)
        participant->begin_body();
    const bool good = job.run(*lazy_);
    in_body_ = false;
    if (session_doomed()) return;
    if (good) {
        if (begun_) session_.keep_body();
        for (const auto& participant : participants_)
            participant->keep_body();
        ++kept;
    } else {
        if (begun_) session_.undo_body();
        memory_.undo_body();
        for (const auto& participant : participants_)
            participant->undo_body();
    }
}

// A lone commit is done sooner without another thread.
bool Writer::may_hand_over() const {
    if (begun_ || !committer_ || (idle() && !committer_->busy())) return false;
    return std::ranges::all_of(participants_,
                               [](const auto& participant) { return participant->leaves_early(); });
}

void Writer::hand_over(Batch& batch) {
    Committer::Work work;
    for (const auto& participant : participants_)
        work.outgoing.push_back(participant->take_outgoing());
    work.jobs = std::exchange(batch, {});
    committer_->wait_for_room();
    committer_->take(std::move(work));
    handed_over_ = true;
}

// False when nothing of it happened, and it has to be run again.
bool Writer::commit() {
    using std::chrono::steady_clock;
    std::vector<std::unique_ptr<Outgoing>> outgoing;
    outgoing.reserve(participants_.size());
    for (const auto& participant : participants_)
        outgoing.push_back(participant->take_outgoing());
    begin();
    session_.bodies_over();
    for (std::size_t i = 0; i < participants_.size(); ++i) {
        if (outgoing[i]) {
            outgoing[i]->write(session_.transaction());
        } else {
            participants_[i]->before_commit(session_.transaction());
        }
    }
    const steady_clock::time_point start = steady_clock::now();
    if (session_.doomed() || !session_.commit()) {
        take_back();
        return false;
    }
    begun_ = false;
    count_commit(
        std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - start));
    for (std::size_t i = 0; i < participants_.size(); ++i) {
        if (outgoing[i]) {
            outgoing[i]->durable();
        } else {
            participants_[i]->after_commit();
        }
    }
    return true;
}

void Writer::take_back() {
    session_.rollback();
    memory_.clear();
    begun_ = false;
    for (const auto& participant : participants_)
        participant->undo_batch();
}

void Writer::close() {
    const auto wants = [](const auto& participant) { return participant->wants_close(); };
    if (std::ranges::none_of(participants_, wants)) return;
    hints_.clear();
    while (!run_close())
        ++retries_;
}

bool Writer::run_close() {
    begin();
    for (const auto& participant : participants_)
        participant->begin_batch(*lazy_, hints_);
    for (const auto& participant : participants_) {
        if (participant->wants_close()) participant->before_close(*lazy_);
    }
    return commit();
}

void Writer::count(std::size_t bodies) {
    bodies_ += bodies;
    const auto log2 = static_cast<std::size_t>(std::bit_width(bodies)) - 1;
    ++batch_sizes_.at(std::min(log2, batch_sizes_.size() - 1));
}

void Writer::count_commit(std::chrono::microseconds took) {
    commit_us_total_ += static_cast<std::uint64_t>(took.count());
    ++commits_;
}

bool Writer::idle() const {
    const std::lock_guard lock(mutex_);
    return waiting_.empty();
}

}  // namespace causeway::ledger
