// SPDX-License-Identifier: Apache-2.0
//
// The ledger on SQLite against power cuts, failing disks and kills. A failure names the command
// that shows it again; docs/crash.md says how to read it.
#include "tests/crash/crash_vfs.h"
#include "tests/crash/faults.h"
#include "tests/crash/kill.h"
#include "tests/crash/life.h"
#include "tests/crash/power.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace causeway::crash {
namespace {

constexpr std::size_t kWorkers = 2;

// A merchant who was told "captured" and finds no trace of it after the lights came back.
TEST(Crash, LosesNothingToPowerCuts) {
    const PowerReport report = cut_power({.cuts = 1000, .seed = 1, .workers = kWorkers});
    EXPECT_EQ(report.failure, "");
    EXPECT_EQ(report.counts.failures, 0U);
    EXPECT_EQ(report.counts.lost, 0U);
    EXPECT_GE(report.counts.cuts, 1000U);
    // Cuts that have nothing to lose prove nothing.
    EXPECT_GT(report.counts.owed, 10 * report.counts.cuts);
    EXPECT_GT(report.counts.sectors_dropped, report.counts.cuts);
    EXPECT_GT(report.counts.sectors_torn, report.counts.cuts);
}

// The rig itself: on a disk that says "synced" too early it must see acknowledged bodies vanish.
TEST(Crash, SeesWhatALyingDiskLoses) {
    const PowerReport report =
        cut_power({.cuts = 300, .seed = 1, .lying_disk = true, .workers = kWorkers});
    EXPECT_GT(report.counts.lost, 0U);
    EXPECT_GT(report.counts.failures, 0U);
    EXPECT_NE(report.failure, "");
}

TEST(Crash, StopsOrTellsTheTruthWhateverCallFails) {
    const FaultReport report = try_faults({.seed = 1, .workers = kWorkers});
    EXPECT_EQ(report.failure, "");
    EXPECT_EQ(report.counts.failures, 0U);
    EXPECT_GT(report.counts.stopped, 100U);
    EXPECT_GT(report.counts.unopened, 100U);
}

TEST(Crash, LosesNothingToKills) {
    const KillReport report = kill_rounds({.rounds = 20, .seed = 1});
    EXPECT_EQ(report.failure, "");
    EXPECT_EQ(report.counts.failures, 0U);
    EXPECT_EQ(report.counts.rounds, 20U);
    EXPECT_GT(report.counts.acknowledged, report.counts.rounds);
}

// A seed that does not say the same twice could show no failure again.
TEST(Crash, ReplaysALifeFromItsSeed) {
    OperationLog logs[2];
    for (OperationLog& log : logs) {
        seed_sqlite(11);
        MemoryDisk disk({}, {}, &log);
        const CrashVfs vfs(disk);
        const LifeScript script{.plans_seed = 3, .seed = 4, .bodies = 60, .checkpoint_pages = 3};
        EXPECT_TRUE(live(vfs.name(), script, log).opened);
    }
    const auto same = [](const Record& a, const Record& b) {
        return a.what == b.what && a.flag == b.flag && a.file == b.file && a.number == b.number &&
               std::ranges::equal(a.data, b.data);
    };
    const std::vector<Record> first = logs[0].records();
    EXPECT_GT(first.size(), 300U);
    EXPECT_TRUE(std::ranges::equal(first, logs[1].records(), same));
}

}  // namespace
}  // namespace causeway::crash
