// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/memory_disk.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace causeway::crash {
namespace {

const std::vector<std::uint8_t> kBytes(100, 'b');

TEST(MemoryDisk, FailsTheNthCallOfAKind) {
    struct Row {
        std::string name;
        bool lasting;
        std::vector<Answer> answers;
    };
    const std::vector<Row> rows{
        {"once", false, {Answer::done, Answer::failed, Answer::done}},
        {"from then on", true, {Answer::done, Answer::failed, Answer::failed}},
    };
    for (const Row& row : rows) {
        MemoryDisk disk({}, {});
        disk.set_fault({.call = Call::write, .at = 2, .lasting = row.lasting}, 1);
        MemoryDisk::Handle handle;
        ASSERT_EQ(disk.open("file", true, true, handle), Answer::done);
        std::vector<Answer> answers;
        for (std::size_t i = 0; i < row.answers.size(); ++i)
            answers.push_back(disk.write(handle, kBytes, 0));
        EXPECT_EQ(answers, row.answers) << row.name;
        EXPECT_EQ(disk.calls(Call::write), 3U);
        disk.close(handle);
    }
}

TEST(MemoryDisk, TellsTheLogWhatAFailedWriteHasWritten) {
    OperationLog log(1U << 20U);
    MemoryDisk disk({}, {}, &log);
    disk.set_fault({.call = Call::full, .at = 1, .lasting = true}, 7);
    MemoryDisk::Handle handle;
    ASSERT_EQ(disk.open("file", true, true, handle), Answer::done);
    EXPECT_EQ(disk.write(handle, kBytes, 0), Answer::full);
    const std::uint64_t written = disk.size(handle);
    EXPECT_LT(written, kBytes.size());
    const std::vector<Record> records = log.records();
    ASSERT_EQ(records.size(), 3U);
    EXPECT_EQ(records[1].data.size(), written);
    EXPECT_EQ(records[2].what, Operation::write_failed);
    disk.close(handle);
}

// Levels as SQLite counts them: 1 shared, 2 reserved, 4 exclusive.
TEST(MemoryDisk, LetsReadersBesideAWriterUntilItWantsAllForItself) {
    MemoryDisk disk({{"file", kBytes}}, {});
    MemoryDisk::Handle writer;
    MemoryDisk::Handle reader;
    MemoryDisk::Handle late;
    for (MemoryDisk::Handle* handle : {&writer, &reader, &late})
        ASSERT_EQ(disk.open("file", false, false, *handle), Answer::done);
    EXPECT_EQ(disk.lock(writer, 1), Answer::done);
    EXPECT_EQ(disk.lock(writer, 2), Answer::done);
    EXPECT_EQ(disk.lock(reader, 1), Answer::done);
    EXPECT_EQ(disk.lock(reader, 2), Answer::busy);
    EXPECT_EQ(disk.lock(writer, 4), Answer::busy);
    EXPECT_EQ(disk.lock(late, 1), Answer::busy) << "the writer waits for the last reader";
    disk.unlock(reader, 0);
    EXPECT_EQ(disk.lock(writer, 4), Answer::done);
    for (MemoryDisk::Handle* handle : {&writer, &reader, &late})
        disk.close(*handle);
}

TEST(MemoryDisk, ForgetsSharedMemoryWithItsLastUser) {
    MemoryDisk disk({{"file", kBytes}}, {});
    MemoryDisk::Handle first;
    MemoryDisk::Handle second;
    ASSERT_EQ(disk.open("file", false, false, first), Answer::done);
    ASSERT_EQ(disk.open("file", false, false, second), Answer::done);
    auto* const region = static_cast<std::uint8_t*>(disk.shm_region(first, 0, 32, true));
    region[0] = 1;
    EXPECT_EQ(disk.shm_region(second, 0, 32, false), region);
    EXPECT_EQ(disk.shm_lock(first, 0b110, true), Answer::done);
    EXPECT_EQ(disk.shm_lock(second, 0b100, false), Answer::busy);
    EXPECT_EQ(disk.shm_lock(second, 0b001, false), Answer::done);
    disk.close(first);
    EXPECT_EQ(disk.shm_lock(second, 0b100, false), Answer::done) << "locks end with their holder";
    EXPECT_EQ(region[0], 1);
    disk.close(second);
    ASSERT_EQ(disk.open("file", false, false, first), Answer::done);
    EXPECT_EQ(disk.shm_region(first, 0, 32, false), nullptr);
    disk.close(first);
}

}  // namespace
}  // namespace causeway::crash
