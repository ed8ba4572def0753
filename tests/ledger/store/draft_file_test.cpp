// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/draft_file.h"

#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <sys/stat.h>

namespace causeway::ledger {
namespace {

namespace fs = std::filesystem;

std::size_t files_in(const std::string& folder) {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST(DraftFile, GetsItsNameWhenItIsPublished) {
    const test::TemporaryFolder folder;
    const std::string path = folder.file("copy");
    {
        auto draft = DraftFile::make(path);
        ASSERT_TRUE(draft);
        test::write_file(draft->draft(), "all of it");
        EXPECT_FALSE(fs::exists(path));
        ASSERT_TRUE(draft->publish());
    }
    EXPECT_EQ(test::read_file(path), "all of it");
    EXPECT_EQ(files_in(folder.file("")), 1U);
    struct stat found {};
    ASSERT_EQ(::stat(path.c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777U, 0600U);
}

TEST(DraftFile, LeavesNothingBehindWhenNobodyPublishesIt) {
    const test::TemporaryFolder folder;
    {
        auto draft = DraftFile::make(folder.file("copy"));
        ASSERT_TRUE(draft);
        const DraftFile moved(std::move(*draft));
        EXPECT_EQ(files_in(folder.file("")), 1U);
    }
    EXPECT_EQ(files_in(folder.file("")), 0U);
}

TEST(DraftFile, WritesOverNothing) {
    const test::TemporaryFolder folder;
    const std::string path = folder.file("copy");
    auto draft = DraftFile::make(path);
    ASSERT_TRUE(draft);
    test::write_file(path, "older");
    EXPECT_EQ(DraftFile::make(path).error().code(), ErrorCode::conflict);
    EXPECT_EQ(draft->publish().error().code(), ErrorCode::conflict);
    EXPECT_EQ(test::read_file(path), "older");
    fs::remove(path);
    fs::create_symlink("/nowhere", path);
    EXPECT_EQ(DraftFile::make(path).error().code(), ErrorCode::conflict);
}

TEST(DraftFile, NamesTheFolderThatIsMissing) {
    const test::TemporaryFolder folder;
    const auto draft = DraftFile::make(folder.file("nowhere/copy"));
    ASSERT_FALSE(draft);
    EXPECT_EQ(draft.error().code(), ErrorCode::storage);
    EXPECT_NE(draft.error().detail().find("nowhere/copy"), std::string::npos);
}

}  // namespace
}  // namespace causeway::ledger
