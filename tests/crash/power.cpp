// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/power.h"

#include "tests/crash/chance.h"
#include "tests/crash/check.h"
#include "tests/crash/crash_vfs.h"
#include "tests/crash/life.h"
#include "tests/crash/memory_disk.h"
#include "tests/crash/processes.h"

#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace causeway::crash {
namespace {

constexpr std::uint64_t kProbeStream = 1'000'000;

struct Cut {
    std::uint64_t number;
    std::size_t position;  // in the records: those before it have happened
};

class Run {
  public:
    Run(std::uint64_t seed, const PowerOptions& options, OperationLog& log)
        : seed_(seed), options_(options), log_(log), plans_(seed) {
        Chance chance(seed_of(seed, 0));
        traits_.sector_bytes = chance.percent(50) ? 512 : 4096;
        traits_.powersafe_overwrite = chance.percent(50);
        traits_.ignored_sync = options.lying_disk ? 2 : 0;
    }

    void run(PowerCounts& counts, Watch& watch) {
        counts_ = &counts;
        watch_ = &watch;
        ++counts.runs;
        for (std::uint64_t life = 0; life < kLives && !failed_; ++life) {
            record(life);
            cut_everywhere(life);
        }
    }

  private:
    // After each life the disk is as one of its cuts has left it.
    void record(std::uint64_t life) {
        const std::uint64_t seed = seed_of(seed_, 100 + life);
        Chance chance(seed);
        constexpr std::array kPages{1, 3, 6, 12, 25, 500};
        const LifeScript script{.plans_seed = seed_,
                                .seed = seed,
                                .stream = life,
                                .bodies = 5 + chance.below(45),
                                .batch_max = 1 + chance.below(10),
                                .checkpoint_pages = kPages[chance.below(kPages.size())]};
        watch_->look(replay(life * kCutsInLife));
        log_.clear();
        seed_sqlite(seed);
        MemoryDisk disk(start_, traits_, &log_);
        const CrashVfs vfs(disk);
        const LifeEnd end = live(vfs.name(), script, log_);
        if (!end.opened) fail("it does not open: " + end.why);
        if (!end.problem.empty()) fail(end.problem);
    }

    void cut_everywhere(std::uint64_t life) {
        const std::vector<Record> records = log_.records();
        Platter platter(start_, traits_);
        Expectation expected{.settled = settled_, .probe = probe_of(kProbeStream, plans_)};
        std::size_t at = 0;
        for (const Cut& cut : choose_cuts(life, records)) {
            for (; at < cut.position; ++at) {
                platter.apply(records[at]);
                note(records[at], expected);
            }
            // The next life starts from the life's last cut, whichever are looked at.
            const bool goes_on = cut.number % kCutsInLife == kCutsInLife - 1;
            if (options_.only && *options_.only != cut.number && !goes_on) continue;
            expected.verify_again = cut.number % 4 == 0;
            look(cut.number, platter, expected, goes_on);
        }
        start_ = std::move(next_start_);
        settled_ = std::move(next_settled_);
    }

    // Half of them where it matters most: beside an acknowledgement or a sync.
    std::vector<Cut> choose_cuts(std::uint64_t life, std::span<const Record> records) const {
        std::vector<std::size_t> edges;
        for (std::size_t i = 0; i < records.size(); ++i) {
            const Operation what = records[i].what;
            if (what == Operation::acknowledged || what == Operation::sync) edges.push_back(i);
        }
        std::vector<Cut> cuts;
        for (std::uint64_t i = 0; i < kCutsInLife; ++i) {
            const std::uint64_t number = life * kCutsInLife + i;
            Chance chance(seed_of(seed_, 1000 + number));
            const std::size_t position = chance.percent(50) && !edges.empty()
                                             ? edges[chance.below(edges.size())] + chance.below(2)
                                             : chance.below(records.size() + 1);
            cuts.push_back({.number = number, .position = position});
        }
        std::ranges::stable_sort(cuts, {}, &Cut::position);
        return cuts;
    }

    void note(const Record& record, Expectation& expected) {
        if (record.what == Operation::acknowledged) {
            expected.acknowledged.push_back(record.number);
        } else if (record.what == Operation::refused) {
            expected.refused.push_back(record.number);
            if (!plans_.at(record.number).refused) fail("a body was refused that is sound");
        }
    }

    void look(std::uint64_t number,
              const Platter& platter,
              const Expectation& expected,
              bool goes_on) {
        Chance chance(seed_of(seed_, 2000 + number));
        CutCount count;
        DiskImage image = platter.cut(chance, count);
        if (goes_on) next_start_ = image;
        MemoryDisk disk(std::move(image), traits_);
        const CrashVfs vfs(disk);
        watch_->look(replay(number));
        const Verdict verdict = check(kUrl, vfs.name(), expected, plans_);
        if (goes_on) next_settled_ = verdict.stored;
        tally(expected, verdict, count);
        if (!verdict.problems.empty()) fail(verdict.problems.front());
    }

    void tally(const Expectation& expected, const Verdict& verdict, const CutCount& count) {
        PowerCounts& counts = *counts_;
        const std::uint64_t owed = expected.settled.size() + expected.acknowledged.size();
        ++counts.cuts;
        counts.owed += owed;
        counts.lost += verdict.lost;
        counts.recovered += verdict.stored.size() - std::min(verdict.stored.size(), owed);
        counts.sectors_kept += count.kept;
        counts.sectors_dropped += count.dropped;
        counts.sectors_torn += count.torn;
    }

    void fail(const std::string& why) {
        ++counts_->failures;
        failed_ = true;
        watch_->fail(why);
    }

    [[nodiscard]] std::string replay(std::uint64_t number) const {
        return "./dev crash power 1 --seed " + std::to_string(seed_) + " --only " +
               std::to_string(number) + (options_.lying_disk ? " --lying" : "");
    }

    const std::uint64_t seed_;
    const PowerOptions& options_;
    OperationLog& log_;
    PowerCounts* counts_ = nullptr;
    Watch* watch_ = nullptr;
    Plans plans_;
    DiskTraits traits_;
    DiskImage start_;
    DiskImage next_start_;
    std::vector<BodyNumber> settled_;
    std::vector<BodyNumber> next_settled_;
    bool failed_ = false;
};

}  // namespace

PowerCounts& PowerCounts::operator+=(const PowerCounts& more) noexcept {
    runs += more.runs;
    cuts += more.cuts;
    failures += more.failures;
    owed += more.owed;
    lost += more.lost;
    recovered += more.recovered;
    sectors_kept += more.sectors_kept;
    sectors_dropped += more.sectors_dropped;
    sectors_torn += more.sectors_torn;
    return *this;
}

PowerReport cut_power(const PowerOptions& options) {
    const std::uint64_t runs = (options.cuts + kCutsInRun - 1) / kCutsInRun;
    std::vector<std::unique_ptr<Shared<PowerCounts>>> counts;
    for (std::size_t worker = 0; worker < options.workers; ++worker)
        counts.push_back(std::make_unique<Shared<PowerCounts>>());
    PowerReport report;
    report.failure = run_workers(options.workers, [&](std::size_t worker, Watch& watch) {
        OperationLog log;
        for (std::uint64_t run = worker; run < runs; run += options.workers)
            Run(options.seed + run, options, log).run(**counts[worker], watch);
    });
    for (const auto& worker : counts)
        report.counts += **worker;
    return report;
}

}  // namespace causeway::crash
