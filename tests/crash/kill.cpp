// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/kill.h"

#include "ledger/journal/journal.h"
#include "ledger/store/commit_queue.h"
#include "tests/crash/chance.h"
#include "tests/crash/check.h"
#include "tests/crash/processes.h"
#include "tests/support/temporary_folder.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace causeway::crash {
namespace {

using ledger::CommitQueue;
using ledger::Database;
using ledger::Transaction;

constexpr std::uint64_t kThreads = 3;
constexpr std::size_t kWaitingMax = 40;
constexpr std::uint64_t kRoundsOnOneFile = 20;
constexpr std::uint64_t kProbeStream = 1'000'000;
constexpr std::uint64_t kAcknowledgedMax = 400;

// Statuses of a child that was not killed.
enum Status { kNotOpened = 20, kNobodyListens, kNotQueued };

class Pipe {
  public:
    Pipe() {
        if (::pipe(ends_.data()) != 0) throw std::runtime_error("no pipe");
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    ~Pipe() {
        close_reading();
        close_writing();
    }

    [[nodiscard]] int writing() const noexcept { return ends_[1]; }
    void close_reading() { close(ends_[0]); }
    void close_writing() { close(ends_[1]); }
    /// None at the end. What is smaller than PIPE_BUF is written whole or not at all.
    [[nodiscard]] std::optional<BodyNumber> read() const {
        BodyNumber number = 0;
        if (::read(ends_[0], &number, sizeof number) != sizeof number) return std::nullopt;
        return number;
    }

  private:
    static void close(int& end) {
        if (const int open = std::exchange(end, -1); open >= 0) ::close(open);
    }

    std::array<int, 2> ends_{};
};

// Submits one stream for ever; only a kill ends it.
[[noreturn]] void submit_for_ever(CommitQueue& queue,
                                  ledger::Journal& journal,
                                  std::pair<std::uint64_t, std::uint64_t> seed_and_stream,
                                  int pipe) {
    const auto [seed, stream] = seed_and_stream;
    for (BodyNumber number = first_of_stream(stream);; ++number) {
        while (queue.statistics().depth >= kWaitingMax)
            std::this_thread::yield();
        auto plan = std::make_shared<const Plan>(make_plan(seed, number, Company::others));
        const Result<void> queued = queue.submit<int>(
            [&journal, number, plan](Transaction& body) -> Result<int> {
                const Result<void> done = perform(body, journal, number, *plan);
                if (!done) return done.error();
                return 0;
            },
            [pipe, number](Result<int> told) {
                if (!told) return;
                if (::write(pipe, &number, sizeof number) != sizeof number) {
                    ::_exit(kNobodyListens);
                }
            });
        if (!queued) ::_exit(kNotQueued);
    }
}

int work_until_killed(const std::string& url, std::uint64_t seed, std::uint64_t round, int pipe) {
    const std::vector<ledger::Migration> steps = migrations();
    // Small checkpoints, so that many a kill falls into one.
    auto database = Database::open(url, steps, {.batch_max = 16, .checkpoint_pages = 20});
    if (!database) return kNotOpened;
    ledger::Journal journal(**database, journal_options());
    std::vector<std::thread> threads;
    for (std::uint64_t thread = 0; thread < kThreads; ++thread) {
        threads.emplace_back([&, thread] {
            submit_for_ever(
                (*database)->writer(), journal, {seed, round * kThreads + thread}, pipe);
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    return 0;
}

class KillRig {
  public:
    KillRig(const KillOptions& options, KillCounts& counts, Watch& watch)
        : options_(options),
          counts_(counts),
          watch_(watch),
          plans_(options.seed, Company::others),
          chance_(options.seed) {}

    void run() {
        for (std::uint64_t round = 0; round < options_.rounds; ++round) {
            if (round % kRoundsOnOneFile == 0) start_anew();
            watch_.look("./dev crash kill " + std::to_string(options_.rounds) + " --seed " +
                        std::to_string(options_.seed) + " (round " + std::to_string(round) + ")");
            kill_once(round);
        }
    }

  private:
    void start_anew() {
        folder_ = std::make_unique<test::TemporaryFolder>();
        settled_.clear();
    }

    void kill_once(std::uint64_t round) {
        Pipe pipe;
        const std::uint64_t seed = options_.seed;
        const std::string url = folder_->url();
        const pid_t child = start_child([&] {
            pipe.close_reading();  // so that it ends when its parent does
            return work_until_killed(url, seed, round, pipe.writing());
        });
        pipe.close_writing();
        const std::uint64_t enough = 1 + chance_.below(kAcknowledgedMax);
        std::vector<BodyNumber> acknowledged;
        while (const std::optional<BodyNumber> number = pipe.read()) {
            acknowledged.push_back(*number);
            if (acknowledged.size() == enough) ::kill(child, SIGKILL);
        }
        const int status = wait_for(child);
        if (status != -SIGKILL) fail("the child ended with status " + std::to_string(status));
        std::ranges::sort(acknowledged);
        look(url, round, std::move(acknowledged));
    }

    void look(const std::string& url, std::uint64_t round, std::vector<BodyNumber> acknowledged) {
        const Expectation expected{.settled = std::move(settled_),
                                   .acknowledged = std::move(acknowledged),
                                   .probe = probe_of(kProbeStream + round, plans_)};
        Verdict verdict = check(url, "", expected, plans_);
        for (const std::string& problem : verdict.problems)
            fail(problem);
        const std::size_t owed = expected.settled.size() + expected.acknowledged.size();
        ++counts_.rounds;
        counts_.acknowledged += expected.acknowledged.size();
        counts_.lost += verdict.lost;
        counts_.recovered += verdict.stored.size() - std::min(verdict.stored.size(), owed);
        settled_ = std::move(verdict.stored);
        settled_.push_back(expected.probe);  // its stream is above all others
    }

    void fail(const std::string& why) {
        ++counts_.failures;
        watch_.fail(why);
    }

    const KillOptions& options_;
    KillCounts& counts_;
    Watch& watch_;
    Plans plans_;
    Chance chance_;
    std::unique_ptr<test::TemporaryFolder> folder_;
    std::vector<BodyNumber> settled_;
};

}  // namespace

KillReport kill_rounds(const KillOptions& options) {
    const Shared<KillCounts> counts;
    KillReport report;
    report.failure =
        run_workers(1, [&](std::size_t, Watch& watch) { KillRig(options, *counts, watch).run(); });
    report.counts = *counts;
    return report;
}

}  // namespace causeway::crash
