// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/connector_health.h"

#include "tests/support/amounts.h"

#include <gtest/gtest.h>

#include <rapidcheck.h>
#include <vector>

namespace causeway::gateway {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const Timestamp kStart = *parse_rfc3339("2026-04-14T08:00:00Z");

HealthLimits limits() {
    return {.samples = 10,
            .failures_max = 4,
            .probes = 2,
            .forget = seconds(60),
            .rest = seconds(30),
            .rest_max = seconds(100)};
}

void fail(ConnectorHealth& health, int times, Timestamp at) {
    for (int i = 0; i < times; ++i)
        health.record("acq", HealthSample::timeout, at);
}

TEST(ConnectorHealth, IsClosedUntilEnoughHaveFailed) {
    ConnectorHealth health(limits());
    EXPECT_EQ(health.view("acq", kStart).state, CircuitState::closed);
    fail(health, 3, kStart);
    EXPECT_FALSE(health.open("acq", kStart));
    EXPECT_EQ(health.view("acq", kStart).failures, 3U);
    fail(health, 1, kStart);
    EXPECT_TRUE(health.open("acq", kStart));
    EXPECT_FALSE(health.open("other", kStart));
}

TEST(ConnectorHealth, ForgetsOldFailures) {
    ConnectorHealth health(limits());
    fail(health, 3, kStart);
    fail(health, 3, kStart + seconds(60));
    EXPECT_FALSE(health.open("acq", kStart + seconds(60)));
    fail(health, 1, kStart + seconds(61));
    EXPECT_TRUE(health.open("acq", kStart + seconds(61)));
}

TEST(ConnectorHealth, CountsTheLastSamplesOnly) {
    ConnectorHealth health(limits());
    fail(health, 3, kStart);
    for (int i = 0; i < 8; ++i)
        health.record("acq", HealthSample::ok, kStart);
    fail(health, 1, kStart);
    EXPECT_FALSE(health.open("acq", kStart));
}

TEST(ConnectorHealth, RestsAndIsProbedBeforeItCloses) {
    ConnectorHealth health(limits());
    fail(health, 4, kStart);
    const Timestamp rested = kStart + seconds(30);
    EXPECT_TRUE(health.open("acq", rested - milliseconds(1)));
    EXPECT_EQ(health.view("acq", rested).state, CircuitState::half_open);
    health.record("acq", HealthSample::ok, rested);
    EXPECT_EQ(health.view("acq", rested).state, CircuitState::half_open);
    health.record("acq", HealthSample::ok, rested);
    EXPECT_EQ(health.view("acq", rested).state, CircuitState::closed);
    fail(health, 3, rested);
    EXPECT_FALSE(health.open("acq", rested));
}

TEST(ConnectorHealth, OneFailedProbeOpensItForLonger) {
    ConnectorHealth health(limits());
    fail(health, 4, kStart);
    Timestamp now = kStart + seconds(30);
    for (const int rest : {60, 100, 100}) {
        health.record("acq", HealthSample::error, now);
        EXPECT_EQ(health.view("acq", now).open_until, now + seconds(rest));
        now += seconds(rest);
    }
}

// What was under way when it tripped comes back late and says nothing new.
TEST(ConnectorHealth, LateOutcomesDoNotProlongItsRest) {
    ConnectorHealth health(limits());
    fail(health, 4, kStart);
    fail(health, 50, kStart + seconds(29));
    health.record("acq", HealthSample::ok, kStart + seconds(29));
    EXPECT_EQ(health.view("acq", kStart + seconds(30)).state, CircuitState::half_open);
}

TEST(ConnectorHealth, ADeclineIsHealthAndSilenceIsNot) {
    using connectors::Answer;
    using connectors::Decline;
    EXPECT_EQ(health_of(Answer{.approved = true}), HealthSample::ok);
    EXPECT_EQ(health_of(Answer{.decline = Decline::insufficient_funds}), HealthSample::ok);
    EXPECT_EQ(health_of(Answer{.decline = Decline::provider_unavailable}), HealthSample::error);
    EXPECT_EQ(health_of(Error(ErrorCode::outcome_unknown)), HealthSample::timeout);
    EXPECT_EQ(health_of(Error(ErrorCode::unavailable)), HealthSample::error);
    EXPECT_EQ(health_of(Error(ErrorCode::invalid_argument)), std::nullopt);
}

// However it went before: after its longest rest a connector is never open, and after enough
// answers in a row it is closed.
TEST(ConnectorHealth, AlwaysRecovers) {
    rc::check([](const std::vector<std::pair<std::uint8_t, std::uint8_t>>& history) {
        ConnectorHealth health(limits());
        Timestamp now = kStart;
        for (const auto& [pause, sample] : history) {
            now += seconds(pause % 40);
            health.record("acq", static_cast<HealthSample>(sample % 3), now);
            if (health.open("acq", now)) RC_ASSERT(health.view("acq", now).open_until > now);
        }
        now += limits().rest_max;
        RC_ASSERT(!health.open("acq", now));
        for (int i = 0; i < 2; ++i)
            health.record("acq", HealthSample::ok, now);
        RC_ASSERT(health.view("acq", now).state == CircuitState::closed);
    });
}

}  // namespace
}  // namespace causeway::gateway
