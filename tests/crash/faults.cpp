// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/faults.h"

#include "ledger/store/fail_stop.h"
#include "tests/crash/chance.h"
#include "tests/crash/check.h"
#include "tests/crash/crash_vfs.h"
#include "tests/crash/life.h"
#include "tests/crash/memory_disk.h"
#include "tests/crash/processes.h"

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <vector>

namespace causeway::crash {
namespace {

constexpr std::uint64_t kProbeStream = 1'000'000;
constexpr std::uint64_t kBodies = 14;
// A child that hangs is a failure, not a pause.
constexpr unsigned kPatienceSeconds = 60;

enum Status { kAnswered = 0, kUnopened = 10, kStrange = 11 };

// A disk, and what is on it.
struct Scene {
    std::string name;
    DiskImage start;
    std::vector<BodyNumber> settled;
    LifeScript script;
};

struct Attempt {
    std::uint64_t number;
    const Scene* scene;
    Fault fault;
};

// Plain numbers, for a child to leave behind.
using Calls = std::array<std::uint64_t, kCalls.size()>;

int live_and_tell(const std::string& vfs, const LifeScript& script, OperationLog& log) {
    const LifeEnd end = live(vfs, script, log);
    if (!end.problem.empty()) return kStrange;
    return end.opened ? kAnswered : kUnopened;
}

class FaultRig {
  public:
    explicit FaultRig(std::uint64_t seed) : seed_(seed), plans_(seed) {
        traits_.sector_bytes = 512;
        LifeScript short_life = script(0);
        short_life.bodies = 4;
        scenes_.push_back({.name = "an empty disk", .script = short_life});
        scenes_.push_back(after_a_crash());
    }

    [[nodiscard]] std::vector<Attempt> attempts() {
        std::vector<Attempt> all;
        for (const Scene& scene : scenes_) {
            const Calls calls = count(scene);
            for (const Call call : kCalls)
                add_attempts(scene, call, calls[static_cast<std::size_t>(call)], all);
        }
        return all;
    }

    void attempt(const Attempt& attempt, FaultCounts& counts, Watch& watch) {
        watch.look(replay(attempt));
        log_.clear();
        const pid_t child = start_child([&] {
            ::alarm(kPatienceSeconds);
            seed_sqlite(seed_);
            MemoryDisk disk(attempt.scene->start, traits_, &log_);
            disk.set_fault(attempt.fault, seed_of(seed_, attempt.number));
            const CrashVfs vfs(disk);
            return live_and_tell(vfs.name(), attempt.scene->script, log_);
        });
        const int status = wait_for(child);
        const std::vector<Record> records = log_.records();
        ++counts.faults;
        const std::string wrong = classify(status, records, counts);
        if (!wrong.empty()) {
            ++counts.failures;
            watch.fail(wrong);
        }
        look_at_survivors(attempt, records, counts, watch);
    }

  private:
    [[nodiscard]] LifeScript script(std::uint64_t stream) const {
        return {.plans_seed = seed_,
                .seed = seed_of(seed_, 100 + stream),
                .stream = stream,
                .bodies = kBodies,
                .batch_max = 4,
                .checkpoint_pages = 6};
    }

    // The WAL is full of commits when the process ends in the middle of its life.
    Scene after_a_crash() {
        seed_sqlite(seed_);
        LifeScript first = script(0);
        first.checkpoint_pages = 500;
        MemoryDisk disk({}, traits_, &log_);
        const CrashVfs vfs(disk);
        if (!live(vfs.name(), first, log_).opened) throw std::runtime_error("no life to cut");
        Platter platter({}, traits_);
        Expectation expected{.probe = probe_of(kProbeStream, plans_)};
        for (const Record& record : log_.records()) {
            if (expected.acknowledged.size() > kBodies / 2) break;
            platter.apply(record);
            if (record.what == Operation::acknowledged) {
                expected.acknowledged.push_back(record.number);
            }
        }
        Chance chance(seed_);
        DiskImage image = platter.process_death(chance);
        MemoryDisk copy(image, traits_);
        const CrashVfs copy_vfs(copy);
        const Verdict verdict = check(kUrl, copy_vfs.name(), expected, plans_);
        if (!verdict.problems.empty()) throw std::runtime_error(verdict.problems.front());
        return {.name = "a disk after a crash",
                .start = std::move(image),
                .settled = verdict.stored,
                .script = script(1)};
    }

    // How many calls of each kind a life without a fault makes.
    [[nodiscard]] Calls count(const Scene& scene) {
        const Shared<Calls> calls;
        log_.clear();
        const pid_t child = start_child([&] {
            seed_sqlite(seed_);
            MemoryDisk disk(scene.start, traits_, &log_);
            const CrashVfs vfs(disk);
            const int status = live_and_tell(vfs.name(), scene.script, log_);
            for (const Call call : kCalls)
                (*calls)[static_cast<std::size_t>(call)] = disk.calls(call);
            return status;
        });
        if (wait_for(child) != kAnswered) throw std::runtime_error("a life without a fault failed");
        return *calls;
    }

    static void add_attempts(const Scene& scene,
                             Call call,
                             std::uint64_t calls,
                             std::vector<Attempt>& all) {
        for (std::uint64_t at = 1; at <= calls; ++at) {
            all.push_back({.number = all.size(),
                           .scene = &scene,
                           .fault = {.call = call, .at = at, .lasting = false}});
            // A disk that can no longer be read at all is no more cunning than one that fails once.
            if (call == Call::read || call == Call::short_read) continue;
            all.push_back({.number = all.size(),
                           .scene = &scene,
                           .fault = {.call = call, .at = at, .lasting = true}});
        }
    }

    // Whether it acknowledged something after a write or a sync that failed.
    static bool trusted_the_disk_again(const std::vector<Record>& records) {
        const auto failed = [](const Record& record) {
            return record.what == Operation::write_failed || record.what == Operation::sync_failed;
        };
        const auto from = std::ranges::find_if(records, failed);
        const auto acknowledged = [](const Record& record) {
            return record.what == Operation::acknowledged;
        };
        return std::any_of(from, records.end(), acknowledged);
    }

    // What is wrong with how a child ended; empty when nothing is.
    static std::string classify(int status,
                                const std::vector<Record>& records,
                                FaultCounts& counts) {
        if (trusted_the_disk_again(records)) return "it acknowledged after a failed write or sync";
        const bool told =
            std::ranges::find(records, Operation::stopped, &Record::what) != records.end();
        switch (status) {
            case ledger::FailStop::kExitStatus:
                ++counts.stopped;
                return told ? "" : "it stopped and told nobody why";
            case kUnopened: ++counts.unopened; return "";
            case kAnswered: ++counts.answered; return "";
            case kStrange: return "a snapshot changed while it was held";
            default: return "it ended with status " + std::to_string(status);
        }
    }

    // Whatever became of the process: the next may find all it wrote, or what a power cut left.
    void look_at_survivors(const Attempt& attempt,
                           const std::vector<Record>& records,
                           FaultCounts& counts,
                           Watch& watch) {
        Platter platter(attempt.scene->start, traits_);
        Expectation expected{.settled = attempt.scene->settled,
                             .probe = probe_of(kProbeStream, plans_)};
        for (const Record& record : records) {
            platter.apply(record);
            if (record.what == Operation::acknowledged) {
                expected.acknowledged.push_back(record.number);
            } else if (record.what == Operation::refused) {
                expected.refused.push_back(record.number);
            }
        }
        Chance chance(seed_of(seed_, 5000 + attempt.number));
        CutCount ignored;
        for (const bool power_cut : {false, true}) {
            MemoryDisk disk(
                power_cut ? platter.cut(chance, ignored) : platter.process_death(chance), traits_);
            const CrashVfs vfs(disk);
            const Verdict verdict = check(kUrl, vfs.name(), expected, plans_);
            if (verdict.problems.empty()) continue;
            ++counts.failures;
            watch.fail(std::string(power_cut ? "power cut" : "end of the process") +
                       " after the fault: " + verdict.problems.front());
            return;
        }
    }

    [[nodiscard]] std::string replay(const Attempt& attempt) const {
        return "./dev crash faults --seed " + std::to_string(seed_) + " --only " +
               std::to_string(attempt.number) + " (" + std::string(to_string(attempt.fault.call)) +
               " number " + std::to_string(attempt.fault.at) +
               (attempt.fault.lasting ? " and all after it, on " : ", on ") + attempt.scene->name +
               ")";
    }

    const std::uint64_t seed_;
    Plans plans_;
    DiskTraits traits_;
    OperationLog log_;
    std::vector<Scene> scenes_;
};

}  // namespace

FaultCounts& FaultCounts::operator+=(const FaultCounts& more) noexcept {
    faults += more.faults;
    stopped += more.stopped;
    unopened += more.unopened;
    answered += more.answered;
    failures += more.failures;
    return *this;
}

FaultReport try_faults(const FaultOptions& options) {
    std::vector<std::unique_ptr<Shared<FaultCounts>>> counts;
    for (std::size_t worker = 0; worker < options.workers; ++worker)
        counts.push_back(std::make_unique<Shared<FaultCounts>>());
    FaultReport report;
    report.failure = run_workers(options.workers, [&](std::size_t worker, Watch& watch) {
        watch.look("the life without a fault, seed " + std::to_string(options.seed));
        FaultRig rig(options.seed);
        for (const Attempt& attempt : rig.attempts()) {
            if (options.only && *options.only != attempt.number) continue;
            if (attempt.number % options.workers != worker) continue;
            rig.attempt(attempt, **counts[worker], watch);
        }
    });
    for (const auto& worker : counts)
        report.counts += **worker;
    return report;
}

}  // namespace causeway::crash
