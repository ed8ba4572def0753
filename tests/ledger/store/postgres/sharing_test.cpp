// SPDX-License-Identifier: Apache-2.0
//
// Several processes on one server: here two databases stand for two of them.
#include "tests/support/case_name.h"
#include "tests/support/counters.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <array>
#include <latch>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace causeway::ledger {
namespace {

using test::add_one;
using test::Counters;
using test::PostgresServer;

class Sharing : public test::OnPostgres {};

TEST_F(Sharing, IsSaidByTheDatabase) {
    EXPECT_TRUE(Counters(PostgresServer::shared().fresh_url()).database->is_shared());
    const test::TemporaryFolder folder;
    EXPECT_FALSE(Counters(folder.url()).database->is_shared());
    EXPECT_FALSE(is_owned(PostgresServer::shared().fresh_url()));
}

// Each holds what the other wants: the server ends one of them, and it comes again.
TEST_F(Sharing, RunsAgainWhoWasInADeadlock) {
    const std::string url = PostgresServer::shared().fresh_url();
    Counters one(url);
    Counters two(url);
    std::latch both_hold(2);
    const auto work = [&](Counters& counters, const char* first, const char* second) {
        bool met = false;
        EXPECT_TRUE(counters.commit([&](Transaction& t) -> Result<std::int64_t> {
            Result<std::int64_t> done = add_one(t, first);
            if (!done) return done;
            if (!met) {
                met = true;
                both_hold.arrive_and_wait();
            }
            return add_one(t, second);
        }));
    };
    std::thread other([&] { work(two, "b", "a"); });
    work(one, "a", "b");
    other.join();
    EXPECT_EQ(one.count("a"), 2);
    EXPECT_EQ(one.count("b"), 2);
    EXPECT_GE(one.retries() + two.retries(), 1U);
    EXPECT_GE(one.patience->tries + two.patience->tries, 1) << "it waits before it tries again";
    EXPECT_GE(one.patience->successes, 1);
}

TEST_F(Sharing, LosesNoUpdateOnAHotRow) {
    const std::string url = PostgresServer::shared().fresh_url();
    constexpr int kEach = 100;
    const auto work = [&] {
        Counters counters(url);
        for (int i = 0; i < kEach; ++i) {
            EXPECT_TRUE(counters.commit([](Transaction& t) -> Result<std::int64_t> {
                std::int64_t count = 0;
                const Result<void> read =
                    t.query("SELECT count FROM counters WHERE name = 'a' /*locked*/",
                            {},
                            [&](const Row& row) { count = row.integer(0); });
                if (!read) return read.error();
                return t.execute("UPDATE counters SET count = $1 WHERE name = 'a'", {count + 1});
            }));
        }
    };
    Counters watcher(url);
    std::thread other(work);
    work();
    other.join();
    EXPECT_EQ(watcher.count("a"), 2 * kEach);
}

TEST_F(Sharing, MigratesOnceWhenManyStartTogether) {
    const std::array steps{
        test::kCounters[0],
        Migration{.version = 2, .sql = "CREATE TABLE more (number BIGINT NOT NULL PRIMARY KEY)"},
        Migration{.version = 3, .sql = "INSERT INTO more (number) VALUES (1)"}};
    for (int round = 0; round < 3; ++round) {
        const std::string url = PostgresServer::shared().fresh_url();
        constexpr int kThreads = 4;
        std::latch start(kThreads);
        std::vector<std::thread> threads;
        for (int i = 0; i < kThreads; ++i) {
            threads.emplace_back([&] {
                start.arrive_and_wait();
                const auto opened = Database::open(url, steps);
                EXPECT_TRUE(opened) << opened.error().detail();
            });
        }
        for (std::thread& thread : threads)
            thread.join();
        EXPECT_EQ(PostgresServer::shared().ask("SELECT count(*) FROM more",
                                               PostgresServer::schema_of(url)),
                  "1");
    }
}

TEST_F(Sharing, RefusesATableOfSomebodyElseAndLeavesItAlone) {
    const std::string url = PostgresServer::shared().fresh_url();
    const std::string schema = PostgresServer::schema_of(url);
    (void)PostgresServer::shared().ask("CREATE TABLE theirs (one TEXT)", schema);
    const auto opened = Database::open(url, test::kCounters);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code(), ErrorCode::integrity);
    EXPECT_EQ(
        PostgresServer::shared().ask(
            "SELECT string_agg(tablename, ' ') FROM pg_tables WHERE schemaname = '" + schema + "'"),
        "theirs");
}

TEST_F(Sharing, LeavesNoRowOfAWriterThatHasClosed) {
    const std::string url = PostgresServer::shared().fresh_url();
    { const Counters counters(url); }
    EXPECT_EQ(PostgresServer::shared().ask("SELECT count(*) FROM store_writers",
                                           PostgresServer::schema_of(url)),
              "0");
}

// Half a million rows of a thousand bytes: a reader that fetched them all before it showed the
// first would not come back from here.
TEST_F(Sharing, ReadsRowAfterRow) {
    Counters counters(PostgresServer::shared().fresh_url());
    int rows = 0;
    EXPECT_THROW((void)counters.database->read([&](Transaction& snapshot) {
        return snapshot.query(
            "SELECT repeat('x', 100000) FROM (SELECT generate_series(1, 100000000)) s",
            {},
            [&](const Row&) {
                if (++rows == 10) throw std::out_of_range("enough");
            });
    }),
                 std::out_of_range);
    EXPECT_EQ(rows, 10);
    EXPECT_EQ(counters.count("a"), 0) << "its connection was thrown away";
}

struct StateCase {
    const char* name;
    const char* sqlstate;
    bool again;
};

class ServerSays : public testing::TestWithParam<StateCase> {
  protected:
    void SetUp() override {
        if (!PostgresServer::is_installed()) GTEST_SKIP() << "PostgreSQL 15 is not installed";
    }
};

// Twice it fails with that state, and then no more; sequences do not go back with a transaction.
TEST_P(ServerSays, IsTriedAgainOrToldToTheBody) {
    const std::string url = PostgresServer::shared().fresh_url();
    (void)PostgresServer::shared().ask(
        std::string("CREATE SEQUENCE tries; CREATE FUNCTION fail_twice() RETURNS BIGINT LANGUAGE "
                    "plpgsql AS $$ BEGIN IF nextval('tries') <= 2 THEN RAISE EXCEPTION 'so it is' "
                    "USING ERRCODE = '") +
            GetParam().sqlstate + "'; END IF; RETURN 7; END $$",
        PostgresServer::schema_of(url));
    // Tables of somebody else there are none, so this is still a new database.
    Counters counters(url);
    std::vector<ErrorCode> told;
    const auto done = counters.commit([&](Transaction& t) -> Result<std::int64_t> {
        std::int64_t found = 0;
        const Result<void> asked =
            t.query("SELECT fail_twice()", {}, [&](const Row& row) { found = row.integer(0); });
        if (!asked) {
            told.push_back(asked.error().code());
            return asked.error();
        }
        return found;
    });
    if (GetParam().again) {
        ASSERT_TRUE(done);
        EXPECT_EQ(*done, 7);
        EXPECT_EQ(told, (std::vector<ErrorCode>{ErrorCode::unavailable, ErrorCode::unavailable}));
        EXPECT_EQ(counters.patience->tries, 2);
    } else {
        // The first run shows that something fails, the careful one shows the body what.
        ASSERT_FALSE(done);
        EXPECT_EQ(told.back(), done.error().code());
        EXPECT_EQ(done.error().code(), ErrorCode::storage);
        EXPECT_EQ(counters.patience->tries, 0);
    }
    EXPECT_EQ(counters.retries(), told.size() - (GetParam().again ? 0 : 1));
}

INSTANTIATE_TEST_SUITE_P(States,
                         ServerSays,
                         testing::Values(StateCase{"SerializationFailure", "40001", true},
                                         StateCase{"Deadlock", "40P01", true},
                                         StateCase{"LockTimeout", "55P03", true},
                                         StateCase{"Canceled", "57014", true},
                                         StateCase{"ReadOnlyServer", "25006", true},
                                         StateCase{"DataCorrupted", "XX001", false},
                                         StateCase{"ReadError", "58030", false}),
                         test::case_name<StateCase>);

struct SecretCase {
    const char* name;
    std::string_view url;
};

class Secret : public testing::TestWithParam<SecretCase> {};

// An error goes to the log, and the log to many.
TEST_P(Secret, IsInNoError) {
    const auto opened = Database::open(GetParam().url, test::kCounters);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().detail().find("geheim"), std::string::npos) << opened.error().detail();
}

INSTANTIATE_TEST_SUITE_P(
    Urls,
    Secret,
    testing::Values(SecretCase{"NoServer", "postgresql://u:geheim@/books?host=/nonexistent"},
                    SecretCase{"RefusedByNobody", "postgresql://u:geheim@127.0.0.1:1/books"},
                    SecretCase{"AsAParameter", "postgres://u@127.0.0.1:1/books?password=geheim"},
                    SecretCase{"UnknownParameter", "postgres://u@127.0.0.1:1/books?geheim=1"},
                    SecretCase{"SlashInThePassword", "postgresql://u:1/geheim@127.0.0.1/books"},
                    SecretCase{"AtInThePassword", "postgresql://u:1@geheim@127.0.0.1/books"},
                    SecretCase{"QuestionMarkInThePassword",
                               "postgresql://u:1?geheim@127.0.0.1/books"},
                    SecretCase{"HashInThePassword", "postgresql://u:1#geheim@127.0.0.1/books"},
                    SecretCase{"PercentInThePassword", "postgresql://u:1%geheim@127.0.0.1/books"},
                    SecretCase{"BracketInThePassword", "postgresql://[geheim@127.0.0.1/books"},
                    SecretCase{"NotAScheme", "postgres:u:geheim@127.0.0.1/books"}),
    test::case_name<SecretCase>);

}  // namespace
}  // namespace causeway::ledger
