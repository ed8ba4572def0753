// SPDX-License-Identifier: Apache-2.0
//
// The disk under the power cuts. If it kept too much the rig would find nothing; if it lost what it
// must keep the rig would find what is not there.
#include "tests/crash/platter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace causeway::crash {
namespace {

using Bytes = std::vector<std::uint8_t>;
constexpr std::uint64_t kSeeds = 400;

const std::string kName = "file";
const Bytes kOld(2048, 'o');
const Bytes kNew(1024, 'n');
const Bytes kNewer(512, 'm');

std::span<const std::uint8_t> bytes_of(const std::string& text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

Record write(const Bytes& data, std::uint64_t offset) {
    return {.what = Operation::write, .file = 1, .number = offset, .data = data};
}

constexpr Record kSync{.what = Operation::sync, .file = 1};
constexpr Record kFailedSync{.what = Operation::sync_failed, .file = 1};

// All that cuts of many seeds leave of a disk with one file of 2048 times 'o'.
std::set<DiskImage> survivors(const std::vector<Record>& records, const DiskTraits& traits = {}) {
    std::set<DiskImage> all;
    for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
        Platter platter({{kName, kOld}}, traits);
        for (const Record& record : records)
            platter.apply(record);
        Chance chance(seed);
        CutCount count;
        all.insert(platter.cut(chance, count));
    }
    return all;
}

bool always(const std::set<DiskImage>& images, const std::function<bool(const Bytes&)>& holds) {
    return std::ranges::all_of(images,
                               [&](const DiskImage& image) { return holds(image.at(kName)); });
}

bool sometimes(const std::set<DiskImage>& images, const std::function<bool(const Bytes&)>& holds) {
    return std::ranges::any_of(images, [&](const DiskImage& image) {
        return image.contains(kName) && holds(image.at(kName));
    });
}

bool is_all(const Bytes& bytes, std::size_t from, std::size_t to, std::uint8_t letter) {
    return std::all_of(bytes.begin() + static_cast<std::ptrdiff_t>(from),
                       bytes.begin() + static_cast<std::ptrdiff_t>(to),
                       [letter](std::uint8_t byte) { return byte == letter; });
}

TEST(Platter, KeepsWhatWasSynced) {
    const auto images = survivors({write(kNew, 512), kSync});
    EXPECT_EQ(images.size(), 1U);
    EXPECT_TRUE(always(images, [](const Bytes& bytes) {
        return bytes.size() == 2048 && is_all(bytes, 0, 512, 'o') &&
               is_all(bytes, 512, 1536, 'n') && is_all(bytes, 1536, 2048, 'o');
    }));
}

TEST(Platter, KeepsDropsOrTearsEachSectorThatWasNotSynced) {
    const auto images = survivors({write(kNew, 512)});
    const auto kept = [](const Bytes& b) { return is_all(b, 512, 1536, 'n'); };
    const auto dropped = [](const Bytes& b) { return b == kOld; };
    const auto second_alone = [](const Bytes& b) {
        return is_all(b, 512, 1024, 'o') && is_all(b, 1024, 1536, 'n');
    };
    const auto torn = [](const Bytes& b) { return b[512] != b[1023]; };
    EXPECT_TRUE(sometimes(images, kept));
    EXPECT_TRUE(sometimes(images, dropped));
    EXPECT_TRUE(sometimes(images, second_alone));
    EXPECT_TRUE(sometimes(images, torn));
}

TEST(Platter, LosesAnEarlierWriteAndKeepsALater) {
    const auto images = survivors({write(kNew, 0), write(kNewer, 1536)});
    EXPECT_TRUE(sometimes(images, [](const Bytes& bytes) {
        return is_all(bytes, 0, 1536, 'o') && is_all(bytes, 1536, 2048, 'm');
    }));
}

// Where a disk is powersafe a torn write ends inside of what was to be written.
TEST(Platter, DamagesTheRestOfASectorOnlyWhereTheDiskIsNotPowersafe) {
    const Bytes few(100, 'n');
    const auto neighbours_whole = [](const Bytes& bytes) {
        return is_all(bytes, 0, 700, 'o') && is_all(bytes, 800, 2048, 'o');
    };
    const auto others_whole = [](const Bytes& bytes) {
        return is_all(bytes, 0, 512, 'o') && is_all(bytes, 1024, 2048, 'o');
    };
    EXPECT_TRUE(always(survivors({write(few, 700)}), neighbours_whole));
    const auto unsafe = survivors({write(few, 700)}, {.powersafe_overwrite = false});
    EXPECT_FALSE(always(unsafe, neighbours_whole));
    EXPECT_TRUE(always(unsafe, others_whole));
}

TEST(Platter, TakesASizeOnlyWhole) {
    const auto images = survivors({Record{.what = Operation::truncate, .file = 1, .number = 1000}});
    EXPECT_EQ(images.size(), 2U);
    EXPECT_TRUE(sometimes(images, [](const Bytes& bytes) { return bytes.size() == 1000; }));
    EXPECT_TRUE(sometimes(images, [](const Bytes& bytes) { return bytes.size() == 2048; }));
}

// A deleted WAL may be there again after a cut, and SQLite must not mind.
TEST(Platter, BringsBackAFileWhoseFolderWasNotSynced) {
    Record removal{.what = Operation::remove, .data = bytes_of(kName)};
    EXPECT_EQ(survivors({removal}), (std::set<DiskImage>{{}, {{kName, kOld}}}));
    removal.flag = true;
    EXPECT_EQ(survivors({removal}), std::set<DiskImage>{DiskImage{}});
}

TEST(Platter, LosesTheNameOfANewFileUntilItIsSynced) {
    const std::string name = "wal";
    const Record creation{.what = Operation::create, .file = 2, .data = bytes_of(name)};
    Record content = write(kNew, 0);
    content.file = 2;
    const auto has_name = [&](const DiskImage& image) { return image.contains(name); };
    const auto unsynced = survivors({creation, content});
    EXPECT_TRUE(std::ranges::any_of(unsynced, has_name));
    EXPECT_FALSE(std::ranges::all_of(unsynced, has_name));
    const auto synced = survivors({creation, content, {.what = Operation::sync, .file = 2}});
    EXPECT_EQ(synced, (std::set<DiskImage>{{{kName, kOld}, {name, kNew}}}));
}

// After a failed fsync the kernel may have dropped the pages and call the next fsync a success.
TEST(Platter, DoesNotMendAFailedSyncByALaterOne) {
    const auto images = survivors({write(kNew, 0), kFailedSync, kSync});
    EXPECT_TRUE(sometimes(images, [](const Bytes& bytes) { return bytes == kOld; }));
    const auto later = survivors({write(kNew, 0), kFailedSync, write(kNewer, 0), kSync});
    EXPECT_TRUE(always(later, [](const Bytes& bytes) { return is_all(bytes, 0, 512, 'm'); }));
    EXPECT_TRUE(sometimes(later, [](const Bytes& b) { return is_all(b, 512, 1024, 'o'); }));
}

TEST(Platter, LiesAboutEverySecondSync) {
    const DiskTraits lying{.ignored_sync = 2};
    EXPECT_EQ(survivors({write(kNew, 0), kSync}, lying).size(), 1U);
    EXPECT_GT(survivors({kSync, write(kNew, 0), kSync}, lying).size(), 1U);
}

TEST(Platter, LeavesEverythingWhenOnlyTheProcessEnds) {
    Platter platter({{kName, kOld}}, {});
    platter.apply(write(kNew, 0));
    platter.apply(write(kNewer, 2048));
    Chance chance(1);
    const Bytes left = platter.process_death(chance).at(kName);
    EXPECT_EQ(left.size(), 2560U);
    EXPECT_TRUE(is_all(left, 0, 1024, 'n') && is_all(left, 2048, 2560, 'm'));
}

}  // namespace
}  // namespace causeway::crash
