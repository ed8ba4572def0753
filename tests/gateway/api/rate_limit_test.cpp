// SPDX-License-Identifier: Apache-2.0
#include "gateway/api/rate_limit.h"

#include <gtest/gtest.h>

#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace causeway::gateway {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

const Timestamp kStart = *parse_rfc3339("2026-04-14T08:00:00Z");
const Sha256 kOne = sha256("one");
const Sha256 kOther = sha256("other");

TEST(RateLimiter, GivesTheBurstAtOnceAndThenNothing) {
    RateLimiter limiter({.per_second = 2, .burst = 3});
    EXPECT_EQ(limiter.take(kOne, kStart).remaining, 2);
    EXPECT_EQ(limiter.take(kOne, kStart).remaining, 1);
    EXPECT_EQ(limiter.take(kOne, kStart).remaining, 0);
    const RateVerdict refused = limiter.take(kOne, kStart);
    EXPECT_FALSE(refused.allowed);
    EXPECT_EQ(refused.retry_in_s, 1);
    EXPECT_EQ(refused.full_in_s, 2);
    EXPECT_EQ(refused.field(), "\"default\";r=0;t=2");
    EXPECT_EQ(limiter.policy_field(), "\"default\";q=3;w=2");
}

TEST(RateLimiter, FillsUpWithTimeAndNoFurther) {
    RateLimiter limiter({.per_second = 2, .burst = 3});
    for (int i = 0; i < 3; ++i)
        EXPECT_TRUE(limiter.take(kOne, kStart).allowed);
    EXPECT_FALSE(limiter.take(kOne, kStart + milliseconds(499)).allowed);
    EXPECT_TRUE(limiter.take(kOne, kStart + milliseconds(500)).allowed);
    EXPECT_FALSE(limiter.take(kOne, kStart + milliseconds(500)).allowed);
    const RateVerdict later = limiter.take(kOne, kStart + seconds(3'600));
    EXPECT_EQ(later.remaining, 2);
    EXPECT_EQ(later.full_in_s, 1);
}

TEST(RateLimiter, CountsEveryKeyByItself) {
    RateLimiter limiter({.per_second = 1, .burst = 1});
    EXPECT_TRUE(limiter.take(kOne, kStart).allowed);
    EXPECT_FALSE(limiter.take(kOne, kStart).allowed);
    EXPECT_TRUE(limiter.take(kOther, kStart).allowed);
}

TEST(RateLimiter, TakesNothingAwayWhenTheClockStepsBack) {
    RateLimiter limiter({.per_second = 1, .burst = 2});
    EXPECT_TRUE(limiter.take(kOne, kStart).allowed);
    EXPECT_TRUE(limiter.take(kOne, kStart - seconds(60)).allowed);
    EXPECT_FALSE(limiter.take(kOne, kStart - seconds(60)).allowed);
    // Nor does it give anything twice when it comes back.
    EXPECT_FALSE(limiter.take(kOne, kStart).allowed);
}

TEST(RateLimiter, KeepsAsManyBucketsAsItSays) {
    RateLimiter limiter({.per_second = 1, .burst = 1});
    for (std::size_t i = 0; i < RateLimiter::kBucketsMax + 10; ++i)
        EXPECT_TRUE(limiter.take(sha256(std::to_string(i)), kStart).allowed);
    EXPECT_EQ(limiter.buckets(), RateLimiter::kBucketsMax);
    // Those that are full again are as good as forgotten.
    EXPECT_TRUE(limiter.take(kOne, kStart + seconds(5)).allowed);
    EXPECT_EQ(limiter.buckets(), 1U);
}

TEST(RateLimiter, WithoutARateThereIsNoLimit) {
    EXPECT_FALSE(RateLimiter({.per_second = 0, .burst = 1}).limits());
    EXPECT_TRUE(RateLimiter({.per_second = 1, .burst = 1}).limits());
}

// Whatever the rhythm, nobody gets more than the burst and what the time brought.
RC_GTEST_PROP(RateLimiter, NeverGivesMoreThanItMay, ()) {
    const auto rate = *rc::gen::inRange<std::int64_t>(1, 1'000);
    const auto burst = *rc::gen::inRange<std::int64_t>(1, 100);
    const auto pauses = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 50'000));
    RateLimiter limiter({.per_second = rate, .burst = burst});
    Timestamp now = kStart;
    std::int64_t given = 0;
    for (const int pause : pauses) {
        now += microseconds(pause);
        const RateVerdict verdict = limiter.take(kOne, now);
        given += verdict.allowed ? 1 : 0;
        RC_ASSERT((verdict.remaining >= 0 && verdict.remaining < burst));
        const std::int64_t passed = to_microseconds(now) - to_microseconds(kStart);
        RC_ASSERT(given * 1'000'000 <= burst * 1'000'000 + passed * rate);
    }
}

}  // namespace
}  // namespace causeway::gateway
