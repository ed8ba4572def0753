// SPDX-License-Identifier: Apache-2.0
//
// Processes that share the books, one of which dies.
#include "tests/support/engines.h"
#include "tests/support/posting_process.h"

#include <gtest/gtest.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <map>
#include <memory>
#include <spawn.h>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace causeway::ledger {
namespace {

using test::Books;
using test::hot_account;
using test::Said;

constexpr int kEntries = 400;

/// A running posting_process.
class Poster {
  public:
    Poster(const std::string& url, std::uint64_t seed) {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
        said_.reset(::fdopen(ends[0], "r"));
        posix_spawn_file_actions_t actions;
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
        std::vector<std::string> words{
            CAUSEWAY_POSTING_PROCESS, url, std::to_string(seed), std::to_string(kEntries)};
        std::vector<char*> pointers;
        for (std::string& word : words)
            pointers.push_back(word.data());
        pointers.push_back(nullptr);
        const int failed = ::posix_spawn(
            &process_, CAUSEWAY_POSTING_PROCESS, &actions, nullptr, pointers.data(), environ);
        ::posix_spawn_file_actions_destroy(&actions);
        ::close(ends[1]);
        if (failed != 0) throw std::runtime_error("can not start the process");
    }
    Poster(const Poster&) = delete;
    Poster& operator=(const Poster&) = delete;
    ~Poster() {
        if (process_ < 0) return;
        kill();
        (void)wait();
    }

    /// Reads until it has said so many things in all, or no more.
    void listen(std::size_t count) {
        char what = 0;
        std::size_t number = 0;
        while (heard_.size() < count && std::fscanf(said_.get(), " %c%zu", &what, &number) == 2)
            heard_[number] = static_cast<Said>(what);
    }
    void kill() const { ::kill(process_, SIGKILL); }
    /// Its status, as of waitpid().
    int wait() {
        int status = -1;
        ::waitpid(std::exchange(process_, -1), &status, 0);
        return status;
    }
    [[nodiscard]] const std::map<std::size_t, Said>& heard() const { return heard_; }

  private:
    struct Close {
        void operator()(std::FILE* file) const { (void)std::fclose(file); }
    };
    std::unique_ptr<std::FILE, Close> said_;
    pid_t process_ = -1;
    std::map<std::size_t, Said> heard_;
};

class SharingProcesses : public testing::Test {
  protected:
    void SetUp() override {
        if (!test::PostgresServer::is_installed()) GTEST_SKIP() << "PostgreSQL 15 is not installed";
        books_ = std::make_unique<Books>(url_ = test::PostgresServer::shared().fresh_url());
        test::Ids ids;
        ASSERT_TRUE(books_->set_terms(ids.next(), hot_account(), {.debits_within_credits = true}));
    }

    // What the entries of a seed have given the hot account. Each that was said to be there is.
    std::int64_t given_by(std::uint64_t seed, const std::map<std::size_t, Said>& heard) {
        std::int64_t sum = 0;
        const std::vector<Entry> work = test::work_of(seed, kEntries);
        for (std::size_t i = 0; i < work.size(); ++i) {
            const auto said = heard.find(i);
            const bool owed = said != heard.end() &&
                              (said->second == Said::posted || said->second == Said::replayed);
            const bool there = is_there(work[i].id);
            EXPECT_TRUE(there || !owed) << "seed " << seed << " entry " << i << " is lost";
            EXPECT_FALSE(said != heard.end() && said->second == Said::failed) << i;
            if (there) sum += work[i].lines[0].minor_units;
        }
        return sum;
    }

    bool is_there(const Uuid& id) {
        bool there = false;
        EXPECT_TRUE(books_->database->read([&](Transaction& snapshot) -> Result<void> {
            there = books_->journal->find(snapshot, id).has_value();
            return {};
        }));
        return there;
    }

    std::string url_;
    std::unique_ptr<Books> books_;
};

// The killed one's work is done again from the start by another, while the others go on.
TEST_F(SharingProcesses, PostEachEntryOnceWhenOneIsKilledAndItsWorkIsTriedAgain) {
    std::int64_t given = 0;
    int killed = 0;
    for (std::uint64_t round = 0; round < 3; ++round) {
        const std::uint64_t seed = 10 * round + 1;
        std::array<std::unique_ptr<Poster>, 3> posters;
        for (std::size_t i = 0; i < posters.size(); ++i)
            posters[i] = std::make_unique<Poster>(url_, seed + i);
        std::vector<std::thread> listeners;
        for (const std::size_t i : {1U, 2U})
            listeners.emplace_back([&, i] { posters[i]->listen(kEntries); });
        Poster& victim = *posters[0];
        victim.listen(20 + 90 * round);
        victim.kill();
        victim.listen(kEntries);
        killed += WIFSIGNALED(victim.wait()) && victim.heard().size() < kEntries ? 1 : 0;
        Poster heir(url_, seed);
        heir.listen(kEntries);
        for (std::thread& listener : listeners)
            listener.join();
        for (const auto& [number, said] : victim.heard()) {
            if (said == Said::refused) continue;
            EXPECT_EQ(heir.heard().at(number), Said::replayed) << number;
        }
        for (Poster* const poster : {posters[1].get(), posters[2].get(), &heir}) {
            EXPECT_EQ(poster->heard().size(), kEntries);
            EXPECT_EQ(poster->wait(), 0);
        }
        given += given_by(seed, heir.heard()) + given_by(seed + 1, posters[1]->heard()) +
                 given_by(seed + 2, posters[2]->heard());
        const Balance balance = books_->balance(hot_account());
        EXPECT_EQ(-balance.net(), given);
        EXPECT_GE(balance.available_to_debit(), 0);
        for (const Finding& finding : books_->verified().findings)
            ADD_FAILURE() << finding.rule << ": " << finding.detail;
    }
    EXPECT_GT(killed, 0) << "each had done its work already";
}

}  // namespace
}  // namespace causeway::ledger
