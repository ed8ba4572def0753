// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/commit_queue.h"

#include "ledger/store/database.h"
#include "tests/support/engines.h"

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

class CommitQueueTest : public test::OnEachEngine {};
CAUSEWAY_ON_EACH_ENGINE(CommitQueueTest);

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

Result<std::int64_t> keep_one(Database& database, std::int64_t number) {
    return database.writer().commit<std::int64_t>(
        [=](Transaction& transaction) { return insert(transaction, number); });
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

TEST_P(CommitQueueTest, TellsAResultOnlyWhenAnotherConnectionSeesIt) {
    const auto database = opened(url());
    std::promise<std::vector<std::int64_t>> seen;
    ASSERT_TRUE(database->writer().submit<std::int64_t>(
        [](Transaction& transaction) { return insert(transaction, 1); },
        [&](Result<std::int64_t>) { seen.set_value(numbers(*database)); }));
    EXPECT_EQ(seen.get_future().get(), std::vector<std::int64_t>{1});
}

TEST_P(CommitQueueTest, RunsBodiesAndCompletionsInTheOrderOfSubmission) {
    const auto database = opened(url(), {.batch_max = 7});
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

TEST_P(CommitQueueTest, SharesOneCommitAmongThoseWhoWait) {
    const auto database = opened(url());
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
TEST_P(CommitQueueTest, UndoesAFailedBodyAndSparesItsNeighbours) {
    const auto database = opened(url());
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

TEST_P(CommitQueueTest, CommitsNothingWhenEveryBodyFails) {
    const auto database = opened(url());
    const Result<int> told =
        database->writer().commit<int>([](Transaction& transaction) -> Result<int> {
            EXPECT_TRUE(insert(transaction, 1));
            return Error(ErrorCode::limit_exceeded);
        });
    EXPECT_EQ(told.error().code(), ErrorCode::limit_exceeded);
    EXPECT_EQ(database->writer().statistics().commits, 0U);
    EXPECT_TRUE(numbers(*database).empty());
}

TEST_P(CommitQueueTest, AConstraintIsAConflictThatTheBodyMaySurvive) {
    const auto database = opened(url());
    const Result<ErrorCode> told =
        database->writer().commit<ErrorCode>([](Transaction& transaction) -> Result<ErrorCode> {
            EXPECT_TRUE(transaction.writes());
            const auto first = insert(transaction, 1);
            if (!first) return first.error();
            const Result<std::int64_t> again =
                transaction.execute("INSERT INTO numbers (number) VALUES ($1), ($2)", {2, 1});
            // On a shared engine the first run is doomed from here on.
            const auto third = insert(transaction, 3);
            if (!third) return third.error();
            return again ? ErrorCode::integrity : again.error().code();
        });
    ASSERT_TRUE(told);
    EXPECT_EQ(*told, ErrorCode::conflict);
    EXPECT_EQ(numbers(*database), (std::vector<std::int64_t>{1, 3}));
}

TEST_P(CommitQueueTest, SaysHowManyRowsAStatementChanged) {
    const auto database = opened(url());
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

TEST_P(CommitQueueTest, AnswersUnavailableWhenItIsFullAndTheBodyNeverRuns) {
    const auto database = opened(url(), {.queue_max = 3});
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

TEST_P(CommitQueueTest, DrainsWhatWaitsBeforeTheDatabaseCloses) {
    auto database = opened(url(), {.batch_max = 8});
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
    EXPECT_EQ(numbers(*opened(url())).size(), 100U);
}

TEST_P(CommitQueueTest, TakesWorkFromManyThreads) {
    const auto database = opened(url());
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
    void begin_batch(Transaction& transaction, std::span<const Hint* const> hints) override {
        told += 'B';
        for (const Hint* const hint : hints)
            told += dynamic_cast<const Letter&>(*hint).letter;
        if (!writes_early_) return;
        EXPECT_TRUE(insert(transaction, next_++));
    }
    void begin_body() override { told += 'b'; }
    void keep_body() override { told += 'k'; }
    void undo_body() override { told += 'u'; }
    void before_commit(Transaction& transaction) override {
        told += 'w';
        EXPECT_TRUE(insert(transaction, next_++));
    }
    void after_commit() noexcept override {
        told += 'c';
        durable_next_ = next_;
    }
    void undo_batch() override {
        told += 'U';
        next_ = durable_next_;
    }
    [[nodiscard]] bool wants_close() const override { return last_ != 0; }
    void before_close(Transaction& transaction) override {
        told += 'l';
        EXPECT_TRUE(insert(transaction, last_));
    }

    struct Letter final : Hint {
        explicit Letter(char said) : letter(said) {}
        char letter;
    };

    explicit Diary(std::int64_t last = 0, bool writes_early = false)
        : last_(last), writes_early_(writes_early) {}

    std::string told;

  private:
    std::int64_t next_ = 100;
    std::int64_t durable_next_ = 100;
    std::int64_t last_;
    bool writes_early_;
};

TEST_P(CommitQueueTest, TellsParticipantsAboutBodiesAndCommits) {
    Diary diary;
    auto database = opened(url());
    database->writer().add(diary);
    const auto fail = [](Transaction&) -> Result<void> { return Error(ErrorCode::declined); };
    const auto keep = [](Transaction&) -> Result<void> { return {}; };
    Outcomes outcomes;
    outcomes.submit(database->writer(), fail);
    EXPECT_FALSE(outcomes.take(0).second);
    EXPECT_EQ(diary.told, "BbuU") << "nothing to commit";
    diary.told.clear();

    Gate gate(database->writer());  // keeps a body, and so commits once by itself
    outcomes.submit(database->writer(), keep);
    gate.open();
    EXPECT_TRUE(outcomes.take(1).second);
    database.reset();
    EXPECT_EQ(diary.told, "BbkwcBbkwc");
}

TEST_P(CommitQueueTest, HandsTheHintsOfABatchToItsParticipants) {
    Diary diary;
    auto database = opened(url());
    database->writer().add(diary);
    const auto nothing = [](Transaction&) -> Result<int> { return 0; };
    {
        Gate gate(database->writer());
        for (const char letter : {'x', '-', 'y'}) {
            const auto hint = letter == '-' ? nullptr : std::make_shared<Diary::Letter>(letter);
            ASSERT_TRUE(database->writer().submit<int>(
                nothing, [](Result<int>) {}, hint));
        }
        gate.open();
        EXPECT_TRUE(database->writer().commit<int>(nothing, std::make_shared<Diary::Letter>('z')));
    }
    database.reset();
    EXPECT_EQ(diary.told.substr(0, 8), "BbkwcBxy");
    EXPECT_NE(diary.told.find('z'), std::string::npos);
}

TEST_P(CommitQueueTest, LetsParticipantsWriteWhenAllIsDone) {
    Diary diary(7);
    auto database = opened(url());
    database->writer().add(diary);
    EXPECT_TRUE(keep_one(*database, 1));
    database.reset();
    EXPECT_EQ(diary.told, "BbkwcBlwc");
    EXPECT_EQ(numbers(*opened(url())), (std::vector<std::int64_t>{1, 7, 100, 101}));
}

TEST_P(CommitQueueTest, KeepsWhatWasWrittenBeforeTheFirstBodyWhenThatFails) {
    Diary diary(0, true);
    const auto database = opened(url());
    database->writer().add(diary);
    Gate gate(database->writer());  // has written 100, and 101 when it commits
    Outcomes outcomes;
    outcomes.submit(database->writer(), [](Transaction& transaction) -> Result<void> {
        EXPECT_TRUE(insert(transaction, 1));
        return Error(ErrorCode::declined);
    });
    outcomes.submit(database->writer(),
                    [](Transaction& transaction) { return keep_number(transaction, 2); });
    gate.open();
    EXPECT_TRUE(outcomes.take(1).second);
    EXPECT_EQ(numbers(*database), (std::vector<std::int64_t>{2, 100, 101, 102, 103}));
}

TEST_P(CommitQueueTest, CountsBatchesByTheirSize) {
    const auto database = opened(url());
    Gate gate(database->writer());
    Outcomes outcomes;
    for (int i = 0; i < 5; ++i)
        outcomes.submit(database->writer(), [](Transaction&) -> Result<void> { return {}; });
    gate.open();
    EXPECT_TRUE(outcomes.take(4).second);
    const CommitStatistics statistics = database->writer().statistics();
    EXPECT_EQ(statistics.batch_sizes[0], 1U) << "the gate";
    EXPECT_EQ(statistics.batch_sizes[2], 1U) << "4 to 7";
    EXPECT_EQ(statistics.retries, 0U);
}

TEST_P(CommitQueueTest, WritesOfParticipantsAreDurableWithTheBatch) {
    Diary diary;
    const auto database = opened(url());
    database->writer().add(diary);
    EXPECT_TRUE(database->writer().commit<std::int64_t>(
        [](Transaction& transaction) { return insert(transaction, 1); }));
    EXPECT_EQ(numbers(*database), (std::vector<std::int64_t>{1, 100}));
}

}  // namespace
}  // namespace causeway::ledger
