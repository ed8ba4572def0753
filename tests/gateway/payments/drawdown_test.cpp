// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/drawdown.h"

#include <gtest/gtest.h>

#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace causeway::gateway {
namespace {

using Stretches = std::vector<Stretch>;

TEST(Drawdown, DrawsWhatAWonDisputeGaveBackBeforeWhatNobodyHasDrawn) {
    Drawdown drawdown(100);
    EXPECT_EQ(drawdown.take("dispute", 50), (Stretches{{0, 50}}));
    EXPECT_EQ(drawdown.take("refund", 30), (Stretches{{50, 80}}));
    drawdown.give_back("dispute");
    EXPECT_EQ(drawdown.take("next", 60), (Stretches{{0, 50}, {80, 90}}));
    EXPECT_EQ(drawdown.take("last", 10), (Stretches{{90, 100}}));
}

// A provider takes what it takes, also when the merchant has given all of it back already.
TEST(Drawdown, BeyondTheWholeHasTheWorthOfTheLastUnits) {
    Drawdown drawdown(100);
    EXPECT_EQ(drawdown.take("refund", 90), (Stretches{{0, 90}}));
    EXPECT_EQ(drawdown.take("dispute", 40), (Stretches{{90, 100}, {70, 100}}));
    drawdown.give_back("dispute");
    EXPECT_EQ(drawdown.take("next", 10), (Stretches{{90, 100}}));
}

RC_GTEST_PROP(Drawdown, GivesNoUnitToTwoAsLongAsThereIsOneLeft, ()) {
    constexpr std::int64_t kWhole = 60;
    Drawdown drawdown(kWhole);
    std::map<std::string, Stretches> held;
    std::vector<int> owners(kWhole, 0);
    std::int64_t left = kWhole;
    const auto deeds = *rc::gen::container<std::vector<std::pair<bool, int>>>(
        rc::gen::pair(rc::gen::arbitrary<bool>(), rc::gen::inRange(1, 30)));
    const auto count = [&owners](const Stretches& stretches, int by) {
        for (const Stretch& one : stretches) {
            for (std::int64_t at = one.from; at < one.to; ++at)
                owners.at(static_cast<std::size_t>(at)) += by;
        }
    };
    for (std::size_t i = 0; i < deeds.size(); ++i) {
        const auto& [takes, part] = deeds[i];
        if (takes && part <= left) {
            const std::string owner = std::to_string(i);
            held[owner] = drawdown.take(owner, part);
            count(held[owner], 1);
            left -= part;
        } else if (!takes && !held.empty()) {
            count(held.begin()->second, -1);
            drawdown.give_back(held.begin()->first);
            held.erase(held.begin());
            left = std::ranges::count(owners, 0);
        }
        RC_ASSERT(std::ranges::max(owners) <= 1);
        RC_ASSERT(std::ranges::count(owners, 0) == left);
    }
}

}  // namespace
}  // namespace causeway::gateway
