// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/life.h"

#include "ledger/journal/journal.h"
#include "ledger/store/commit_queue.h"
#include "tests/crash/chance.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace causeway::crash {
namespace {

using ledger::Database;
using ledger::Transaction;

// Holds a snapshot on a thread of its own while the writer goes on, which keeps a checkpoint from
// taking all of the WAL and the WAL from beginning anew.
class HeldReader {
  public:
    explicit HeldReader(Database& database) : database_(database) {}
    HeldReader(const HeldReader&) = delete;
    HeldReader& operator=(const HeldReader&) = delete;
    ~HeldReader() { release(); }

    [[nodiscard]] bool holds() const noexcept { return thread_.joinable(); }

    void hold() {
        phase_ = Phase::entering;
        thread_ = std::thread([this] { read(); });
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return phase_ != Phase::entering; });
    }

    void release() {
        if (!holds()) return;
        {
            const std::lock_guard lock(mutex_);
            if (phase_ == Phase::holding) phase_ = Phase::leaving;
        }
        changed_.notify_all();
        thread_.join();
    }

    [[nodiscard]] bool saw_a_change() const noexcept { return saw_a_change_; }

  private:
    enum class Phase { entering, holding, leaving };

    void enter(Phase phase) {
        {
            const std::lock_guard lock(mutex_);
            phase_ = phase;
        }
        changed_.notify_all();
    }

    void read() {
        (void)database_.read([this](Transaction& snapshot) -> Result<void> {
            const std::optional<std::int64_t> before = count(snapshot);
            enter(Phase::holding);
            {
                std::unique_lock lock(mutex_);
                changed_.wait(lock, [this] { return phase_ == Phase::leaving; });
            }
            const std::optional<std::int64_t> after = count(snapshot);
            if (before && after && before != after) saw_a_change_ = true;
            return {};
        });
        enter(Phase::leaving);  // also when there was no snapshot to be had
    }

    static std::optional<std::int64_t> count(Transaction& snapshot) {
        std::int64_t found = 0;
        const Result<void> read =
            snapshot.query("SELECT count(*) FROM notes", {}, [&](const ledger::Row& row) {
                found = row.integer(0);
            });
        return read ? std::optional(found) : std::nullopt;
    }

    Database& database_;
    std::mutex mutex_;
    std::condition_variable changed_;
    Phase phase_ = Phase::leaving;
    std::thread thread_;
    bool saw_a_change_ = false;
};

class Load {
  public:
    Load(Database& database, ledger::Journal& journal, const LifeScript& script, OperationLog& log)
        : database_(database),
          journal_(journal),
          log_(log),
          plans_(script.plans_seed),
          chance_(script.seed),
          batch_max_(std::max<std::size_t>(script.batch_max, 1)),
          next_(first_of_stream(script.stream)),
          end_(next_ + script.bodies),
          reader_(database) {}

    // Returns when every body has had its answer.
    void run() {
        std::future<void> over = over_.get_future();
        submit_chunk(1);
        over.get();
    }

    [[nodiscard]] bool saw_a_change() const noexcept { return reader_.saw_a_change(); }

  private:
    // On the writer's thread, but for the first.
    void submit_chunk(std::uint64_t size) {
        const std::uint64_t count = std::min(size, end_ - next_);
        if (count == 0) {
            reader_.release();  // here, or the last checkpoint might meet it and might not
            over_.set_value();
            return;
        }
        for (std::uint64_t i = 1; i <= count; ++i) {
            const bool ends_batch = i % batch_max_ == 0;
            submit(next_++, i == count ? Last::of_chunk : ends_batch ? Last::of_batch : Last::no);
        }
    }

    enum class Last { no, of_batch, of_chunk };

    void submit(BodyNumber number, Last last) {
        const Plan& plan = plans_.at(number);
        const Result<void> queued = database_.writer().submit<int>(
            [this, number, &plan](Transaction& body) -> Result<int> {
                start(number);
                const Result<void> done = perform(body, journal_, number, plan);
                if (!done) return done.error();
                return 0;
            },
            [this, number, last](Result<int> told) {
                log_.add({.what = told ? Operation::acknowledged : Operation::refused,
                          .number = number});
                if (last == Last::of_batch) wait_for_next(number);
                if (last == Last::of_chunk) next_chunk();
            });
        if (!queued) std::terminate();  // nobody else submits, so the queue can not be full
    }

    void start(BodyNumber number) {
        {
            const std::lock_guard lock(mutex_);
            started_ = number;
            writer_ = std::this_thread::get_id();
        }
        has_started_.notify_all();
    }

    // Where another thread than the writer's commits, whether it finds the writer idle afterwards
    // would be a race; so it lets the writer take the next batch first.
    void wait_for_next(BodyNumber number) {
        std::unique_lock lock(mutex_);
        if (std::this_thread::get_id() == writer_) return;
        has_started_.wait(lock, [&] { return started_ > number; });
    }

    void next_chunk() {
        if (chance_.percent(20)) {
            if (reader_.holds()) {
                reader_.release();
            } else {
                reader_.hold();
            }
        }
        submit_chunk(chance_.percent(30) ? 1 : 1 + chance_.below(4 * batch_max_));
    }

    Database& database_;
    ledger::Journal& journal_;
    OperationLog& log_;
    Plans plans_;
    Chance chance_;
    const std::uint64_t batch_max_;
    BodyNumber next_;
    BodyNumber end_;
    std::mutex mutex_;
    std::condition_variable has_started_;
    BodyNumber started_ = 0;
    std::thread::id writer_;
    HeldReader reader_;
    std::promise<void> over_;
};

}  // namespace

LifeEnd live(const std::string& vfs, const LifeScript& script, OperationLog& log) {
    const std::vector<ledger::Migration> steps = migrations();
    Result<std::unique_ptr<Database>> database = Database::open(
        kUrl,
        steps,
        {.batch_max = script.batch_max,
         .on_fail_stop =
             [&log](std::string_view line) {
                 log.add(
                     {.what = Operation::stopped,
                      .data = {reinterpret_cast<const std::uint8_t*>(line.data()), line.size()}});
             },
         .vfs = vfs,
         .checkpoint_pages = script.checkpoint_pages});
    if (!database) return {.opened = false, .why = database.error().detail()};
    std::unique_ptr<ledger::Journal> journal;
    try {
        journal = std::make_unique<ledger::Journal>(**database, journal_options());
    } catch (const std::runtime_error& unreadable) {
        return {.opened = false, .why = unreadable.what()};
    }
    Load load(**database, *journal, script, log);
    load.run();
    database->reset();
    LifeEnd end{.opened = true};
    if (load.saw_a_change()) end.problem = "a snapshot changed while it was held";
    return end;
}

}  // namespace causeway::crash
