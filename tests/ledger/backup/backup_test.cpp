// SPDX-License-Identifier: Apache-2.0
//
// A backup holds what was acknowledged, and what is made from it goes on where it ended; from each
// engine, into each engine.
#include "ledger/backup/backup.h"

#include "tests/support/busy_books.h"
#include "tests/support/engines.h"
#include "tests/support/files.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <memory>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace causeway::ledger {
namespace {

namespace fs = std::filesystem;

using test::Books;
using test::busy_entry;
using test::Engine;

const std::vector<std::string> kOwnOfEngines{
    "journal_balances", "journal_lanes", "journal_entry_ids", "journal_id_runs"};

// All that two engines keep alike.
std::string common_rows(Database& database) {
    std::vector<Table> tables = tables_of(journal_migrations());
    std::erase_if(tables, [](const Table& table) {
        return std::ranges::find(kOwnOfEngines, table.name) != kOwnOfEngines.end();
    });
    return test::rows_of(database, tables);
}

std::unique_ptr<Database> opened(const std::string& url) {
    auto database = Database::open(url, journal_migrations());
    if (!database) throw std::runtime_error(database.error().detail());
    return std::move(*database);
}

/// From the engine whose turn it is.
class BackupTest : public test::OnEachEngine {
  protected:
    Result<CopyReport> back_up(Database& database, const BackupOptions& options = {}) {
        return ledger::back_up(database, journal_migrations(), file_, options);
    }
    static Result<CopyReport> restore(const std::string& file, const std::string& url) {
        return ledger::restore(file, url, journal_migrations());
    }
    std::vector<std::string> files() const {
        std::vector<std::string> names;
        for (const auto& one : fs::directory_iterator(folder_.file("")))
            names.push_back(one.path().filename().string());
        std::ranges::sort(names);
        return names;
    }

    test::TemporaryFolder folder_;
    const std::string file_ = folder_.file("copy.db");
    test::Ids ids_;
};

CAUSEWAY_ON_EACH_ENGINE(BackupTest);

TEST_P(BackupTest, HoldsEverythingAndIsOneFile) {
    Books books(url());
    test::make_busy(books, ids_, 2000);
    const auto report = back_up(*books.database);
    ASSERT_TRUE(report) << report.error().detail();
    EXPECT_TRUE(report->verified.findings.empty());
    EXPECT_EQ(report->verified.entries, 2000 + 100 + 34 + 1);
    EXPECT_EQ(report->schema_version, 4);
    EXPECT_EQ(report->shared, on_postgres());
    EXPECT_EQ(report->bytes, static_cast<std::int64_t>(fs::file_size(file_)));
    ASSERT_EQ(report->tips.size(), 1U);
    EXPECT_EQ(report->tips[0].last_sequence, report->verified.entries);
    EXPECT_EQ(files(), std::vector<std::string>{"copy.db"});
    struct stat found {};
    ASSERT_EQ(::stat(file_.c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777U, 0600U);
    const std::string before = common_rows(*books.database);
    const auto copy = opened("sqlite:" + file_);
    EXPECT_EQ(common_rows(*copy), before);
}

TEST_P(BackupTest, IsRestoredIntoEitherEngineAndGoesOn) {
    std::string before;
    Balance balance;
    const AccountKey merchant = test::account("mer_1", Purpose::merchant_pending);
    const Entry replayed = busy_entry(ids_.next(), 2001);
    {
        Books books(url());
        test::make_busy(books, ids_, 2000);
        ASSERT_TRUE(books.post(replayed));
        ASSERT_TRUE(back_up(*books.database));
        before = common_rows(*books.database);
        balance = books.balance(merchant);
    }
    for (const Engine engine : test::engines()) {
        const test::Place place(engine);
        const auto report = restore(file_, place.url());
        ASSERT_TRUE(report) << report.error().detail();
        EXPECT_TRUE(report->verified.findings.empty());
        EXPECT_EQ(report->shared, engine == Engine::postgres);
        for (int life = 0; life < 2; ++life) {
            Books books(place.url());
            if (life == 0) {
                EXPECT_EQ(common_rows(*books.database), before);
            }
            EXPECT_EQ(books.balance(merchant), balance);
            EXPECT_TRUE(books.post(replayed)->replayed);
            // A new account, so that its number is a new one too.
            Entry entry = busy_entry(ids_.next(), 3000);
            entry.type = EntryType::posting;
            entry.lines[1].account.owner = "mer_new_" + std::to_string(life);
            const auto posted = books.post(entry);
            ASSERT_TRUE(posted) << posted.error().detail();
            EXPECT_EQ(posted->sequence, report->verified.entries + 1 + life);
            const VerifyReport verified = books.verified();
            EXPECT_TRUE(verified.findings.empty()) << verified.findings.front().detail;
        }
    }
    EXPECT_EQ(files(), std::vector<std::string>{"copy.db"});
}

// Everything that was acknowledged before the call is in it, and nothing that comes after a gap.
TEST_P(BackupTest, IsTakenWhileOthersPost) {
    Books books(url());
    test::make_busy(books, ids_, 500);
    std::atomic<std::int64_t> acknowledged{0};
    std::atomic<bool> stop{false};
    std::thread poster([&] {
        for (std::int64_t number = 1; !stop; ++number) {
            const auto posted = books.post(busy_entry(ids_.next(), number));
            ASSERT_TRUE(posted);
            acknowledged = posted->sequence;
        }
    });
    std::int64_t last = 0;
    for (int round = 0; round < 3; ++round) {
        while (acknowledged <= last)
            std::this_thread::yield();
        const std::int64_t before = acknowledged;
        const auto report = back_up(*books.database);
        ASSERT_TRUE(report) << report.error().detail();
        EXPECT_TRUE(report->verified.findings.empty());
        last = report->tips.at(0).last_sequence;
        EXPECT_GE(last, before);
        EXPECT_EQ(report->verified.entries, last);
        fs::remove(file_);
    }
    stop = true;
    poster.join();
}

TEST_P(BackupTest, CopiesEmptyBooks) {
    const auto database = opened(url());
    const auto report = back_up(*database);
    ASSERT_TRUE(report) << report.error().detail();
    EXPECT_TRUE(report->tips.empty());
    for (const Engine engine : test::engines()) {
        const test::Place place(engine);
        ASSERT_TRUE(restore(file_, place.url()));
        Books books(place.url());
        EXPECT_TRUE(books.post(busy_entry(ids_.next(), 1)));
    }
}

TEST_P(BackupTest, IsNotWrittenOverAnotherFile) {
    const auto database = opened(url());
    test::write_file(file_, "the backup of yesterday");
    EXPECT_EQ(back_up(*database).error().code(), ErrorCode::conflict);
    EXPECT_EQ(test::read_file(file_), "the backup of yesterday");
}

TEST_P(BackupTest, SaysWhereItCanNotWrite) {
    const auto database = opened(url());
    const auto report =
        ledger::back_up(*database, journal_migrations(), folder_.file("nowhere/copy.db"));
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code(), ErrorCode::storage);
    EXPECT_NE(report.error().detail().find("nowhere/copy.db"), std::string::npos);
    EXPECT_TRUE(files().empty());
}

// A full disk must end the backup, not the server. In a process of its own, for the limit's sake.
TEST(Backup, LeavesNothingBehindWhenTheDiskIsFull) {
    const test::TemporaryFolder folder;
    const pid_t child = ::fork();
    if (child == 0) {
        test::Ids ids;
        Books books(folder.url());
        test::make_busy(books, ids, 2000);
        const rlimit limit{.rlim_cur = 65'536, .rlim_max = 65'536};
        (void)std::signal(SIGXFSZ, SIG_IGN);
        (void)::setrlimit(RLIMIT_FSIZE, &limit);
        const auto report = back_up(*books.database, journal_migrations(), folder.file("copy.db"));
        ::_exit(!report && report.error().code() == ErrorCode::storage ? 0 : 1);
    }
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
    for (const auto& one : fs::directory_iterator(folder.file("")))
        EXPECT_TRUE(one.path().filename().string().starts_with("books.db")) << one.path();
}

TEST_P(BackupTest, IsNotKeptWhenItsBooksAreBroken) {
    Books books(url());
    test::make_busy(books, ids_, 50);
    books.tamper("UPDATE journal_entries SET reference = 'cap_other' WHERE sequence = 7");
    const auto report = back_up(*books.database);
    ASSERT_TRUE(report);
    ASSERT_FALSE(report->verified.findings.empty());
    EXPECT_TRUE(files().empty());

    const auto kept = back_up(*books.database, {.keep_broken = true});
    ASSERT_TRUE(kept);
    EXPECT_FALSE(kept->verified.findings.empty());
    EXPECT_EQ(files(), std::vector<std::string>{"copy.db"});
    // But nobody builds on it.
    for (const Engine engine : test::engines()) {
        const test::Place place(engine);
        const auto restored = restore(file_, place.url());
        ASSERT_TRUE(restored);
        EXPECT_FALSE(restored->verified.findings.empty());
        EXPECT_TRUE(common_rows(*opened(place.url())).find("cap_other") == std::string::npos);
    }
}

TEST_P(BackupTest, IsNotRestoredOverOtherBooks) {
    Books books(url());
    test::make_busy(books, ids_, 50);
    ASSERT_TRUE(back_up(*books.database));
    const std::string before = common_rows(*books.database);
    const auto in_use = restore(file_, url());
    ASSERT_FALSE(in_use);
    EXPECT_EQ(in_use.error().code(), ErrorCode::conflict);
    books.journal.reset();
    books.database.reset();
    const auto not_empty = restore(file_, url());
    ASSERT_FALSE(not_empty);
    EXPECT_EQ(not_empty.error().code(), ErrorCode::conflict);
    EXPECT_EQ(common_rows(*opened(url())), before);
}

TEST_P(BackupTest, IsRefusedWhenItIsNone) {
    EXPECT_EQ(restore(file_, url()).error().code(), ErrorCode::not_found);
    test::write_file(file_, "Dear auditor,\nthe backup is somewhere else.\n");
    EXPECT_EQ(restore(file_, url()).error().code(), ErrorCode::integrity);
    EXPECT_TRUE(common_rows(*opened(url())).find("\n01") == std::string::npos);
}

// A backup of a newer release, restored by an older one in a hurry.
TEST_P(BackupTest, IsRefusedWhenItIsNewer) {
    const auto database = opened(url());
    ASSERT_TRUE(back_up(*database));
    const test::Place place(GetParam());
    const auto report = ledger::restore(file_, place.url(), journal_migrations().first(2));
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code(), ErrorCode::integrity);
    EXPECT_NE(report.error().detail().find("a newer Causeway wrote it"), std::string::npos);
}

// Into each engine, by way of the steps in between.
TEST_P(BackupTest, IsBroughtUpWhenItIsOlder) {
    {
        auto old =
            Database::open("sqlite:" + folder_.file("old.db"), journal_migrations().first(1));
        ASSERT_TRUE(old);
        ASSERT_TRUE((*old)->writer().commit<std::int64_t>([](Transaction& body) {
            (void)body.execute(
                "INSERT INTO accounts (account_id, owner, purpose, currency)"
                " VALUES (1, 'card', 'provider_receivable', 'EUR'),"
                " (2, 'mer_1', 'merchant_pending', 'EUR')",
                {});
            (void)body.execute(
                "INSERT INTO lines (entry_id, line_no, account_id, amount) VALUES"
                " (x'00112233445566778899aabbccddeeff', 1, 1, 500),"
                " (x'00112233445566778899aabbccddeeff', 2, 2, -500)",
                {});
            return body.execute(
                "INSERT INTO entries (entry_id, kind, reference, effective_us, recorded_us)"
                " VALUES (x'00112233445566778899aabbccddeeff', 'capture', 'cap_1', 5, 6)",
                {});
        }));
        test::write_file(file_, "");
        ASSERT_TRUE((*old)->copy_to(file_));
    }
    const auto report = restore(file_, url());
    ASSERT_TRUE(report) << report.error().detail();
    EXPECT_EQ(report->schema_version, 4);
    EXPECT_EQ(report->verified.entries, 1);
    Books books(url());
    EXPECT_EQ(books.net(test::account("card", Purpose::provider_receivable)), 500);
}

}  // namespace
}  // namespace causeway::ledger
