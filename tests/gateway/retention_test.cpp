// SPDX-License-Identifier: Apache-2.0
//
// What is deleted because it is old, and what is not however old it is.
#include "gateway/retention.h"

#include "gateway/notifications/notifications_store.h"
#include "tests/support/payment_desk.h"
#include "tests/support/webhook_house.h"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <future>
#include <vector>

namespace causeway::gateway {
namespace {

using std::chrono::days;
using std::chrono::milliseconds;
using test::WebhookHouse;

constexpr int kMany = 1'000;

TEST(FirstId, StandsBetweenTheIdsOfTwoMilliseconds) {
    ManualClock clock(*parse_rfc3339("2026-04-14T08:00:00.123Z"));
    test::SeededEntropy entropy(1);
    IdSource ids(clock, entropy);
    const Uuid before = ids.next();
    clock.advance(milliseconds(1));
    EXPECT_LT(before, first_id_of(clock.now()));
    EXPECT_LE(first_id_of(clock.now()), ids.next());
    EXPECT_EQ(time_of(first_id_of(clock.now())), clock.now());
}

class Retention : public testing::TestWithParam<test::Engine> {
  protected:
    int sweep(int limit = kMany) {
        const Timestamp before = house.books.clock.now() - days(30);
        return house.write<int>([before, limit](ledger::Transaction& tx) {
            return delete_old_events(tx, before, limit);
        });
    }
    std::int64_t count(const std::string& table) {
        return house.books.number("SELECT COUNT(*) FROM " + table);
    }

    WebhookHouse house{GetParam()};
};
CAUSEWAY_ON_EACH_ENGINE(Retention);

TEST_P(Retention, DeletesWhatIsOverWithItsDeliveriesAndAttempts) {
    house.add("https://shop.test/hook");
    house.record(3);
    house.round();
    house.books.clock.advance(days(29));
    EXPECT_EQ(sweep(), 0);
    house.record();
    house.round();
    house.books.clock.advance(days(2));
    EXPECT_EQ(sweep(), 3);
    EXPECT_EQ(count("events"), 1);
    EXPECT_EQ(count("webhook_deliveries"), 1);
    EXPECT_EQ(count("webhook_attempts"), 1);
    EXPECT_EQ(sweep(), 0);
}

TEST_P(Retention, NeverDeletesWhatIsStillToBeDelivered) {
    house.add("https://shop.test/hook");
    house.record(2);
    house.books.clock.advance(days(40));
    EXPECT_EQ(sweep(), 0);
    EXPECT_EQ(house.pending(), 2);
    EXPECT_EQ(count("events"), 2);
}

TEST_P(Retention, NeverDeletesWhatIsSentAgain) {
    house.add("https://shop.test/hook");
    const Uuid event = house.record();
    house.round();
    house.books.clock.advance(days(40));
    const Scope scope = house.scope;
    const Timestamp now = house.books.clock.now();
    house.books.write([&](ledger::Transaction& tx) -> Result<void> {
        const Result<EventRow> row = load_event(tx, event, scope);
        if (!row) return row.error();
        return redeliver_event(tx, *row, now);
    });
    EXPECT_EQ(sweep(), 0);
    house.round();
    EXPECT_EQ(sweep(), 1);
}

TEST_P(Retention, DeletesSoManyAtOnceAndNoMore) {
    house.record(5);
    house.books.clock.advance(days(31));
    EXPECT_EQ(sweep(2), 2);
    EXPECT_EQ(sweep(2), 2);
    EXPECT_EQ(sweep(2), 1);
    EXPECT_EQ(count("events"), 0);
}

// Two processes: one sends an event again at the moment at which the other deletes it.
TEST_P(Retention, ADeliveryWithoutItsEventStopsNobody) {
    house.add("https://shop.test/hook");
    const Uuid event = house.record();
    house.record();
    house.books.execute("DELETE FROM events WHERE event_id = $1", {event});
    house.round();
    EXPECT_EQ(house.receivers.seen.size(), 1U);
    EXPECT_EQ(house.pending(), 0);
    EXPECT_EQ(count("webhook_deliveries"), 1);
}

TEST_P(Retention, TwoThatSweepAtOnceDeleteItOnce) {
    house.record(20);
    house.books.clock.advance(days(31));
    const Timestamp before = house.books.clock.now() - days(30);
    const auto sweep_alone = [before](ledger::Database& database) {
        return std::async(std::launch::async, [&database, before] {
            return database.writer().commit<int>(
                [before](ledger::Transaction& tx) { return delete_old_events(tx, before, kMany); });
        });
    };
    // On a file there is one process; on a server the other has a writer of its own.
    std::unique_ptr<ledger::Database> other;
    if (GetParam() == test::Engine::postgres) other = house.books.open_again();
    std::future<Result<int>> one = sweep_alone(house.books.database());
    std::future<Result<int>> two = sweep_alone(other ? *other : house.books.database());
    EXPECT_TRUE(one.get());
    EXPECT_TRUE(two.get());
    EXPECT_EQ(count("events"), 0);
}

class OldNotices : public testing::TestWithParam<test::Engine> {
  protected:
    void keep(const std::string& body) {
        const NotificationMessage message{.id = books.ids.next(),
                                          .connector = "scripted",
                                          .body_sha256 = sha256(body),
                                          .state = MessageState::read,
                                          .sealed = {1, 2, 3},
                                          .vault_key = "key",
                                          .size = 3,
                                          .received = books.clock.now()};
        NotificationRow row{.connector = "scripted", .notice = {}, .message = message.id};
        row.notice.id = "n-" + body;
        row.received = message.received;
        books.write([&](ledger::Transaction& tx) -> Result<void> {
            const Result<void> kept = insert_message(tx, message);
            return kept ? insert_notification(tx, row) : kept;
        });
    }
    int sweep(int limit) {
        const Timestamp before = books.clock.now() - days(400);
        const Result<int> gone =
            books.database().writer().commit<int>([before, limit](ledger::Transaction& tx) {
                return delete_old_messages(tx, before, limit);
            });
        return gone ? *gone : -1;
    }

    test::GatewayBooks books{GetParam()};
};
CAUSEWAY_ON_EACH_ENGINE(OldNotices);

TEST_P(OldNotices, GoWithTheirMessagesInBatches) {
    for (const char* const body : {"a", "b", "c"})
        keep(body);
    books.clock.advance(days(399));
    keep("d");
    EXPECT_EQ(sweep(kMany), 0);
    books.clock.advance(days(2));
    EXPECT_EQ(sweep(2), 2);
    EXPECT_EQ(sweep(2), 1);
    EXPECT_EQ(sweep(2), 0);
    EXPECT_EQ(books.number("SELECT COUNT(*) FROM notification_messages"), 1);
    EXPECT_EQ(books.number("SELECT COUNT(*) FROM notifications"), 1);
}

TEST(JanitorSweeps, OnceAnHourAndAgainAtOnceAfterAFullBatch) {
    test::PaymentDesk desk;
    boost::asio::io_context io;
    Janitor janitor(io.get_executor(), *desk.database, desk.readers, *desk.service);
    std::vector<Timestamp> asked;
    int left = 250;
    janitor.sweep_hourly(
        "things", days(30), [&](ledger::Transaction&, Timestamp before, int limit) -> Result<int> {
            asked.push_back(before);
            const int gone = std::min(left, limit);
            left -= gone;
            return gone;
        });
    const auto sweep = [&] {
        boost::asio::co_spawn(io, janitor.sweep_once(), boost::asio::detached);
        io.restart();
        io.run();
    };
    sweep();
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(asked[0], desk.clock.now() - days(30));
    sweep();
    EXPECT_EQ(left, 0);
    EXPECT_EQ(asked.size(), 2U);
    sweep();
    EXPECT_EQ(asked.size(), 2U) << "before its time";
    desk.clock.advance(std::chrono::hours(1));
    sweep();
    EXPECT_EQ(asked.size(), 3U);
}

}  // namespace
}  // namespace causeway::gateway
