// SPDX-License-Identifier: Apache-2.0
//
// Many rows at once, and statements that wait for no answer.
#include "ledger/store/commit_queue.h"
#include "ledger/store/database.h"
#include "tests/support/engines.h"

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <future>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace causeway::ledger {
namespace {

constexpr std::array kNotes{
    Migration{.version = 1,
              .sql = "CREATE TABLE notes (number BIGINT NOT NULL PRIMARY KEY, body TEXT, "
                     "data BYTES)"}};
constexpr std::array kColumns{Column{"number", ColumnType::number},
                              Column{"body", ColumnType::text},
                              Column{"data", ColumnType::bytes}};
constexpr std::array<std::uint8_t, 3> kData{0, 255, 7};

class RowsTest : public test::OnEachEngine {
  protected:
    RowsTest() {
        auto opened = Database::open(url(), kNotes);
        if (!opened) throw std::runtime_error(opened.error().detail());
        database_ = std::move(*opened);
    }

    Result<int> commit(const std::function<Result<void>(Transaction&)>& body) {
        return database_->writer().commit<int>([&](Transaction& t) -> Result<int> {
            const Result<void> done = body(t);
            return done ? Result<int>(0) : Result<int>(done.error());
        });
    }

    // "number:body:bytes" of every row.
    std::string notes() {
        std::string all;
        const auto each = [&](const Row& row) {
            all += std::to_string(row.integer(0)) + ":";
            all += row.maybe_text(1).value_or("-") + ":";
            all += (row.is_null(2) ? "-" : std::to_string(row.bytes(2).size())) + " ";
        };
        EXPECT_TRUE(database_->read([&](Transaction& snapshot) {
            return snapshot.query("SELECT number, body, data FROM notes ORDER BY number", {}, each);
        }));
        return all;
    }

    std::unique_ptr<Database> database_;
};

CAUSEWAY_ON_EACH_ENGINE(RowsTest);

// Rows numbered from `first`, each with the text `body`.
Result<void> insert(Transaction& transaction,
                    std::int64_t first,
                    std::int64_t count,
                    std::string_view body = "x",
                    std::string_view tail = {}) {
    std::vector<Value> values;
    for (std::int64_t i = 0; i < count; ++i) {
        values.emplace_back(first + i);
        values.emplace_back(body);
        values.emplace_back(nullptr);
    }
    return transaction.insert_rows(
        {.table = "notes", .columns = kColumns, .tail = tail, .values = values});
}

TEST_P(RowsTest, WritesEveryKindOfValue) {
    ASSERT_TRUE(commit([](Transaction& t) {
        const std::array<Value, 9> values{1,
                                          "K\xC3\xB6ln",
                                          std::span<const std::uint8_t>(kData),
                                          INT64_MIN,
                                          nullptr,
                                          nullptr,
                                          3,
                                          "",
                                          std::span<const std::uint8_t>()};
        return t.insert_rows({.table = "notes", .columns = kColumns, .tail = {}, .values = values});
    }));
    EXPECT_EQ(notes(), "-9223372036854775808:-:- 1:K\xC3\xB6ln:3 3::0 ");
}

TEST_P(RowsTest, WritesNothingOfNoRows) {
    ASSERT_TRUE(commit([](Transaction& t) { return insert(t, 1, 0); }));
    EXPECT_EQ(notes(), "");
}

TEST_P(RowsTest, MindsTheTail) {
    const auto write = [](Transaction& t, std::string_view body) {
        return insert(t, 1, 2, body, "ON CONFLICT (number) DO UPDATE SET body = excluded.body");
    };
    ASSERT_TRUE(commit([&](Transaction& t) { return write(t, "old"); }));
    ASSERT_TRUE(commit([&](Transaction& t) { return write(t, "new"); }));
    EXPECT_EQ(notes(), "1:new:- 2:new:- ");
}

TEST_P(RowsTest, AKeyThatIsThereIsAConflictAndTheBodyLeavesNothing) {
    ASSERT_TRUE(commit([](Transaction& t) { return insert(t, 5, 1); }));
    const Result<int> told = commit([](Transaction& t) { return insert(t, 3, 4); });
    ASSERT_FALSE(told);
    EXPECT_EQ(told.error().code(), ErrorCode::conflict);
    EXPECT_EQ(notes(), "5:x:- ");
}

TEST_P(RowsTest, RefusesATextThatEnginesDoNotStoreAlike) {
    const Result<int> told = commit([](Transaction& t) { return insert(t, 1, 1, "a\xFF"); });
    ASSERT_FALSE(told);
    EXPECT_EQ(told.error().code(), ErrorCode::invalid_argument);
    EXPECT_EQ(notes(), "");
}

TEST_P(RowsTest, ADeferredStatementIsSeenByTheNext) {
    ASSERT_TRUE(commit([](Transaction& t) -> Result<void> {
        EXPECT_TRUE(t.defer("INSERT INTO notes (number) VALUES ($1)", {1}));
        EXPECT_TRUE(insert(t, 2, 2));
        std::int64_t seen = 0;
        const auto each = [&](const Row& row) { seen = row.integer(0); };
        EXPECT_TRUE(t.query("SELECT count(*) FROM notes", {}, each));
        EXPECT_EQ(seen, 3);
        return {};
    }));
    EXPECT_EQ(notes(), "1:-:- 2:x:- 3:x:- ");
}

TEST_P(RowsTest, ADeferredStatementThatFailsFailsItsBody) {
    const Result<int> told = commit([](Transaction& t) -> Result<void> {
        const Result<void> first = t.defer("INSERT INTO notes (number) VALUES ($1)", {1});
        if (!first) return first;
        return t.defer("INSERT INTO notes (number) VALUES ($1)", {1});
    });
    ASSERT_FALSE(told);
    EXPECT_EQ(told.error().code(), ErrorCode::conflict);
    EXPECT_EQ(notes(), "");
}

// The neighbour's rows are taken back with the batch and have to come again, whole.
TEST_P(RowsTest, SurvivesAFailedNeighbour) {
    std::promise<void> inside;
    std::promise<void> open;
    ASSERT_TRUE(database_->writer().submit<int>(
        [&](Transaction&) -> Result<int> {
            inside.set_value();
            open.get_future().wait();
            return 0;
        },
        [](Result<int>) {}));
    inside.get_future().wait();
    const auto submit = [&](std::int64_t first, bool fails) {
        EXPECT_TRUE(database_->writer().submit<int>(
            [first, fails](Transaction& t) -> Result<int> {
                EXPECT_TRUE(insert(t, first, 2, "n" + std::to_string(first)));
                if (fails) return Error(ErrorCode::declined);
                return 0;
            },
            [](Result<int>) {}));
    };
    submit(1, false);
    submit(3, true);
    submit(5, false);
    open.set_value();
    ASSERT_TRUE(commit([](Transaction&) -> Result<void> { return {}; }));
    EXPECT_EQ(notes(), "1:n1:- 2:n1:- 5:n5:- 6:n5:- ");
}

TEST_P(RowsTest, OnlyTheBodyAtFaultHearsOfADeferredConflict) {
    std::promise<void> inside;
    std::promise<void> open;
    ASSERT_TRUE(database_->writer().submit<int>(
        [&](Transaction&) -> Result<int> {
            inside.set_value();
            open.get_future().wait();
            return 0;
        },
        [](Result<int>) {}));
    inside.get_future().wait();
    std::vector<std::future<Result<int>>> told;
    for (const std::int64_t number : {1, 1, 2, 1, 3}) {
        const auto promise = std::make_shared<std::promise<Result<int>>>();
        told.push_back(promise->get_future());
        ASSERT_TRUE(database_->writer().submit<int>(
            [number](Transaction& t) -> Result<int> {
                const Result<void> done =
                    t.defer("INSERT INTO notes (number) VALUES ($1)", {number});
                return done ? Result<int>(0) : Result<int>(done.error());
            },
            [promise](Result<int> result) { promise->set_value(std::move(result)); }));
    }
    open.set_value();
    std::string outcome;
    for (auto& answer : told) {
        const Result<int> result = answer.get();
        outcome += result ? "+" : result.error().code() == ErrorCode::conflict ? "c" : "?";
    }
    EXPECT_EQ(outcome, "+c+c+");
    EXPECT_EQ(notes(), "1:-:- 2:-:- 3:-:- ");
}

TEST_P(RowsTest, ASnapshotRefusesThem) {
    EXPECT_THROW(
        (void)database_->read([](Transaction& snapshot) { return insert(snapshot, 1, 1); }),
        std::logic_error);
    EXPECT_THROW((void)database_->read([](Transaction& snapshot) {
        return snapshot.defer("INSERT INTO notes (number) VALUES (1)", {});
    }),
                 std::logic_error);
}

// Whole batches of accounts are locked so; SQLite has no need of it.
TEST_P(RowsTest, TakesAnArrayWhereTheEngineKnowsThem) {
    constexpr std::array<std::int64_t, 3> kNumbers{1, 3, 9};
    const std::array<Uuid, 2> ids{Uuid{{1}}, Uuid{{2}}};
    ASSERT_TRUE(commit([&](Transaction& t) -> Result<void> {
        const Result<void> done = insert(t, 1, 3);
        if (!done) return done;
        return t.defer("UPDATE notes SET data = $1 WHERE number = 2", {ids[1]});
    }));
    const auto ask = [&](std::string_view sql, const Value& value) {
        std::string found;
        const auto each = [&](const Row& row) { found += std::to_string(row.integer(0)) + " "; };
        EXPECT_TRUE(database_->read(
            [&](Transaction& snapshot) { return snapshot.query(sql, {value}, each); }));
        return found;
    };
    const auto numbers = [&] {
        return ask("SELECT number FROM notes WHERE number = ANY($1) ORDER BY number",
                   std::span<const std::int64_t>(kNumbers));
    };
    const auto with_ids = [&](std::span<const Uuid> wanted) {
        return ask("SELECT number FROM notes WHERE data = ANY($1)", wanted);
    };
    if (on_postgres()) {
        EXPECT_EQ(numbers(), "1 3 ");
        EXPECT_EQ(with_ids(ids), "2 ");
        EXPECT_EQ(with_ids({}), "");
    } else {
        const auto ask_sqlite = [&](const Value& value) {
            return database_->read([&](Transaction& snapshot) {
                return snapshot.query("SELECT $1", {value}, [](const Row&) {});
            });
        };
        EXPECT_THROW((void)ask_sqlite(std::span<const std::int64_t>(kNumbers)), std::logic_error);
        EXPECT_THROW((void)ask_sqlite(std::span<const Uuid>(ids)), std::logic_error);
    }
}

TEST_P(RowsTest, WantsWholeRows) {
    const std::array<Value, 2> two{1, "x"};
    const auto broken = [&](Transaction& snapshot) {
        return snapshot.insert_rows(
            {.table = "notes", .columns = kColumns, .tail = {}, .values = two});
    };
    EXPECT_THROW((void)database_->read(broken), std::logic_error);
}

}  // namespace
}  // namespace causeway::ledger
