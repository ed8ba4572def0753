// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/sqlite/database_file.h"

#include "ledger/store/commit_queue.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

namespace causeway::ledger::sqlite {
namespace {

namespace fs = std::filesystem;

constexpr std::array kTags{
    Migration{.version = 1, .sql = "CREATE TABLE tags (number ROWKEY, tag TEXT NOT NULL);"}};

std::unique_ptr<Database> opened(const std::string& url) {
    auto database = Database::open(url, kTags);
    if (!database) throw std::runtime_error(database.error().detail());
    return std::move(*database);
}

void add_tags(Database& database, std::int64_t first, std::int64_t count) {
    const auto done = database.writer().commit<std::int64_t>([&](Transaction& body) {
        return body.execute(
            "WITH RECURSIVE many(number) AS"
            " (SELECT $1 UNION ALL SELECT number + 1 FROM many WHERE number < $2)"
            " INSERT INTO tags (number, tag) SELECT number, 'a tag' FROM many",
            {first, first + count - 1});
    });
    if (!done) throw std::runtime_error(done.error().detail());
}

Result<std::int64_t> count_in(const std::string& path) {
    std::int64_t count = -1;
    const Result<void> read = read_file(path, [&](Transaction& snapshot) {
        return snapshot.query(
            "SELECT count(*) FROM tags", {}, [&](const Row& row) { count = row.integer(0); });
    });
    if (!read) return read.error();
    return count;
}

std::size_t files_in(const test::TemporaryFolder& folder) {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder.file("")), fs::directory_iterator()));
}

TEST(DatabaseFile, IsCopiedWhileItIsWritten) {
    const test::TemporaryFolder folder;
    const auto database = opened(folder.url());
    add_tags(*database, 1, 5000);
    std::atomic<bool> stop{false};
    std::thread writer([&] {
        for (std::int64_t at = 5001; !stop; ++at)
            add_tags(*database, at, 1);
    });
    for (int round = 0; round < 5; ++round) {
        const std::string copy = folder.file("it's copy " + std::to_string(round));
        test::write_file(copy, "");
        ASSERT_TRUE(database->copy_to(copy));
        const auto count = count_in(copy);
        ASSERT_TRUE(count);
        EXPECT_GE(*count, 5000);
        EXPECT_FALSE(fs::exists(copy + "-wal"));
    }
    stop = true;
    writer.join();
}

TEST(DatabaseFile, IsNotCopiedOverAnother) {
    const test::TemporaryFolder folder;
    const auto database = opened(folder.url());
    test::write_file(folder.file("mine"), "a letter");
    EXPECT_EQ(database->copy_to(folder.file("mine")).error().code(), ErrorCode::storage);
    EXPECT_EQ(test::read_file(folder.file("mine")), "a letter");
    EXPECT_EQ(database->copy_to(folder.file("nowhere/mine")).error().code(), ErrorCode::storage);
}

TEST(DatabaseFile, IsReadWithoutATrace) {
    const test::TemporaryFolder folder;
    add_tags(*opened(folder.url()), 1, 3);
    fs::remove(folder.file("books.db.lock"));
    const std::string before = test::read_file(folder.file("books.db"));
    EXPECT_EQ(*count_in(folder.file("books.db")), 3);
    EXPECT_EQ(test::read_file(folder.file("books.db")), before);
    EXPECT_EQ(files_in(folder), 1U);
}

TEST(DatabaseFile, IsNotReadWhileSomebodyOwnsIt) {
    const test::TemporaryFolder folder;
    const auto database = opened(folder.url());
    EXPECT_EQ(count_in(folder.file("books.db")).error().code(), ErrorCode::conflict);
}

// Bits rot in archives: it must be said before anything is built on them.
TEST(DatabaseFile, IsRefusedWhenItIsDamaged) {
    const test::TemporaryFolder folder;
    const std::string path = folder.file("books.db");
    add_tags(*opened(folder.url()), 1, 5000);
    std::string bytes = test::read_file(path);
    ASSERT_GT(bytes.size(), 40'000U);
    for (std::size_t at = 16'384; at < 16'484; ++at)
        bytes[at] = '\xFF';
    test::write_file(path, bytes);
    EXPECT_EQ(count_in(path).error().code(), ErrorCode::integrity);

    test::write_file(path, bytes.substr(0, 20'000));
    EXPECT_EQ(count_in(path).error().code(), ErrorCode::integrity);
    test::write_file(path, "Dear auditor,\nthe database is somewhere else.\n");
    EXPECT_EQ(count_in(path).error().code(), ErrorCode::integrity);
    test::write_file(path, "");
    EXPECT_EQ(count_in(path).error().code(), ErrorCode::integrity);
    EXPECT_EQ(count_in(folder.file("nowhere")).error().code(), ErrorCode::storage);
}

TEST(Berth, PutsADatabaseInItsPlace) {
    const test::TemporaryFolder folder;
    const std::string path = folder.file("books.db");
    {
        auto berth = Berth::take(path);
        ASSERT_TRUE(berth);
        EXPECT_TRUE(is_owned(folder.url()));
        EXPECT_EQ(Berth::take(path).error().code(), ErrorCode::conflict);
        add_tags(*opened("sqlite:" + berth->draft()), 1, 3);
        EXPECT_FALSE(fs::exists(path));
        ASSERT_TRUE(berth->install());
    }
    EXPECT_FALSE(is_owned(folder.url()));
    EXPECT_EQ(*count_in(path), 3);
    EXPECT_EQ(files_in(folder), 2U);  // and its lock
}

TEST(Berth, IsEmptyAgainWhenNothingWasPutThere) {
    const test::TemporaryFolder folder;
    const std::string path = folder.file("books.db");
    test::write_file(path + ".restoring-wal", "of one that was killed");
    {
        const auto berth = Berth::take(path);
        ASSERT_TRUE(berth);
        add_tags(*opened("sqlite:" + berth->draft()), 1, 3);
    }
    EXPECT_EQ(files_in(folder), 1U);  // its lock
}

TEST(Berth, IsTakenWhereADatabaseIs) {
    const test::TemporaryFolder folder;
    add_tags(*opened(folder.url()), 1, 3);
    EXPECT_EQ(Berth::take(folder.file("books.db")).error().code(), ErrorCode::conflict);
    test::write_file(folder.file("empty.db"), "");
    EXPECT_TRUE(Berth::take(folder.file("empty.db")));
}

// SQLite would read it into whatever file gets that name.
TEST(Berth, IsTakenWhereADatabaseHasLeftItsWal) {
    const test::TemporaryFolder folder;
    for (const char* const companion : {"-wal", "-journal"}) {
        const std::string left = folder.file("books.db") + companion;
        test::write_file(left, "commits");
        const auto berth = Berth::take(folder.file("books.db"));
        ASSERT_FALSE(berth);
        EXPECT_EQ(berth.error().code(), ErrorCode::conflict);
        EXPECT_NE(berth.error().detail().find(left), std::string::npos);
        fs::remove(left);
    }
}

}  // namespace
}  // namespace causeway::ledger::sqlite
