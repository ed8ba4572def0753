// SPDX-License-Identifier: Apache-2.0
//
// A process that is killed while it commits: whatever it acknowledged is there afterwards.
#include "ledger/journal/journal.h"
#include "tests/support/books.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <random>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace causeway::ledger {
namespace {

using test::Books;
using test::capture;

constexpr int kRounds = 20;
constexpr std::size_t kWaiting = 40;

// Submits entries for ever and writes the number of each acknowledged one into the pipe.
[[noreturn]] void post_for_ever(const std::string& url, std::int64_t first, int pipe) {
    test::Ids ids(static_cast<std::uint64_t>(first) + 1);
    Books books(url);
    CommitQueue& queue = books.database->writer();
    for (std::int64_t number = first;; ++number) {
        Entry entry = capture(ids.next(), number + 1, "mer_" + std::to_string(number % 7));
        entry.reference = std::to_string(number);
        while (queue.statistics().depth >= kWaiting)
            std::this_thread::yield();
        const Result<void> queued = queue.submit<int>(
            [&books, entry, number](Transaction& t) -> Result<int> {
                const Result<void> posted = books.journal->post(t, entry);
                if (!posted) return posted.error();
                if (number % 5 == 3) return Error(ErrorCode::declined);
                return 0;
            },
            [pipe, number](Result<int> told) {
                if (told && ::write(pipe, &number, sizeof number) != sizeof number) ::_exit(12);
            });
        if (!queued) ::_exit(13);
    }
}

// Reads numbers until `count` have come, kills the child, and reads what was still on its way.
std::vector<std::int64_t> kill_after(pid_t child, int pipe, std::size_t count) {
    std::vector<std::int64_t> told;
    std::int64_t number = 0;
    while (::read(pipe, &number, sizeof number) == sizeof number) {
        told.push_back(number);
        if (told.size() == count) ::kill(child, SIGKILL);
    }
    ::waitpid(child, nullptr, 0);
    return told;
}

TEST(Crash, LosesNothingThatWasAcknowledged) {
    const test::TemporaryFolder folder;
    std::mt19937 random(20260413);
    std::vector<std::int64_t> acknowledged;
    for (int round = 0; round < kRounds; ++round) {
        std::array<int, 2> ends{};
        ASSERT_EQ(::pipe(ends.data()), 0);
        const pid_t child = ::fork();
        if (child == 0) {
            ::close(ends[0]);
            post_for_ever(folder.url(), std::int64_t{1'000'000} * round, ends[1]);
        }
        ::close(ends[1]);
        const auto told = kill_after(child, ends[0], 1 + random() % 400);
        ::close(ends[0]);
        ASSERT_FALSE(told.empty());
        acknowledged.insert(acknowledged.end(), told.begin(), told.end());

        Books books(folder.url());
        const VerifyReport report = books.verified();
        EXPECT_TRUE(report.findings.empty()) << report.findings.front().detail;
        std::vector<std::int64_t> stored;
        ASSERT_TRUE(books.database->read([&](Transaction& snapshot) {
            return snapshot.query("SELECT reference FROM entries", {}, [&](const Row& row) {
                stored.push_back(std::stoll(std::string(row.text(0))));
            });
        }));
        std::ranges::sort(stored);
        EXPECT_TRUE(std::ranges::includes(stored, acknowledged)) << "round " << round;
        const auto refused = [](std::int64_t number) { return number % 5 == 3; };
        EXPECT_TRUE(std::ranges::none_of(stored, refused)) << "round " << round;
    }
}

}  // namespace
}  // namespace causeway::ledger
