// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/database.h"

#include "ledger/store/commit_queue.h"
#include "tests/support/case_name.h"
#include "tests/support/engines.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <stdexcept>
#include <string>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace causeway::ledger {
namespace {

using test::TemporaryFolder;

class DatabaseTest : public test::OnEachEngine {};
CAUSEWAY_ON_EACH_ENGINE(DatabaseTest);

constexpr Migration kNotes{.version = 1,
                           .sql =
                               "CREATE TABLE notes (note_id BYTES NOT NULL PRIMARY KEY, "
                               "body TEXT, number BIGINT) /*clustered*/"};
constexpr Migration kTags{.version = 2, .sql = "CREATE TABLE tags (tag TEXT NOT NULL PRIMARY KEY)"};
constexpr std::array kBoth{kNotes, kTags};
constexpr std::span<const Migration> kFirst(kBoth.data(), 1);

std::unique_ptr<Database> opened(const std::string& url,
                                 std::span<const Migration> migrations = kBoth) {
    Result<std::unique_ptr<Database>> database = Database::open(url, migrations);
    if (!database) throw std::runtime_error(database.error().detail());
    return std::move(*database);
}

Result<std::int64_t> write(Database& database,
                           const std::string& sql,
                           std::initializer_list<Value> values = {}) {
    return database.writer().commit<std::int64_t>(
        [&](Transaction& transaction) { return transaction.execute(sql, values); });
}

// The one number that `sql` selects.
std::int64_t number(Database& database, const std::string& sql) {
    std::int64_t found = -1;
    const Result<void> read = database.read([&](Transaction& snapshot) {
        return snapshot.query(sql, {}, [&](const Row& row) { found = row.integer(0); });
    });
    EXPECT_TRUE(read) << read.error().detail();
    return found;
}

TEST_P(DatabaseTest, KeepsWhatWasWrittenAcrossOpens) {
    ASSERT_TRUE(write(*opened(url()), "INSERT INTO tags (tag) VALUES ($1)", {"red"}));
    EXPECT_EQ(number(*opened(url()), "SELECT count(*) FROM tags WHERE tag = 'red'"), 1);
}

TEST_P(DatabaseTest, RunsOnlyTheMigrationsThatAreMissing) {
    ASSERT_TRUE(write(*opened(url(), kFirst), "INSERT INTO notes (note_id) VALUES ('a')"));
    const auto database = opened(url());
    EXPECT_EQ(number(*database, "SELECT count(*) FROM notes"), 1);
    EXPECT_EQ(number(*database, "SELECT count(*) FROM tags"), 0);
}

// An old program would read new rows wrongly, and the next one would find both kinds.
TEST_P(DatabaseTest, RefusesAFileOfANewerProgram) {
    opened(url());
    const auto database = Database::open(url(), kFirst);
    ASSERT_FALSE(database);
    EXPECT_EQ(database.error().code(), ErrorCode::integrity);
    EXPECT_NE(database.error().detail().find("newer"), std::string::npos);
}

TEST_P(DatabaseTest, LeavesNothingOfAMigrationThatFails) {
    const std::array broken{kNotes,
                            Migration{.version = 2, .sql = "CREATE TABLE tags (tag TEXT); oops"}};
    const auto database = Database::open(url(), broken);
    ASSERT_FALSE(database);
    EXPECT_EQ(database.error().code(), ErrorCode::storage);
    EXPECT_EQ(number(*opened(url()), "SELECT count(*) FROM tags"), 0);
}

// As a step would that moves rows from an old table into a new one.
Result<void> copy_tags(Transaction& transaction) {
    std::vector<std::string> tags;
    const auto each = [&](const Row& row) { tags.emplace_back(row.text(0)); };
    Result<void> done = transaction.query("SELECT tag FROM tags ORDER BY tag", {}, each);
    if (!done) return done;
    std::vector<Value> values;
    for (std::size_t i = 0; i < tags.size(); ++i) {
        values.emplace_back(static_cast<std::int64_t>(i + 1));
        values.emplace_back(tags[i]);
    }
    constexpr std::array kColumns{Column{"number", ColumnType::number},
                                  Column{"tag", ColumnType::text}};
    done = transaction.insert_rows(
        {.table = "numbered", .columns = kColumns, .tail = {}, .values = values});
    if (!done) return done;
    return transaction.defer("DELETE FROM tags WHERE tag = $1", {"red"});
}

Result<void> refuse(Transaction& transaction) {
    const Result<std::int64_t> done = transaction.execute("DELETE FROM tags", {});
    if (!done) return done.error();
    return Error(ErrorCode::integrity, "row 7 is broken");
}

constexpr std::string_view kNumbered =
    "CREATE TABLE numbered (number ROWKEY, tag TEXT NOT NULL UNIQUE)";

TEST_P(DatabaseTest, RunsTheUpgradeOfAMigrationInItsTransaction) {
    ASSERT_TRUE(write(*opened(url()), "INSERT INTO tags (tag) VALUES ('red'), ('blue')"));
    const std::array upgraded{
        kNotes, kTags, Migration{.version = 3, .sql = kNumbered, .upgrade = copy_tags}};
    const auto database = opened(url(), upgraded);
    EXPECT_EQ(number(*database, "SELECT number FROM numbered WHERE tag = 'red'"), 2);
    EXPECT_EQ(number(*database, "SELECT count(*) FROM tags"), 1);
}

TEST_P(DatabaseTest, LeavesNothingOfAnUpgradeThatFails) {
    ASSERT_TRUE(write(*opened(url()), "INSERT INTO tags (tag) VALUES ('red')"));
    const std::array upgraded{
        kNotes, kTags, Migration{.version = 3, .sql = kNumbered, .upgrade = refuse}};
    const auto database = Database::open(url(), upgraded);
    ASSERT_FALSE(database);
    EXPECT_EQ(database.error().code(), ErrorCode::integrity);
    EXPECT_NE(database.error().detail().find("row 7 is broken"), std::string::npos);
    EXPECT_EQ(number(*opened(url()), "SELECT count(*) FROM tags"), 1);
}

// Pages of a list and the order of locks follow the texts: byte by byte on both engines.
TEST_P(DatabaseTest, SortsTextsByTheirBytes) {
    const auto database = opened(url());
    ASSERT_TRUE(write(*database, "INSERT INTO tags (tag) VALUES ('a'), ('B'), ('_'), ('\u00e9')"));
    std::string sorted;
    ASSERT_TRUE(database->read([&](Transaction& snapshot) {
        return snapshot.query("SELECT tag FROM tags WHERE tag > 'A' ORDER BY tag",
                              {},
                              [&](const Row& row) { sorted += row.text(0); });
    }));
    EXPECT_EQ(sorted, "B_a\u00e9");
}

TEST_P(DatabaseTest, AddsUpTo64Bits) {
    const auto database = opened(url());
    ASSERT_TRUE(write(*database,
                      "INSERT INTO notes (note_id, number) VALUES ('a', $1), ('b', 100000), "
                      "('c', -10000), ('d', -7)",
                      {INT64_MAX - 100'000}));
    const auto sum = [&](const std::string& where) {
        return number(*database, "SELECT sum(number) FROM notes WHERE " + where);
    };
    EXPECT_EQ(sum("note_id IN ('a', 'b')"), INT64_MAX);
    EXPECT_EQ(sum("note_id IN ('b', 'c', 'd')"), 89'993);
    EXPECT_EQ(sum("note_id IN ('c', 'd')"), -10'007);
    EXPECT_EQ(sum("note_id = 'c'"), -10'000);
    EXPECT_EQ(sum("note_id = 'z'"), 0) << "NULL";
}

// A command with a misspelt URL must not answer "all is well" about books it has just made.
TEST_P(DatabaseTest, SaysWhetherItIsThereAndMakesNothing) {
    for (int i = 0; i < 2; ++i) {
        const Result<bool> there = is_there(url());
        ASSERT_TRUE(there);
        EXPECT_FALSE(*there);
    }
    opened(url());
    EXPECT_TRUE(*is_there(url()));
}

TEST_P(DatabaseTest, WantsMigrationsWithoutAGap) {
    const std::array gap{kNotes, Migration{.version = 3, .sql = "SELECT 1"}};
    EXPECT_THROW((void)Database::open(url(), gap), std::logic_error);
}

TEST(Database, RefusesAFileThatIsNoDatabaseAndLeavesItAlone) {
    const TemporaryFolder folder;
    const std::string text(10'000, 'x');
    std::ofstream(folder.file("books.db")) << text;
    const auto database = Database::open(folder.url(), kBoth);
    ASSERT_FALSE(database);
    EXPECT_EQ(database.error().code(), ErrorCode::integrity);
    std::ifstream file(folder.file("books.db"));
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), text);
}

TEST(Database, RefusesADatabaseOfSomebodyElseAndLeavesItAlone) {
    const TemporaryFolder folder;
    opened(folder.url());
    {
        // The mark lives in the file's header: somebody else's has another one there.
        std::fstream file(folder.file("books.db"), std::ios::in | std::ios::out);
        file.seekp(68).write("XXXX", 4);
    }
    const auto database = Database::open(folder.url(), kBoth);
    ASSERT_FALSE(database);
    EXPECT_EQ(database.error().code(), ErrorCode::integrity);
}

TEST(Database, NamesTheFolderThatIsMissing) {
    const TemporaryFolder folder;
    const auto database = Database::open(folder.url("nowhere/books.db"), kBoth);
    ASSERT_FALSE(database);
    EXPECT_EQ(database.error().code(), ErrorCode::storage);
    EXPECT_NE(database.error().detail().find("nowhere/books.db"), std::string::npos);
}

struct UrlCase {
    const char* name;
    std::string_view url;
};

class DatabaseUrl : public testing::TestWithParam<UrlCase> {};

TEST_P(DatabaseUrl, IsRefused) {
    EXPECT_EQ(sqlite_path(GetParam().url).error().code(), ErrorCode::invalid_argument);
    EXPECT_EQ(Database::open(GetParam().url, kBoth).error().code(), ErrorCode::invalid_argument);
    EXPECT_FALSE(is_owned(GetParam().url));
    EXPECT_EQ(is_there(GetParam().url).error().code(), ErrorCode::invalid_argument);
}

INSTANTIATE_TEST_SUITE_P(Refused,
                         DatabaseUrl,
                         testing::Values(UrlCase{"Empty", ""},
                                         UrlCase{"NoPath", "sqlite:"},
                                         UrlCase{"OtherScheme", "mysql://localhost/books"},
                                         UrlCase{"NoPort", "postgresql://u:pa/ss@h/books"},
                                         UrlCase{"TwoAts", "postgresql://u:p@ss@h/books"},
                                         UrlCase{"BarePath", "/var/lib/books.db"},
                                         UrlCase{"InMemory", "sqlite::memory:"}),
                         test::case_name<UrlCase>);

// Two writers can damage the file: this is the rule that the engine's safety stands on.
TEST(Database, HasOneOwner) {
    const TemporaryFolder folder;
    EXPECT_FALSE(is_owned(folder.url()));
    auto database = opened(folder.url());
    EXPECT_TRUE(is_owned(folder.url()));
    EXPECT_EQ(Database::open(folder.url(), kBoth).error().code(), ErrorCode::conflict);
    database.reset();
    EXPECT_FALSE(is_owned(folder.url()));
    opened(folder.url());
}

TEST(Database, HasOneOwnerAmongProcesses) {
    const TemporaryFolder folder;
    const auto database = opened(folder.url());
    const pid_t child = ::fork();
    if (child == 0) {
        const auto second = Database::open(folder.url(), kBoth);
        ::_exit(!second && second.error().code() == ErrorCode::conflict ? 0 : 1);
    }
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
}

TEST(Database, KeepsItsFilesFromOtherUsers) {
    const TemporaryFolder folder;
    const auto database = opened(folder.url());
    ASSERT_TRUE(write(*database, "INSERT INTO tags (tag) VALUES ('x')"));
    for (const char* name : {"books.db", "books.db-wal", "books.db-shm", "books.db.lock"}) {
        struct stat found {};
        ASSERT_EQ(::stat(folder.file(name).c_str(), &found), 0) << name;
        EXPECT_EQ(found.st_mode & 0777U, 0600U) << name;
    }
}

TEST_P(DatabaseTest, HandsBackEveryKindOfValue) {
    const auto database = opened(url());
    const Uuid id{{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 255}};
    const std::optional<std::string> nothing;
    ASSERT_TRUE(write(*database,
                      "INSERT INTO notes (note_id, body, number) VALUES ($1, $2, $3)",
                      {id, "K\xC3\xB6ln \xF0\x9F\x92\xB6", INT64_MIN}));
    ASSERT_TRUE(write(*database,
                      "INSERT INTO notes (note_id, body, number) VALUES ($1, $2, $3)",
                      {std::span<const std::uint8_t>(), nothing, nullptr}));
    int rows = 0;
    const auto each = [&](const Row& row) {
        ++rows;
        if (rows == 1) {  // no bytes sort before all others, and are not NULL
            EXPECT_FALSE(row.is_null(0));
            EXPECT_TRUE(row.bytes(0).empty());
            EXPECT_EQ(row.uuid(0), Uuid());
            EXPECT_EQ(row.maybe_text(1), std::nullopt);
            EXPECT_EQ(row.maybe_integer(2), std::nullopt);
            EXPECT_EQ(row.maybe_moment(2), std::nullopt);
            EXPECT_EQ(row.maybe_uuid(1), std::nullopt);
            EXPECT_EQ(row.text(1), "");
            EXPECT_EQ(row.integer(2), 0);
        } else {
            EXPECT_EQ(row.uuid(0), id);
            EXPECT_EQ(row.maybe_uuid(0), id);
            EXPECT_EQ(row.maybe_text(1), "K\xC3\xB6ln \xF0\x9F\x92\xB6");
            EXPECT_EQ(row.maybe_integer(2), INT64_MIN);
            EXPECT_EQ(row.moment(2), from_microseconds(INT64_MIN));
        }
    };
    ASSERT_TRUE(database->read([&](Transaction& snapshot) {
        return snapshot.query("SELECT note_id, body, number FROM notes ORDER BY note_id", {}, each);
    }));
    EXPECT_EQ(rows, 2);
}

TEST_P(DatabaseTest, KeepsAnEmptyTextApartFromNull) {
    const auto database = opened(url());
    ASSERT_TRUE(write(*database,
                      "INSERT INTO notes (note_id, body) VALUES ($1, $2)",
                      {std::span<const std::uint8_t>(), std::string_view()}));
    EXPECT_EQ(number(*database, "SELECT count(*) FROM notes WHERE body = ''"), 1);
}

TEST_P(DatabaseTest, NumbersParametersByFirstUseAndAllowsThemTwice) {
    const auto database = opened(url());
    ASSERT_TRUE(write(*database,
                      "INSERT INTO notes (note_id, body, number) VALUES ($1, $2, $3 + $3)",
                      {std::span<const std::uint8_t>(), "b", 21}));
    EXPECT_EQ(number(*database, "SELECT number FROM notes WHERE body = 'b'"), 42);
}

struct TextCase {
    const char* name;
    std::string_view text;
};

class DatabaseText : public testing::TestWithParam<TextCase> {};

// A merchant's reference comes from outside: it may not stop the process, and SQLite may not hold
// a text that PostgreSQL would refuse when the books move there.
TEST_P(DatabaseText, IsRefused) {
    for (const test::Engine engine : test::engines()) {
        const test::Place place(engine);
        const auto database = opened(place.url());
        const auto written =
            write(*database, "INSERT INTO tags (tag) VALUES ($1)", {GetParam().text});
        ASSERT_FALSE(written);
        EXPECT_EQ(written.error().code(), ErrorCode::invalid_argument);
        EXPECT_EQ(number(*database, "SELECT count(*) FROM tags"), 0);
    }
}

INSTANTIATE_TEST_SUITE_P(Refused,
                         DatabaseText,
                         testing::Values(TextCase{"Nul", {"a\0b", 3}},
                                         TextCase{"NulFarIn", {"abcdefghij\0klmnop", 17}},
                                         TextCase{"BrokenFarIn", "abcdefghij\xFFklmnop"},
                                         TextCase{"LoneContinuation", "a\x80"},
                                         TextCase{"CutShort", "\xE2\x82"},
                                         TextCase{"Overlong", "\xC0\xAF"},
                                         TextCase{"OverlongOfThree", "\xE0\x80\xAF"},
                                         TextCase{"Surrogate", "\xED\xA0\x80"},
                                         TextCase{"AboveTheLast", "\xF4\x90\x80\x80"},
                                         TextCase{"BrokenThird", "\xE2\x82\x28"},
                                         TextCase{"NoLead", "\xFF"}),
                         test::case_name<TextCase>);

TEST_P(DatabaseTest, ReadsASnapshotThatDoesNotMove) {
    const auto database = opened(url());
    ASSERT_TRUE(write(*database, "INSERT INTO tags (tag) VALUES ('a')"));
    std::vector<std::int64_t> seen;
    const auto count = [&](Transaction& snapshot) {
        return snapshot.query("SELECT count(*) FROM tags", {}, [&](const Row& row) {
            seen.push_back(row.integer(0));
        });
    };
    ASSERT_TRUE(database->read([&](Transaction& snapshot) -> Result<void> {
        EXPECT_TRUE(count(snapshot));
        EXPECT_TRUE(write(*database, "INSERT INTO tags (tag) VALUES ('b')"));
        return count(snapshot);
    }));
    EXPECT_EQ(seen, (std::vector<std::int64_t>{1, 1}));
    EXPECT_EQ(number(*database, "SELECT count(*) FROM tags"), 2);
}

TEST_P(DatabaseTest, ReaderRefusesToWrite) {
    const auto database = opened(url());
    const auto reading = [&](const char* sql, bool as_query) {
        return database->read([&](Transaction& snapshot) -> Result<void> {
            EXPECT_FALSE(snapshot.writes());
            if (as_query) return snapshot.query(sql, {}, [](const Row&) {});
            const Result<std::int64_t> done = snapshot.execute(sql, {});
            return done ? Result<void>() : Result<void>(done.error());
        });
    };
    EXPECT_THROW((void)reading("INSERT INTO tags (tag) VALUES ('a')", false), std::logic_error);
    EXPECT_THROW((void)reading("INSERT INTO tags (tag) VALUES ('a') RETURNING tag", true),
                 std::logic_error);
    // The thrower's connection is as good as new.
    EXPECT_EQ(number(*database, "SELECT count(*) FROM tags"), 0);
}

TEST_P(DatabaseTest, ReaderPassesOnTheErrorOfItsBody) {
    const auto database = opened(url());
    const Result<void> read = database->read(
        [](Transaction&) -> Result<void> { return Error(ErrorCode::expired, "too late"); });
    EXPECT_EQ(read.error(), Error(ErrorCode::expired, "too late"));
}

TEST_P(DatabaseTest, LetsMoreThreadsReadThanItHasReaders) {
    auto made = Database::open(url(), kBoth, {.readers_max = 2});
    ASSERT_TRUE(made);
    Database& database = **made;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&database] {
            for (int round = 0; round < 50; ++round)
                EXPECT_EQ(number(database, "SELECT count(*) FROM tags"), 0);
        });
    }
    for (std::thread& thread : threads)
        thread.join();
}

TEST_P(DatabaseTest, QueryMayRunTheSameStatementInsideItself) {
    const auto database = opened(url());
    ASSERT_TRUE(write(*database, "INSERT INTO tags (tag) VALUES ('a'), ('b')"));
    for (int round = 0; round < 3; ++round) {  // new, known, and known by its address
        std::string seen;
        ASSERT_TRUE(database->read([&](Transaction& snapshot) {
            constexpr std::string_view kSql = "SELECT tag FROM tags ORDER BY tag";
            return snapshot.query(kSql, {}, [&](const Row& outer) {
                seen += outer.text(0);
                const auto each = [&](const Row& inner) { seen += inner.text(0); };
                EXPECT_TRUE(snapshot.query(kSql, {}, each));
            });
        }));
        EXPECT_EQ(seen, "aabbab");
    }
}

struct StatementCase {
    const char* name;
    std::string_view sql;
};

class DatabaseStatement : public testing::TestWithParam<StatementCase> {};

// Bugs of ours, not of a client: they must not pass for an error that somebody handles.
TEST_P(DatabaseStatement, IsABug) {
    for (const test::Engine engine : test::engines()) {
        const test::Place place(engine);
        const auto database = opened(place.url());
        EXPECT_THROW((void)database->read([](Transaction& snapshot) {
            return snapshot.query(GetParam().sql, {}, [](const Row&) {});
        }),
                     std::logic_error);
    }
}

INSTANTIATE_TEST_SUITE_P(
    Wrong,
    DatabaseStatement,
    testing::Values(StatementCase{"Nonsense", "SELECT nonsense"},
                    StatementCase{"Empty", ""},
                    StatementCase{"Begins", "BEGIN"},
                    StatementCase{"Commits", "COMMIT"},
                    StatementCase{"Pragma", "PRAGMA synchronous=OFF"},
                    StatementCase{"Schema", "CREATE TABLE more (one TEXT)"},
                    StatementCase{"Two", "SELECT 1; DELETE FROM tags"},
                    StatementCase{"QuestionMark", "SELECT * FROM tags WHERE tag = ?"},
                    StatementCase{"OutOfOrder", "SELECT * FROM tags WHERE tag = $2 OR tag = $1"},
                    StatementCase{"TooFewValues", "SELECT * FROM tags WHERE tag = $1"},
                    StatementCase{"TextInDoubleQuotes", "SELECT \"red\" FROM tags"}),
    test::case_name<StatementCase>);

}  // namespace
}  // namespace causeway::ledger
