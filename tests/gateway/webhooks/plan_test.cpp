// SPDX-License-Identifier: Apache-2.0
#include "gateway/webhooks/plan.h"

#include "tests/support/books.h"

#include <gtest/gtest.h>

#include <map>
#include <rapidcheck/gtest.h>

namespace causeway::gateway {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::minutes;
using std::chrono::seconds;

const Timestamp kNow = from_microseconds(1'776'074'460'000'000);

Uuid endpoint_number(std::uint8_t number) {
    Uuid id;
    id.bytes[15] = number;
    return id;
}

WebhookQueue queue(std::uint8_t number, seconds due_for, std::int64_t failures = 0) {
    return {.endpoint = endpoint_number(number),
            .head_due = kNow - due_for,
            .circuit = {.failures = failures, .paused_until = {}},
            .in_flight = 0};
}

// A receiver that was told "ten tries in three days" finds out when we stop after nine.
TEST(RetryPause, FollowsTheScheduleWithATenthOfChance) {
    test::SeededEntropy entropy(1);
    const std::vector<microseconds> schedule{seconds(5),
                                             minutes(5),
                                             minutes(30),
                                             hours(2),
                                             hours(5),
                                             hours(10),
                                             hours(14),
                                             hours(20),
                                             hours(24)};
    for (int done = 1; done <= 9; ++done) {
        const microseconds base = schedule[static_cast<std::size_t>(done) - 1];
        for (int draw = 0; draw < 50; ++draw) {
            const auto pause = retry_pause(done, entropy);
            ASSERT_TRUE(pause) << done;
            EXPECT_GE(*pause, base) << done;
            EXPECT_LE(*pause, base + base / 10) << done;
        }
    }
    EXPECT_EQ(retry_pause(10, entropy), std::nullopt);
}

TEST(RetryPause, DiffersBetweenTwoThatFailedTogether) {
    test::SeededEntropy entropy(1);
    EXPECT_NE(retry_pause(2, entropy), retry_pause(2, entropy));
}

TEST(Circuit, PausesAfterThreeInARowAndForgetsWithTheFirstAnswer) {
    Circuit circuit;
    circuit = circuit_after(circuit, false, kNow);
    circuit = circuit_after(circuit, false, kNow);
    EXPECT_EQ(circuit.paused_until, Timestamp());
    circuit = circuit_after(circuit, false, kNow);
    EXPECT_EQ(circuit.paused_until, kNow + seconds(5));
    circuit = circuit_after(circuit, false, kNow);
    EXPECT_EQ(circuit.paused_until, kNow + seconds(10));
    for (int more = 0; more < 100; ++more)
        circuit = circuit_after(circuit, false, kNow);
    EXPECT_EQ(circuit.paused_until, kNow + minutes(5));
    EXPECT_EQ(circuit_after(circuit, true, kNow), Circuit());
}

TEST(PlanWebhooks, AsksADeadEndpointWithOneMessageWhenItsPauseIsOver) {
    WebhookQueue dead = queue(1, hours(3), 7);
    dead.circuit.paused_until = kNow + seconds(30);
    WebhookPlan plan = plan_webhooks(std::vector{dead}, {}, kNow);
    EXPECT_TRUE(plan.turns.empty());
    EXPECT_EQ(plan.wake_at, kNow + seconds(30));
    plan = plan_webhooks(std::vector{dead}, {}, kNow + seconds(30));
    EXPECT_EQ(plan.turns, (std::vector<WebhookTurn>{{.endpoint = dead.endpoint, .most = 1}}));
    dead.in_flight = 1;
    EXPECT_TRUE(plan_webhooks(std::vector{dead}, {}, kNow + seconds(30)).turns.empty());
}

TEST(PlanWebhooks, LeavesHalfOfTheRoomToThoseThatAnswer) {
    std::vector<WebhookQueue> queues;
    for (std::uint8_t number = 0; number < 200; ++number)
        queues.push_back(queue(number, hours(9), 1));
    queues.push_back(queue(201, seconds(0)));
    const WebhookPlan plan = plan_webhooks(queues, {.at_once = 64, .at_once_endpoint = 8}, kNow);
    int doubtful = 0;
    int alive = 0;
    for (const WebhookTurn& turn : plan.turns)
        (turn.endpoint == endpoint_number(201) ? alive : doubtful) += turn.most;
    EXPECT_EQ(doubtful, 32);
    EXPECT_EQ(alive, 8);
}

TEST(PlanWebhooks, SaysWhenTheNextIsDue) {
    const std::vector<WebhookQueue> queues{queue(1, seconds(-90)), queue(2, seconds(-7))};
    const WebhookPlan plan = plan_webhooks(queues, {}, kNow);
    EXPECT_TRUE(plan.turns.empty());
    EXPECT_EQ(plan.wake_at, kNow + seconds(7));
    EXPECT_EQ(plan_webhooks({}, {}, kNow).wake_at, std::nullopt);
}

RC_GTEST_PROP(PlanWebhooks, NeverExceedsTheRoomNorLeavesItEmptyWhileSomebodyWaits, ()) {
    const auto count = *rc::gen::inRange(0, 60);
    const WebhookRoom room{.at_once = *rc::gen::inRange(2, 100),
                           .at_once_endpoint = *rc::gen::inRange(1, 9)};
    std::vector<WebhookQueue> queues;
    std::map<Uuid, WebhookQueue> by_id;
    int flying = 0;
    for (int number = 0; number < count; ++number) {
        WebhookQueue one = queue(static_cast<std::uint8_t>(number),
                                 seconds(*rc::gen::inRange(-50, 50)),
                                 *rc::gen::inRange(0, 6));
        one.circuit.paused_until = kNow + seconds(*rc::gen::inRange(-50, 50));
        if (flying < room.at_once) one.in_flight = *rc::gen::inRange(0, 2);
        flying += one.in_flight;
        by_id[one.endpoint] = one;
        queues.push_back(one);
    }
    const WebhookPlan plan = plan_webhooks(queues, room, kNow);
    int taken = flying;
    int healthy_waiting = 0;
    for (const WebhookTurn& turn : plan.turns) {
        const WebhookQueue& one = by_id[turn.endpoint];
        RC_ASSERT(turn.most >= 1);
        RC_ASSERT(one.head_due <= kNow);
        const bool dead = one.circuit.failures >= kFailuresToPause;
        RC_ASSERT(turn.most + one.in_flight <= (dead ? 1 : room.at_once_endpoint));
        RC_ASSERT(!dead || one.circuit.paused_until <= kNow);
        taken += turn.most;
        by_id.erase(turn.endpoint);
    }
    RC_ASSERT(taken <= room.at_once);
    for (const auto& [id, one] : by_id) {
        const bool waits = one.circuit.failures == 0 && one.head_due <= kNow &&
                           one.in_flight < room.at_once_endpoint;
        if (waits) ++healthy_waiting;
    }
    RC_ASSERT(healthy_waiting == 0 || taken == room.at_once);
}

}  // namespace
}  // namespace causeway::gateway
