// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/commit_queue.h"

#include "ledger/store/database.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <deque>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace causeway::ledger {
namespace {

using test::TemporaryFolder;

constexpr std::array kNumbers{
    Migration{.version = 1, .sql = "CREATE TABLE numbers (number BIGINT NOT NULL PRIMARY KEY)"}};

std::unique_ptr<Database> opened(const std::string& url, DatabaseOptions options = {}) {
    Result<std::unique_ptr<Database>> database = Database::open(url, kNumbers, options);
    if (!database) throw std::runtime_error(database.error().detail());
    return std::move(*database);
}

Result<std::int64_t> insert(Transaction& transaction, std::int64_t number) {
    return transaction.execute("INSERT INTO numbers (number) VALUES ($1)", {number});
}

Result<void> keep_number(Transaction& transaction, std::int64_t number) {
    const Result<std::int64_t> done = insert(transaction, number);
    return done ? Result<void>() : Result<void>(done.error());
}

std::vector<std::int64_t> numbers(Transaction& transaction) {
    std::vector<std::int64_t> found;
    EXPECT_TRUE(transaction.query("SELECT number FROM numbers ORDER BY number",
                                  {},
                                  [&](const Row& row) { found.push_back(row.integer(0)); }));
    return found;
}

// As another connection sees them.
std::vector<std::int64_t> numbers(Database& database) {
    std::vector<std::int64_t> found;
    EXPECT_TRUE(database.read([&](Transaction& snapshot) -> Result<void> {
        found = numbers(snapshot);
        return {};
    }));
    return found;
}

/// Holds the writer inside a body until it is let go, so that what is submitted meanwhile waits.
class Gate {
  public:
    explicit Gate(CommitQueue& queue) {
        EXPECT_TRUE(queue.submit<int>(
            [this](Transaction&) -> Result<int> {
                inside_.set_value();
                open_.get_future().wait();
                return 0;
            },
            [](Result<int>) {}));
        inside_.get_future().wait();
    }
    void open() { open_.set_value(); }

  private:
    std::promise<void> inside_;
    std::promise<void> open_;
};

// Submits bodies, and collects what each is told and in which order.
class Outcomes {
  public:
    void submit(CommitQueue& queue, std::function<Result<void>(Transaction&)> body) {
        const std::size_t at = told_.size();
        told_.emplace_back();
        ASSERT_TRUE(queue.submit<int>(
            [body = std::move(body)](Transaction& transaction) -> Result<int> {
                const Result<void> done = body(transaction);
                return done ? Result<int>(0) : Result<int>(done.error());
            },
            [this, at](Result<int> result) {
                told_[at].set_value({order_++, std::move(result)});
            }));
    }
    // (place in the order of completions, result); each may be taken once.
    std::pair<int, Result<int>> take(std::size_t at) { return told_[at].get_future().get(); }

  private:
    std::deque<std::promise<std::pair<int, Result<int>>>> told_;
    int order_ = 0;  // the writer's thread only
};

TEST(CommitQueue, TellsAResultOnlyWhenAnotherConnectionSeesIt) {
    const TemporaryFolder folder;
    const auto database = opened(folder.url());
    std::promise<std::vector<std::int64_t>> seen;
    ASSERT_TRUE(database->writer().submit<std::int64_t>(
        [](Transaction& transaction) { return insert(transaction, 1); },
        [&](Result<std::int64_t>) { seen.set_value(numbers(*database)); }));
    EXPECT_EQ(seen.get_future().get(), std::vector<std::int64_t>{1});
}

TEST(CommitQueue, RunsBodiesAndCompletionsInTheOrderOfSubmission) {
    const TemporaryFolder folder;
    const auto database = opened(folder.url(), {.batch_max = 7});
    Outcomes outcomes;
    std::vector<int> ran;
    for (int i = 0; i < 100; ++i) {
        outcomes.submit(database->writer(), [&ran, i](Transaction&) -> Result<void> {
            ran.push_back(i);
            return {};
        });
    }
    for (std::size_t i = 0; i < 100; ++i)
        EXPECT_EQ(outcomes.take(i).first, static_cast<int>(i));
    // Only now: until the last answer the writer still adds to it.
    for (std::size_t i = 0; i < 100; ++i)
        EXPECT_EQ(ran.at(i), static_cast<int>(i));
}

TEST(CommitQueue, SharesOneCommitAmongThoseWhoWait) {
    const TemporaryFolder folder;
    const auto database = opened(folder.url());
    Gate gate(database->writer());
    Outcomes outcomes;
    for (int i = 0; i < 50; ++i) {
        outcomes.submit(database->writer(),
                        [i](Transaction& transaction) { return keep_number(transaction, i); });
    }
    EXPECT_EQ(database->writer().statistics().depth, 50U);
    gate.open();
    EXPECT_TRUE(outcomes.take(49).second);
    const CommitStatistics statistics = database->writer().statistics();
    EXPECT_EQ(statistics.bodies, 51U);
    EXPECT_EQ(statistics.commits, 2U);
    EXPECT_EQ(statistics.depth, 0U);
}

// Whatever the place of those that fail in a batch, early, late or several: their rows are gone
// and everybody else's stay, and a later body already sees it so.
TEST(CommitQueue, UndoesAFailedBodyAndSparesItsNeighbours) {
    const TemporaryFolder folder;
    const auto database = opened(folder.url());
    Gate gate(database->writer());
    Outcomes outcomes;
    std::vector<std::int64_t> expected;
    for (int i = 0; i < 40; ++i) {
        const bool fails = i == 0 || i == 7 || i == 8 || i == 30 || i == 39;
        outcomes.submit(database->writer(), [=](Transaction& transaction) -> Result<void> {
            EXPECT_EQ(numbers(transaction), expected) << i;
            EXPECT_TRUE(insert(transaction, i));
            EXPECT_TRUE(insert(transaction, 1000 + i));
            if (fails) return Error(ErrorCode::declined, std::to_string(i));
            EXPECT_TRUE(transaction.execute("DELETE FROM numbers WHERE number = $1", {1000 + i}));
            return {};
        });
        if (!fails) expected.push_back(i);
    }
    gate.open();
    for (std::size_t i = 0; i < 40; ++i) {
        const Result<int> told = outcomes.take(i).second;
        const bool fails = i == 0 || i == 7 || i == 8 || i == 30 || i == 39;
        ASSERT_EQ(told.has_value(), !fails) << i;
        if (fails) {
            EXPECT_EQ(told.error(), Error(ErrorCode::declined, std::to_string(i)));
        }
    }
    EXPECT_EQ(numbers(*database), expected);
    EXPECT_EQ(database->writer().statistics().commits, 2U);
}

TEST(CommitQueue, CommitsNothingWhenEveryBodyFails) {
    const TemporaryFolder folder;
    const auto database = opened(folder.url());
    const Result<int> told =
        database->writer().commit<int>([](Transaction& transaction) -> Result<int> {
            EXPECT_TRUE(insert(transaction, 1));
            return Error(ErrorCode::limit_exceeded);
        });
    EXPECT_EQ(told.error().code(), ErrorCode::limit_exceeded);
    EXPECT_EQ(database->writer().statistics().commits, 0U);
    EXPECT_TRUE(numbers(*database).empty());
}

TEST(CommitQueue, AConstraintIsAConflictThatTheBodyMaySurvive) {
    const TemporaryFolder folder;
    const auto database = opened(folder.url());
    const Result<ErrorCode> told =
        database->writer().commit<ErrorCode>([](Transaction& transaction) -> Result<ErrorCode> {
            EXPECT_TRUE(transaction.writes());
            EXPECT_TRUE(insert(transaction, 1));
            const Result<std::int64_t> again =
                transaction.execute("INSERT INTO numbers (number) VALUES ($1), ($2)", {2, 1});
            EXPECT_TRUE(insert(transaction, 3));
            return again ? ErrorCode::integrity : again.error().code();
        });
    ASSERT_TRUE(told);
    EXPECT_EQ(*told, ErrorCode::conflict);
    EXPECT_EQ(numbers(*database), (std::vector<std::int64_t>{1, 3}));
}

TEST(CommitQueue, SaysHowManyRowsAStatementChanged) {
    const TemporaryFolder folder;
    const auto database = opened(folder.url());
    const Result<int> told = database->writer().commit<int>([](Transaction& t) -> Result<int> {
        EXPECT_EQ(*t.execute("INSERT INTO numbers (number) VALUES (1), (2), (3)", {}), 3);
        EXPECT_EQ(*t.execute("UPDATE numbers SET number = number + 10 WHERE number > 1", {}), 2);
        EXPECT_EQ(*t.execute("DELETE FROM numbers WHERE number = 99", {}), 0);
        std::int64_t returned = 0;
        EXPECT_TRUE(t.query("INSERT INTO numbers (number) VALUES ($1) RETURNING number",
                            {77},
                            [&](const Row& row) { returned = row.integer(0); }));
        EXPECT_EQ(returned, 77);
        return 0;
    });
    EXPECT_TRUE(told);
    EXPECT_EQ(numbers(*database), (std::vector<std::int64_t>{1, 12, 13, 77}));
}

TEST(CommitQueue, AnswersUnavailableWhenItIsFullAndTheBodyNeverRuns) {
    const TemporaryFolder folder;
    const auto database = opened(folder.url(), {.queue_max = 3});
    Gate gate(database->writer());
    Outcomes outcomes;
    for (int i = 0; i < 3; ++i) {
        outcomes.submit(database->writer(),
                        [i](Transaction& transaction) { return keep_number(transaction, i); });
    }
    std::atomic<bool> ran = false;
    const Result<void> refused = database->writer().submit<int>(
        [&](Transaction&) -> Result<int> {
            ran = true;
            return 0;
        },
        [&](Result<int>) { ran = true; });
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), ErrorCode::unavailable);
    gate.open();
    EXPECT_TRUE(outcomes.take(2).second);
    EXPECT_TRUE(database->writer().commit<int>([](Transaction&) -> Result<int> { return 0; }));
    EXPECT_FALSE(ran);
}

TEST(CommitQueue, DrainsWhatWaitsBeforeTheDatabaseCloses) {
    const TemporaryFolder folder;
    auto database = opened(folder.url(), {.batch_max = 8});
    Outcomes outcomes;
    {
        Gate gate(database->writer());
        for (int i = 0; i < 100; ++i) {
            outcomes.submit(database->writer(),
                            [i](Transaction& transaction) { return keep_number(transaction, i); });
        }
        gate.open();
        database.reset();
    }
    EXPECT_TRUE(outcomes.take(99).second);
    EXPECT_EQ(numbers(*opened(folder.url())).size(), 100U);
}

TEST(CommitQueue, TakesWorkFromManyThreads) {
    const TemporaryFolder folder;
    const auto database = opened(folder.url());
    constexpr int kThreads = 4;
    constexpr int kEach = 100;
    std::vector<std::thread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
        threads.emplace_back([&database, thread] {
            for (int i = 0; i < kEach; ++i) {
                const Result<std::int64_t> told = database->writer().commit<std::int64_t>(
                    [=](Transaction& transaction) -> Result<std::int64_t> {
                        const auto done = insert(transaction, thread * kEach + i);
                        if (i % 3 == 0) return Error(ErrorCode::declined);
                        return done;
                    });
                EXPECT_EQ(told.has_value(), i % 3 != 0);
            }
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    EXPECT_EQ(numbers(*database).size(), 4U * 66U);
}

/// Writes down what it is told.
class Diary final : public Participant {
  public:
    void begin_body() override { told += 'b'; }
    void keep_body() override { told += 'k'; }
    void undo_body() override { told += 'u'; }
    void before_commit(Transaction& transaction) override {
        told += 'w';
        EXPECT_TRUE(insert(transaction, next_++));
    }
    void after_commit() noexcept override { told += 'c'; }

    std::string told;

  private:
    std::int64_t next_ = 100;
};

TEST(CommitQueue, TellsParticipantsAboutBodiesAndCommits) {
    const TemporaryFolder folder;
    Diary diary;
    auto database = opened(folder.url());
    database->writer().add(diary);
    const auto fail = [](Transaction&) -> Result<void> { return Error(ErrorCode::declined); };
    const auto keep = [](Transaction&) -> Result<void> { return {}; };
    Outcomes outcomes;
    outcomes.submit(database->writer(), fail);
    EXPECT_FALSE(outcomes.take(0).second);
    EXPECT_EQ(diary.told, "bu") << "nothing to commit";
    diary.told.clear();

    Gate gate(database->writer());  // keeps a body, and so commits once by itself
    outcomes.submit(database->writer(), keep);
    gate.open();
    EXPECT_TRUE(outcomes.take(1).second);
    database.reset();
    EXPECT_EQ(diary.told.substr(0, 4), "bkwc");
}

TEST(CommitQueue, WritesOfParticipantsAreDurableWithTheBatch) {
    const TemporaryFolder folder;
    Diary diary;
    const auto database = opened(folder.url());
    database->writer().add(diary);
    EXPECT_TRUE(database->writer().commit<std::int64_t>(
        [](Transaction& transaction) { return insert(transaction, 1); }));
    EXPECT_EQ(numbers(*database), (std::vector<std::int64_t>{1, 100}));
}

}  // namespace
}  // namespace causeway::ledger
