// SPDX-License-Identifier: Apache-2.0
#include "gateway/webhooks/dispatcher.h"

#include "gateway/webhooks/backlog.h"
#include "ledger/digest.h"
#include "tests/support/webhook_house.h"

#include <gtest/gtest.h>

#include <set>

namespace causeway::gateway {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using test::FakeReceivers;
using test::WebhookHouse;

class Webhooks : public testing::TestWithParam<test::Engine> {
  protected:
    WebhookHouse house{GetParam()};
};
CAUSEWAY_ON_EACH_ENGINE(Webhooks);

TEST_P(Webhooks, AreSentOnceWithTheBytesThatWereRecorded) {
    const KeyedEndpoint keyed = house.add("https://shop.test/hook");
    const Uuid event = house.record();
    EXPECT_EQ(house.round().sent, 1);
    EXPECT_EQ(house.round().sent, 0);
    ASSERT_EQ(house.receivers.seen.size(), 1U);
    const FakeReceivers::Seen& seen = house.receivers.seen.front();
    EXPECT_EQ(seen.id, to_text("evt", event));
    const WebhookKeys keys{.secrets = {*parse_webhook_secret(keyed.secret)}, .signing_keys = {}};
    EXPECT_EQ(seen.signature, webhook_signature(keys, seen.id, seen.at, seen.body));
    const auto attempts = house.attempts(event);
    ASSERT_EQ(attempts.size(), 1U);
    EXPECT_EQ(attempts[0].answer.status, 204);
    EXPECT_EQ(attempts[0].next_at, std::nullopt);
    EXPECT_EQ(house.in_state("delivered"), 1);
}

TEST_P(Webhooks, AreTriedTenTimesOverThreeDaysAndThenGivenUp) {
    house.add("https://shop.test/hook");
    house.receivers.rules["https://shop.test/hook"] = [](Timestamp) { return test::status(500); };
    const Timestamp start = house.books.clock.now();
    const Uuid event = house.record();
    house.work_until(Timestamp::max());
    const std::vector<Timestamp> times = house.receivers.times_at("https://shop.test/hook");
    ASSERT_EQ(times.size(), 10U);
    EXPECT_EQ(times[0], start);
    const std::vector<std::chrono::microseconds> pauses{seconds(5),
                                                        minutes(5),
                                                        minutes(30),
                                                        hours(2),
                                                        hours(5),
                                                        hours(10),
                                                        hours(14),
                                                        hours(20),
                                                        hours(24)};
    for (std::size_t i = 0; i < pauses.size(); ++i) {
        EXPECT_GE(times[i + 1] - times[i], pauses[i]) << i;
        EXPECT_LE(times[i + 1] - times[i], pauses[i] + pauses[i] / 10) << i;
    }
    EXPECT_EQ(house.in_state("failed"), 1);
    EXPECT_EQ(house.attempts(event).size(), 10U);
}

TEST_P(Webhooks, CarryTheTraceOfWhatCausedThemAndNoneWhenNothingDid) {
    constexpr std::string_view kTrace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    house.add("https://shop.test/hook");
    house.books.write([&](ledger::Transaction& tx) -> Result<void> {
        const EventFacts facts{.scope = house.scope,
                               .type = "payment.succeeded",
                               .object = "{}",
                               .previous = {},
                               .request_id = "req_1",
                               .idempotency_key = std::nullopt,
                               .traceparent = std::string(kTrace)};
        const Result<Uuid> id = record_event(tx, house.books.ids, house.books.clock, facts);
        if (!id) return id.error();
        return {};
    });
    house.round();
    house.record();
    house.round();
    ASSERT_EQ(house.receivers.seen.size(), 2U);
    EXPECT_EQ(house.receivers.seen[0].traceparent, kTrace);
    EXPECT_EQ(house.receivers.seen[1].traceparent, "");
}

// Whoever follows a redirect can be led anywhere.
TEST_P(Webhooks, FailWithARedirect) {
    house.add("https://shop.test/hook");
    house.receivers.rules["https://shop.test/hook"] = [](Timestamp) { return test::status(301); };
    house.record();
    house.round();
    EXPECT_EQ(house.in_state("pending"), 1);
    EXPECT_EQ(house.in_state("delivered"), 0);
}

TEST_P(Webhooks, DisableAnEndpointThatIsGoneAndTellTheOthers) {
    const Uuid gone = house.add("https://gone.test/").endpoint.id;
    house.add("https://stays.test/");
    house.receivers.rules["https://gone.test/"] = [](Timestamp) { return test::status(410); };
    house.record(3);
    house.work_until(house.books.clock.now() + hours(1));
    EXPECT_FALSE(house.endpoint(gone).enabled);
    EXPECT_EQ(house.pending(), 0);
    ASSERT_EQ(house.receivers.times_at("https://stays.test/").size(), 4U);
    const FakeReceivers::Seen& told = house.receivers.seen.back();
    EXPECT_NE(told.body.find(R"("type":"webhook_endpoint.disabled")"), std::string::npos);
    EXPECT_NE(told.body.find(to_text("we", gone)), std::string::npos);
    house.record();
    EXPECT_EQ(house.pending(), 1);
}

// Another process recorded an event before it knew that the endpoint was deleted or disabled: it
// would wait for ever, and the backlog's alarm with it.
TEST_P(Webhooks, ForAnEndpointThatIsNoMoreAreEnded) {
    for (const std::string change :
         {"DELETE FROM webhook_endpoints", "UPDATE webhook_endpoints SET status = 'disabled'"}) {
        house.add("https://gone.test/");
        house.record(3);
        ASSERT_EQ(house.pending(), 3);
        house.write<std::int64_t>(
            [&change](ledger::Transaction& tx) { return tx.execute(change, {}); });
        const auto backlog = house.read<WebhookBacklog>(webhook_backlog);
        EXPECT_EQ(backlog.waiting, 0) << change;
        EXPECT_EQ(backlog.oldest_due, std::nullopt);
        EXPECT_EQ(house.round().sent, 0);
        EXPECT_EQ(house.pending(), 0) << change;
    }
    EXPECT_EQ(house.in_state("canceled"), 6);
    EXPECT_TRUE(house.receivers.seen.empty());
}

TEST_P(Webhooks, AreSentAgainUnderTheSameIdWhenTheSenderDied) {
    house.add("https://shop.test/hook");
    const Uuid event = house.record();
    const Timestamp now = house.books.clock.now();
    // A process claims, and is never heard of again.
    const Lease lease{.id = house.books.ids.next(), .now = now, .until = now + seconds(60)};
    const Uuid endpoint = house.write<Uuid>([&](ledger::Transaction& tx) -> Result<Uuid> {
        const Result<std::vector<WebhookQueue>> queues = webhook_queues(tx);
        const std::vector<WebhookTurn> turns{{.endpoint = queues->front().endpoint, .most = 8}};
        const Result<std::vector<HeldDelivery>> held = claim_deliveries(tx, lease, turns);
        if (!held || held->size() != 1) return Error(ErrorCode::conflict, "nothing to claim");
        return queues->front().endpoint;
    });
    EXPECT_EQ(house.round().sent, 0);
    house.books.clock.advance(seconds(60));
    EXPECT_EQ(house.round().sent, 1);
    EXPECT_EQ(house.receivers.seen.front().id, to_text("evt", event));
    EXPECT_EQ(house.attempts(event).front().attempt, 2);
    EXPECT_EQ(house.attempts(event).front().endpoint, endpoint);
}

// Two processes on one database: each message is sent by one of them.
TEST_P(Webhooks, AreSentOnceByTwoProcessesThatBothLook) {
    house.add("https://shop.test/hook");
    house.record(60);
    boost::asio::io_context io;
    Dispatcher one(io.get_executor(), house.parts());
    Dispatcher other(io.get_executor(), house.parts());
    const auto work = [](Dispatcher& dispatcher) -> boost::asio::awaitable<void> {
        for (int idle = 0; idle < 3;) {
            const Dispatcher::Round round = co_await dispatcher.run_once();
            idle = round.sent == 0 ? idle + 1 : 0;
        }
    };
    int ended = 0;
    for (Dispatcher* const each : {&one, &other})
        boost::asio::co_spawn(io, work(*each), [&ended](const std::exception_ptr&) { ++ended; });
    io.run_for(seconds(60));
    EXPECT_EQ(ended, 2);
    std::set<std::string> ids;
    for (const FakeReceivers::Seen& seen : house.receivers.seen)
        ids.insert(seen.id);
    EXPECT_EQ(ids.size(), 60U);
    EXPECT_EQ(house.receivers.seen.size(), 60U);
    EXPECT_EQ(house.in_state("delivered"), 60);
}

TEST_P(Webhooks, OfADeadProcessAreDueAtOnceForTheNextOneThatIsAlone) {
    house.add("https://shop.test/hook");
    house.record();
    const Timestamp now = house.books.clock.now();
    const Lease lease{.id = house.books.ids.next(), .now = now, .until = now + seconds(60)};
    house.write<int>([&](ledger::Transaction& tx) -> Result<int> {
        const Result<std::vector<WebhookQueue>> queues = webhook_queues(tx);
        const std::vector<WebhookTurn> turns{{.endpoint = queues->front().endpoint, .most = 8}};
        const Result<std::vector<HeldDelivery>> held = claim_deliveries(tx, lease, turns);
        if (!held) return held.error();
        return 0;
    });
    EXPECT_EQ(*recover_deliveries(house.books.database(), house.books.clock), 1);
    EXPECT_EQ(house.round().sent, 1);
}

TEST_P(Webhooks, AreSentAgainByHandAlsoAfterTheyWereTaken) {
    house.add("https://shop.test/hook");
    const Uuid event = house.record();
    house.round();
    house.write<int>([&](ledger::Transaction& tx) -> Result<int> {
        const Result<EventRow> row = load_event(tx, event, house.scope);
        const Result<void> queued = redeliver_event(tx, *row, house.books.clock.now());
        if (!queued) return queued.error();
        return 0;
    });
    EXPECT_EQ(house.round().sent, 1);
    ASSERT_EQ(house.receivers.seen.size(), 2U);
    EXPECT_EQ(house.receivers.seen[0].id, house.receivers.seen[1].id);
    EXPECT_EQ(house.receivers.seen[0].body, house.receivers.seen[1].body);
    EXPECT_EQ(house.attempts(event).size(), 2U);
}

TEST_P(Webhooks, CarryBothSignaturesForADayAfterARotation) {
    const KeyedEndpoint first = house.add("https://shop.test/hook", WebhookSigning::both);
    const KeyedEndpoint second = house.write<KeyedEndpoint>([&](ledger::Transaction& tx) {
        return rotate_endpoint(tx, house.keys(), first.endpoint.id);
    });
    const auto signature_at = [&](std::chrono::hours later) {
        house.books.clock.advance(later);
        house.record();
        house.round();
        return house.receivers.seen.back();
    };
    const auto count = [](const std::string& text, const std::string& part) {
        int found = 0;
        for (std::size_t at = text.find(part); at != std::string::npos;
             at = text.find(part, at + 1))
            ++found;
        return found;
    };
    const auto v1 = [](const std::string& secret, const FakeReceivers::Seen& seen) {
        return webhook_signature({.secrets = {*parse_webhook_secret(secret)}, .signing_keys = {}},
                                 seen.id,
                                 seen.at,
                                 seen.body);
    };
    const FakeReceivers::Seen soon = signature_at(hours(23));
    EXPECT_EQ(count(soon.signature, v1(first.secret, soon)), 1);
    EXPECT_EQ(count(soon.signature, v1(second.secret, soon)), 1);
    EXPECT_EQ(count(soon.signature, "v1a,"), 2);
    const FakeReceivers::Seen late = signature_at(hours(2));
    EXPECT_EQ(count(late.signature, v1(first.secret, late)), 0);
    EXPECT_EQ(count(late.signature, v1(second.secret, late)), 1);
    EXPECT_EQ(count(late.signature, "v1a,"), 1);
}

// The promise to every merchant: another one's dead server is none of your business.
TEST_P(Webhooks, ToAThousandEndpointsDoNotWaitForTheOneThatIsDead) {
    constexpr int kEndpoints = 1'000;
    constexpr int kEvents = 1;
    house.write<int>([&](ledger::Transaction& tx) -> Result<int> {
        for (int i = 0; i < kEndpoints; ++i) {
            Scope scope = house.scope;
            scope.merchant = house.books.ids.next();
            const CreateEndpoint wish{.url = "https://shop.test/" + std::to_string(i),
                                      .events = {}};
            const Result<KeyedEndpoint> added = add_endpoint(tx, house.keys(), scope, wish);
            if (!added) return added.error();
            for (int j = 0; j < kEvents; ++j) {
                const Result<Uuid> event =
                    record_event(tx,
                                 house.books.ids,
                                 house.books.clock,
                                 {.scope = scope, .type = "payment.succeeded", .object = "{}"});
                if (!event) return event.error();
            }
        }
        return 0;
    });
    const Timestamp start = house.books.clock.now();
    house.receivers.rules["https://shop.test/7"] = [](Timestamp) { return test::nobody(); };
    house.work_until(start);
    EXPECT_EQ(house.in_state("delivered"), (kEndpoints - 1) * kEvents);
    EXPECT_EQ(house.pending(), kEvents);
    EXPECT_EQ(house.books.clock.now(), start);
}

TEST_P(Webhooks, AllArriveAtAReceiverThatWasDownForADay) {
    const std::string url = "https://shop.test/hook";
    house.add(url);
    house.add("https://fine.test/");
    const Timestamp start = house.books.clock.now();
    const Timestamp back = start + hours(24);
    house.receivers.rules[url] = [back](Timestamp now) {
        return now < back ? test::nobody() : test::status(204);
    };
    constexpr int kHours = 24;
    constexpr int kEachHour = 2;
    for (int hour = 0; hour < kHours; ++hour) {
        house.record(kEachHour);
        house.work_until(start + hours(hour + 1));
    }
    const auto fine = house.receivers.times_at("https://fine.test/");
    EXPECT_EQ(fine.size(), std::size_t{kHours * kEachHour});
    // Nobody hammers a dead server: one message in five minutes at most, once it is known.
    EXPECT_LT(house.receivers.times_at(url).size(), std::size_t{kHours * 13});
    house.work_until(back + hours(26));
    EXPECT_EQ(house.pending(), 0);
    EXPECT_EQ(house.in_state("delivered"), 2 * kHours * kEachHour);
}

TEST_P(Webhooks, BehindAnEndpointThatNeverComesBackEndWithTheirAge) {
    const std::string url = "https://shop.test/hook";
    house.add(url);
    house.receivers.rules[url] = [](Timestamp) { return test::nobody(); };
    house.record(300);
    const Timestamp start = house.books.clock.now();
    house.work_until(start + minutes(10));
    EXPECT_EQ(house.pending(), 300);
    house.books.clock.set(start + kWebhookAgeMax - minutes(1));
    house.work_until(house.books.clock.now());
    EXPECT_EQ(house.pending(), 300);
    house.work_until(start + kWebhookAgeMax + minutes(10));
    EXPECT_EQ(house.in_state("failed"), 300);
    EXPECT_EQ(house.pending(), 0);
}

}  // namespace
}  // namespace causeway::gateway
