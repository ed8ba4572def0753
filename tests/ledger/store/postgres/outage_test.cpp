// SPDX-License-Identifier: Apache-2.0
//
// Connections that break, and servers that go: what was acknowledged has happened once, and what
// was not is found out.
#include "ledger/store/fail_stop.h"
#include "tests/support/counters.h"
#include "tests/support/cutting_proxy.h"

#include <gtest/gtest.h>

#include <array>
#include <future>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace causeway::ledger {
namespace {

using test::add_one;
using test::add_one_later;
using test::Counters;
using test::CuttingProxy;
using test::NoPatience;
using test::PostgresServer;

class Outage : public test::OnPostgres {};

constexpr const char* kKillWriters =
    "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity"
    " WHERE application_name = 'causeway' AND query NOT LIKE 'SELECT count%'";

// The sharp one: the money has moved, and nobody was told.
TEST_F(Outage, FindsACommitWhoseAnswerWasLost) {
    CuttingProxy proxy(PostgresServer::shared().socket());
    Counters counters(PostgresServer::shared().fresh_url(proxy.folder()));
    for (const bool later : {false, true}) {
        proxy.arm(CuttingProxy::Cut::after);
        const auto told = counters.commit(
            [&](Transaction& t) { return later ? add_one_later(t, "a") : add_one(t, "a"); });
        EXPECT_TRUE(told);
    }
    EXPECT_EQ(proxy.cuts(), 2);
    EXPECT_EQ(counters.count("a"), 2);
    EXPECT_EQ(counters.retries(), 0U) << "nothing was run again";
    EXPECT_TRUE(counters.commit([](Transaction& t) { return add_one(t, "a"); }));
    EXPECT_EQ(counters.count("a"), 3);
}

TEST_F(Outage, RunsABatchAgainWhoseCommitNeverArrived) {
    CuttingProxy proxy(PostgresServer::shared().socket());
    Counters counters(PostgresServer::shared().fresh_url(proxy.folder()));
    for (const bool later : {false, true}) {
        proxy.arm(CuttingProxy::Cut::before);
        EXPECT_TRUE(counters.commit(
            [&](Transaction& t) { return later ? add_one_later(t, "a") : add_one(t, "a"); }));
    }
    EXPECT_EQ(proxy.cuts(), 2);
    EXPECT_EQ(counters.count("a"), 2);
    EXPECT_EQ(counters.retries(), 2U);
}

// A COMMIT may sit in a buffer on its way while we have long asked what became of it.
TEST_F(Outage, LetsACommitThatComesTooLateFail) {
    CuttingProxy proxy(PostgresServer::shared().socket());
    Counters counters(PostgresServer::shared().fresh_url(proxy.folder()));
    constexpr std::string_view kNullWhereThereMayBeNone = "23502";
    proxy.arm(CuttingProxy::Cut::late);
    EXPECT_TRUE(counters.commit([](Transaction& t) { return add_one_later(t, "a"); }));
    EXPECT_EQ(counters.count("a"), 1);
    EXPECT_EQ(counters.retries(), 1U);
    EXPECT_NE(proxy.deliver().find(kNullWhereThereMayBeNone), std::string::npos);
    EXPECT_EQ(counters.count("a"), 1) << "and not 2";
}

// The same, and this time the body is refused when it runs again: who was told so must not find
// later that it happened after all.
TEST_F(Outage, LetsACommitFailThatComesWhileTheBatchRunsAgain) {
    CuttingProxy proxy(PostgresServer::shared().socket());
    Counters counters(PostgresServer::shared().fresh_url(proxy.folder()));
    proxy.arm(CuttingProxy::Cut::late);
    int runs = 0;
    const auto told = counters.commit([&](Transaction& t) -> Result<std::int64_t> {
        if (++runs == 1) return add_one_later(t, "a");
        EXPECT_NE(proxy.deliver().find("23502"), std::string::npos);
        return Error(ErrorCode::expired);
    });
    EXPECT_FALSE(told);
    EXPECT_EQ(runs, 2);
    EXPECT_EQ(counters.count("a"), 0);
    EXPECT_TRUE(counters.commit([](Transaction& t) { return add_one(t, "a"); }));
    EXPECT_EQ(counters.count("a"), 1);
}

TEST_F(Outage, FindsOutEvenWhenTheQuestionIsCutOff) {
    CuttingProxy proxy(PostgresServer::shared().socket());
    Counters counters(PostgresServer::shared().fresh_url(proxy.folder()));
    proxy.arm(CuttingProxy::Cut::before);
    proxy.arm(CuttingProxy::Cut::after, "UPDATE store_writers SET batch = $1 WHERE");
    proxy.arm(CuttingProxy::Cut::before, "FOR UPDATE");
    EXPECT_TRUE(counters.commit([](Transaction& t) { return add_one(t, "a"); }));
    EXPECT_EQ(proxy.cuts(), 3);
    EXPECT_EQ(counters.count("a"), 1);
    EXPECT_EQ(counters.retries(), 1U);
    EXPECT_EQ(counters.patience->tries, 2);

    proxy.arm(CuttingProxy::Cut::after);
    proxy.arm(CuttingProxy::Cut::before, "FOR UPDATE");
    EXPECT_TRUE(counters.commit([](Transaction& t) { return add_one(t, "a"); }));
    EXPECT_EQ(proxy.cuts(), 5);
    EXPECT_EQ(counters.count("a"), 2);
    EXPECT_EQ(counters.retries(), 1U) << "nothing more";
}

TEST_F(Outage, RunsABatchAgainWhoseConnectionWasKilled) {
    Counters counters(PostgresServer::shared().fresh_url());
    int runs = 0;
    std::vector<ErrorCode> seen;
    EXPECT_TRUE(counters.commit([&](Transaction& t) -> Result<std::int64_t> {
        Result<std::int64_t> done = add_one(t, "a");
        if (++runs == 1) (void)PostgresServer::shared().ask(kKillWriters);
        const Result<std::int64_t> second = add_one(t, "b");
        if (!second) seen.push_back(second.error().code());
        const Result<void> third = t.query("SELECT 1", {}, [](const Row&) {});
        if (!third) seen.push_back(third.error().code());
        return done;  // its result counts for nothing: the session is doomed
    }));
    EXPECT_EQ(runs, 2);
    EXPECT_EQ(seen, (std::vector<ErrorCode>{ErrorCode::unavailable, ErrorCode::unavailable}));
    EXPECT_EQ(counters.count("a"), 1);
    EXPECT_EQ(counters.count("b"), 1);
}

TEST_F(Outage, DoesNotMindAConnectionThatWasKilledBetweenTwoBatches) {
    Counters counters(PostgresServer::shared().fresh_url());
    EXPECT_TRUE(counters.commit([](Transaction& t) { return add_one(t, "a"); }));
    EXPECT_EQ(counters.count("a"), 1) << "and there is a reader now";
    (void)PostgresServer::shared().ask(kKillWriters);
    EXPECT_EQ(counters.count("a"), 1) << "a broken reader is replaced";
    EXPECT_TRUE(counters.commit([](Transaction& t) { return add_one(t, "a"); }));
    EXPECT_EQ(counters.count("a"), 2);
}

TEST_F(Outage, OutlastsAServerThatIsStoppedAndStarted) {
    PostgresServer server(false);
    const auto restart = std::make_shared<NoPatience>(10, [&] { server.start(); });
    Counters counters(server.fresh_url(), restart);
    std::vector<std::future<Result<std::int64_t>>> told;
    std::atomic<int> runs = 0;
    for (int i = 0; i < 20; ++i) {
        const auto promise = std::make_shared<std::promise<Result<std::int64_t>>>();
        told.push_back(promise->get_future());
        ASSERT_TRUE(counters.database->writer().submit<std::int64_t>(
            [&, i](Transaction& t) {
                Result<std::int64_t> done = add_one(t, i % 2 == 0 ? "a" : "b");
                if (++runs == 7) server.stop();
                return done;
            },
            [promise](Result<std::int64_t> result) { promise->set_value(std::move(result)); }));
    }
    for (auto& answer : told)
        EXPECT_TRUE(answer.get());
    EXPECT_EQ(counters.count("a"), 10);
    EXPECT_EQ(counters.count("b"), 10);
    EXPECT_GE(restart->tries, 1);
}

// Runs `work` in a child; returns its exit status and what it said last.
std::pair<int, std::string> in_a_child(const std::function<void(const FailStop::Listener&)>& work) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) throw std::runtime_error("no pipe");
    const pid_t child = ::fork();
    if (child == 0) {
        work([&ends](std::string_view line) {
            const ssize_t written = ::write(ends[1], line.data(), line.size());
            (void)written;
        });
        ::_exit(0);
    }
    ::close(ends[1]);
    std::string said;
    std::array<char, 512> buffer{};
    for (ssize_t got = 0; (got = ::read(ends[0], buffer.data(), buffer.size())) > 0;)
        said.append(buffer.data(), static_cast<std::size_t>(got));
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, said};
}

TEST_F(Outage, StopsTheProcessWhenTheServerStaysAway) {
    CuttingProxy proxy(PostgresServer::shared().socket());
    const std::string url = PostgresServer::shared().fresh_url();
    const auto [status, said] = in_a_child([&](const FailStop::Listener& listener) {
        auto opened =
            Database::open(url,
                           test::kCounters,
                           {.on_fail_stop = listener, .patience = std::make_shared<NoPatience>(3)});
        if (!opened) ::_exit(10);
        (void)(*opened)->writer().commit<std::int64_t>([&](Transaction& t) {
            const std::string schema = PostgresServer::schema_of(url);
            // Gone with its row: nobody can say any more what was committed.
            (void)PostgresServer::shared().ask("ALTER TABLE store_writers RENAME TO gone", schema);
            (void)PostgresServer::shared().ask(kKillWriters);
            return add_one(t, "a");
        });
        ::_exit(11);
    });
    EXPECT_EQ(status, FailStop::kExitStatus);
    EXPECT_NE(said.find("given up after many tries"), std::string::npos) << said;
}

// What a failover to a standby does that did not have the last commits.
TEST_F(Outage, StopsTheProcessWhenTheServerHasForgottenACommit) {
    const std::string url = PostgresServer::shared().fresh_url();
    const auto [status, said] = in_a_child([&](const FailStop::Listener& listener) {
        auto opened =
            Database::open(url,
                           test::kCounters,
                           {.on_fail_stop = listener, .patience = std::make_shared<NoPatience>()});
        if (!opened) ::_exit(10);
        CommitQueue& writer = (*opened)->writer();
        if (!writer.commit<std::int64_t>([](Transaction& t) { return add_one(t, "a"); })) {
            ::_exit(11);
        }
        (void)writer.commit<std::int64_t>([&](Transaction& t) {
            const std::string schema = PostgresServer::schema_of(url);
            (void)PostgresServer::shared().ask("UPDATE store_writers SET batch = 0", schema);
            (void)PostgresServer::shared().ask(kKillWriters);
            return add_one(t, "a");
        });
        ::_exit(12);
    });
    EXPECT_EQ(status, FailStop::kExitStatus);
    EXPECT_NE(said.find("no longer holds"), std::string::npos) << said;
}

}  // namespace
}  // namespace causeway::ledger
