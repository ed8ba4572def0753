// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/copy.h"

#include "ledger/store/commit_queue.h"
#include "tests/support/engines.h"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace causeway::ledger {
namespace {

constexpr std::array kSchema{
    Migration{.version = 1,
              .sql = "CREATE TABLE notes (day BIGINT NOT NULL, place TEXT NOT NULL,"
                     " mark BYTES NOT NULL, body TEXT, data BYTES, amount BIGINT,"
                     " PRIMARY KEY (day, place, mark)) /*clustered*/;"}};

std::unique_ptr<Database> opened(const std::string& url) {
    auto database = Database::open(url, kSchema);
    if (!database) throw std::runtime_error(database.error().detail());
    return std::move(*database);
}

Result<int> write(Database& database, const std::function<Result<void>(Transaction&)>& body) {
    return database.writer().commit<int>([&](Transaction& t) -> Result<int> {
        const Result<void> done = body(t);
        return done ? Result<int>(0) : Result<int>(done.error());
    });
}

// Every row as text, in an order that both engines share.
std::vector<std::string> rows_of(Database& database) {
    std::vector<std::string> all;
    const auto shown = [](const Row& row, int column) {
        if (row.is_null(column)) return std::string("NULL");
        return "'" + std::string(row.text(column)) + "'";
    };
    EXPECT_TRUE(database.read([&](Transaction& snapshot) {
        return snapshot.query(
            "SELECT day, place, mark, body, data, amount FROM notes ORDER BY day, place, mark",
            {},
            [&](const Row& row) {
                std::string text = std::to_string(row.integer(0)) + shown(row, 1);
                for (const std::uint8_t byte : row.bytes(2))
                    text += std::to_string(byte) + ".";
                text += shown(row, 3) + std::to_string(row.bytes(4).size()) +
                        (row.is_null(4) ? "-" : "+");
                text += row.is_null(5) ? "NULL" : std::to_string(row.integer(5));
                all.push_back(text);
            });
    }));
    return all;
}

/// From SQLite to the engine in turn, and from there to SQLite.
class CopyTest : public test::OnEachEngine {
  private:
    test::TemporaryFolder folder_;

  protected:
    std::unique_ptr<Database> source_ = opened(folder_.url("source.db"));
    std::unique_ptr<Database> target_ = opened(url());

    static std::int64_t copy(Database& from, Database& to) {
        std::int64_t copied = -1;
        EXPECT_TRUE(from.read([&](Transaction& snapshot) -> Result<void> {
            const Result<std::int64_t> done =
                copy_table(snapshot, tables_of(kSchema).front(), [&](const Rows& rows) {
                    const auto written =
                        write(to, [&](Transaction& t) { return t.insert_rows(rows); });
                    return written ? Result<void>() : Result<void>(written.error());
                });
            if (!done) return done.error();
            copied = *done;
            return {};
        }));
        return copied;
    }
    Result<void> insert(Transaction& t, std::int64_t day, std::string_view place, Value mark) {
        const std::string body(static_cast<std::size_t>(day + 300) % 7, 'x');
        return t.defer(
            "INSERT INTO notes (day, place, mark, body, data, amount)"
            " VALUES ($1, $2, $3, $4, $5, $6)",
            {day,
             place,
             mark,
             day % 3 == 0 ? Value(nullptr) : Value(body),
             day % 5 == 0 ? Value(nullptr) : Value(std::span<const std::uint8_t>()),
             day % 4 == 0 ? Value(nullptr) : Value(INT64_MIN + day)});
    }
};

CAUSEWAY_ON_EACH_ENGINE(CopyTest);

// Several pages, keys that differ in their last column only, texts that engines might sort
// otherwise, every kind of value and of nothing.
TEST_P(CopyTest, TakesEveryRowAsItIs) {
    constexpr std::array<std::uint8_t, 2> kMark{0, 255};
    ASSERT_TRUE(write(*source_, [&](Transaction& t) -> Result<void> {
        for (std::int64_t day = -300; day < 300; ++day) {
            for (const std::string_view place : {"", "Z", "a", "K\xC3\xB6ln"}) {
                for (std::size_t size = 0; size <= kMark.size(); ++size) {
                    const Result<void> done =
                        insert(t, day, place, std::span<const std::uint8_t>(kMark).first(size));
                    if (!done) return done;
                }
            }
        }
        return {};
    }));
    EXPECT_EQ(copy(*source_, *target_), 7200);
    EXPECT_EQ(rows_of(*target_), rows_of(*source_));

    const test::TemporaryFolder folder;
    const auto back = opened(folder.url());
    EXPECT_EQ(copy(*target_, *back), 7200);
    EXPECT_EQ(rows_of(*back), rows_of(*source_));
}

TEST_P(CopyTest, KeepsLargeRowsInSmallPages) {
    const std::string large(700'000, 'x');
    ASSERT_TRUE(write(*source_, [&](Transaction& t) -> Result<void> {
        for (std::int64_t day = 0; day < 80; ++day) {
            const Result<void> done =
                t.defer("INSERT INTO notes (day, place, mark, body) VALUES ($1, 'a', $2, $3)",
                        {day, std::span<const std::uint8_t>(), large});
            if (!done) return done;
        }
        return {};
    }));
    EXPECT_EQ(copy(*source_, *target_), 80);
    EXPECT_EQ(rows_of(*target_), rows_of(*source_));
}

TEST_P(CopyTest, CopiesNothingFromAnEmptyTable) {
    EXPECT_EQ(copy(*source_, *target_), 0);
    const Table table = tables_of(kSchema).front();
    const auto used = [&](Database& database) {
        bool found = false;
        EXPECT_TRUE(database.read([&](Transaction& snapshot) -> Result<void> {
            found = *has_rows(snapshot, table);
            return {};
        }));
        return found;
    };
    EXPECT_FALSE(used(*target_));
    ASSERT_TRUE(write(*target_, [&](Transaction& t) {
        return insert(t, 1, "a", std::span<const std::uint8_t>());
    }));
    EXPECT_TRUE(used(*target_));
}

TEST_P(CopyTest, EndsWithTheErrorOfTheSink) {
    ASSERT_TRUE(write(*source_, [&](Transaction& t) {
        return insert(t, 1, "a", std::span<const std::uint8_t>());
    }));
    ASSERT_TRUE(source_->read([](Transaction& snapshot) -> Result<void> {
        const Result<std::int64_t> done =
            copy_table(snapshot, tables_of(kSchema).front(), [](const Rows&) -> Result<void> {
                return Error(ErrorCode::expired, "enough");
            });
        EXPECT_EQ(done.error().code(), ErrorCode::expired);
        return {};
    }));
}

}  // namespace
}  // namespace causeway::ledger
