// SPDX-License-Identifier: Apache-2.0
//
// What must end the process, in processes of their own.
#include "ledger/store/fail_stop.h"

#include "ledger/store/commit_queue.h"
#include "ledger/store/database.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <array>
#include <csignal>
#include <functional>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace causeway::ledger {
namespace {

using test::TemporaryFolder;

constexpr std::array kNotes{
    Migration{.version = 1, .sql = "CREATE TABLE notes (body TEXT NOT NULL)"}};

struct Ending {
    int status;
    std::string said;
};

// Runs `work` in a child and says how it ended; `work` gets a listener for the last line.
Ending in_a_child(const std::function<void(const FailStop::Listener&)>& work) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) throw std::runtime_error("no pipe");
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(ends[0]);
        work([&ends](std::string_view line) {
            const ssize_t written = ::write(ends[1], line.data(), line.size());
            (void)written;
        });
        ::_exit(0);
    }
    ::close(ends[1]);
    Ending ending{};
    std::array<char, 512> buffer{};
    for (ssize_t got = 0; (got = ::read(ends[0], buffer.data(), buffer.size())) > 0;)
        ending.said.append(buffer.data(), static_cast<std::size_t>(got));
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    ending.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return ending;
}

std::unique_ptr<Database> opened(const std::string& url, FailStop::Listener listener = {}) {
    auto database = Database::open(url, kNotes, {.on_fail_stop = std::move(listener)});
    if (!database) throw std::runtime_error(database.error().detail());
    return std::move(*database);
}

Result<std::int64_t> write(Database& database, const std::string& body) {
    return database.writer().commit<std::int64_t>([&](Transaction& transaction) {
        return transaction.execute("INSERT INTO notes (body) VALUES ($1)", {body});
    });
}

// A disk that is full: the kernel refuses to let any file grow beyond what is there now.
TEST(FailStop, EndsTheProcessWhenTheDiskIsFull) {
    const TemporaryFolder folder;
    const Ending ending = in_a_child([&](const FailStop::Listener& listener) {
        const auto database = opened(folder.url(), listener);
        if (!write(*database, "before")) ::_exit(10);
        (void)std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{.rlim_cur = 65'536, .rlim_max = 65'536};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        (void)write(*database, std::string(1'000'000, 'x'));
        ::_exit(11);  // an answer, and it would be a lie
    });
    EXPECT_EQ(ending.status, FailStop::kExitStatus);
    EXPECT_NE(ending.said.find("causeway stops: can not"), std::string::npos) << ending.said;

    std::int64_t rows = 0;
    EXPECT_TRUE(opened(folder.url())->read([&](Transaction& snapshot) {
        return snapshot.query(
            "SELECT count(*) FROM notes", {}, [&](const Row& row) { rows = row.integer(0); });
    }));
    EXPECT_EQ(rows, 1) << "what was acknowledged, and nothing else";
}

TEST(FailStop, EndsTheProcessWhenABodyThrows) {
    const TemporaryFolder folder;
    const Ending ending = in_a_child([&](const FailStop::Listener& listener) {
        const auto database = opened(folder.url(), listener);
        (void)database->writer().commit<int>(
            [](Transaction&) -> Result<int> { throw std::out_of_range("index 7"); });
        ::_exit(11);
    });
    EXPECT_EQ(ending.status, FailStop::kExitStatus);
    EXPECT_NE(ending.said.find("index 7"), std::string::npos) << ending.said;
}

TEST(FailStop, EndsTheProcessWhenAStatementIsWrong) {
    const TemporaryFolder folder;
    const Ending ending = in_a_child([&](const FailStop::Listener& listener) {
        const auto database = opened(folder.url(), listener);
        (void)database->writer().commit<std::int64_t>(
            [](Transaction& t) { return t.execute("INSERT INTO nowhere VALUES (1)", {}); });
        ::_exit(11);
    });
    EXPECT_EQ(ending.status, FailStop::kExitStatus);
    EXPECT_NE(ending.said.find("nowhere"), std::string::npos) << ending.said;
}

TEST(FailStop, SpeaksToStandardErrorWhenNobodyListens) {
    testing::FLAGS_gtest_death_test_style = "fast";
    EXPECT_EXIT(FailStop({}).stop("the disk is gone"),
                testing::ExitedWithCode(FailStop::kExitStatus),
                "causeway stops: the disk is gone\n");
}

}  // namespace
}  // namespace causeway::ledger
