// SPDX-License-Identifier: Apache-2.0
#include "gateway/instances/watch.h"

#include <gtest/gtest.h>

namespace causeway::gateway {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Uuid named(std::uint8_t last) {
    Uuid id;
    id.bytes[15] = last;
    return id;
}

class TheWatch : public testing::Test {
  protected:
    /// Looks once a beat for `time`, while the beats stay as they are; what was silent at the end.
    Beats look_for(seconds time, const Beats& beats) {
        Beats silent;
        for (seconds passed{0}; passed <= time; passed += seconds(3)) {
            now += seconds(3);
            silent = watch.silent(beats, now);
        }
        return silent;
    }

    const LeaseTimes times{seconds(15)};
    Watch watch{times};
    Monotonic now{seconds(1000)};
    const Uuid other = named(1);
};

TEST_F(TheWatch, BlamesWhoDoesNotMoveForALease) {
    EXPECT_TRUE(look_for(seconds(12), {{other, 7}}).empty());
    EXPECT_EQ(look_for(seconds(0), {{other, 7}}), (Beats{{other, 7}}));
}

TEST_F(TheWatch, BlamesNobodyWhoMoves) {
    for (std::int64_t beat = 0; beat < 100; ++beat)
        EXPECT_TRUE(look_for(seconds(0), {{other, beat}}).empty());
}

TEST_F(TheWatch, StartsAnewWithABeat) {
    (void)look_for(seconds(12), {{other, 7}});
    EXPECT_TRUE(look_for(seconds(12), {{other, 8}}).empty());
    EXPECT_EQ(look_for(seconds(0), {{other, 8}}).size(), 1U);
}

// We were stopped ourselves, or the server was away: the others could not beat either.
TEST_F(TheWatch, BlamesNobodyAfterAPauseOfOurOwn) {
    (void)look_for(seconds(12), {{other, 7}});
    now += seconds(60);
    EXPECT_TRUE(look_for(seconds(12), {{other, 7}}).empty());
    EXPECT_EQ(look_for(seconds(0), {{other, 7}}).size(), 1U);
}

TEST_F(TheWatch, ForgetsWhoIsGone) {
    (void)look_for(seconds(12), {{other, 7}});
    EXPECT_TRUE(look_for(seconds(0), {}).empty());
    EXPECT_TRUE(look_for(seconds(0), {{other, 7}}).empty());
}

TEST(OurLease, EndsBeforeOthersTakeOver) {
    const LeaseTimes times{seconds(15)};
    EXPECT_GT(times.lease, times.hold + times.beat);
    OwnLease lease(times.hold);
    const Monotonic start{seconds(1000)};
    EXPECT_FALSE(lease.holds(start)) << "before the first beat";
    lease.renewed(start);
    EXPECT_TRUE(lease.holds(start + times.hold - milliseconds(1)));
    EXPECT_FALSE(lease.holds(start + times.hold));
}

}  // namespace
}  // namespace causeway::gateway
