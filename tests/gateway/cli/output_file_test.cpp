// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/output_file.h"

#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <iterator>
#include <string>
#include <sys/stat.h>
#include <utility>

namespace causeway::gateway {
namespace {

using test::read_file;
using test::write_file;

struct OutputFileTest : testing::Test {
    [[nodiscard]] std::ptrdiff_t files() const {
        namespace fs = std::filesystem;
        const fs::path all = fs::path(path).parent_path();
        return std::distance(fs::directory_iterator(all), fs::directory_iterator());
    }

    test::TemporaryFolder folder;
    std::string path = folder.file("export.csv");
};

TEST_F(OutputFileTest, IsThereWhenItIsKept) {
    {
        auto file = OutputFile::create(path);
        ASSERT_TRUE(file);
        EXPECT_TRUE(file->write("one\n"));
        EXPECT_TRUE(file->write("two\n"));
        EXPECT_FALSE(std::filesystem::exists(path));
        EXPECT_TRUE(file->keep());
    }
    EXPECT_EQ(read_file(path), "one\ntwo\n");
    EXPECT_EQ(files(), 1);
}

// Half an export would be taken for a whole one.
TEST_F(OutputFileTest, LeavesNothingUnlessItIsKept) {
    write_file(path, "before");
    {
        auto file = OutputFile::create(path);
        ASSERT_TRUE(file);
        EXPECT_TRUE(file->write("half"));
    }
    EXPECT_EQ(read_file(path), "before");
    EXPECT_EQ(files(), 1);
}

TEST_F(OutputFileTest, ReplacesTheFileThatWasThere) {
    write_file(path, "a long text from before");
    auto file = OutputFile::create(path);
    ASSERT_TRUE(file && file->write("new") && file->keep());
    EXPECT_EQ(read_file(path), "new");
}

TEST_F(OutputFileTest, IsItsOwnersAlone) {
    auto file = OutputFile::create(path);
    ASSERT_TRUE(file && file->write("secret") && file->keep());
    struct stat found {};
    ASSERT_EQ(::stat(path.c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 07777U, 0600U);
}

TEST_F(OutputFileTest, IsMovedWithWhatItHolds) {
    auto file = OutputFile::create(path);
    ASSERT_TRUE(file);
    OutputFile moved = *std::move(file);
    EXPECT_TRUE(moved.write("all") && moved.keep());
    EXPECT_EQ(read_file(path), "all");
}

TEST_F(OutputFileTest, LeavesDevicesAndFoldersAlone) {
    for (const std::string& other : {std::string("/dev/null"), folder.file("")}) {
        const auto file = OutputFile::create(other);
        ASSERT_FALSE(file) << other;
        EXPECT_EQ(file.error().code(), ErrorCode::invalid_argument);
    }
}

TEST_F(OutputFileTest, SaysWhatItCanNotWrite) {
    const auto file = OutputFile::create(folder.file("no/such/folder/export.csv"));
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().code(), ErrorCode::storage);
    EXPECT_NE(file.error().detail().find("no/such/folder/export.csv: No such file"),
              std::string::npos);
}

}  // namespace
}  // namespace causeway::gateway
