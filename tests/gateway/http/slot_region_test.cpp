// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/slot_region.h"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <set>
#include <sys/mman.h>
#include <vector>

namespace causeway::gateway {
namespace {

constexpr std::size_t kPage = 4'096;
constexpr SlotRegion::Shape kShape{.slot_bytes = 2 * kPage, .slots = 8, .warm_slots = 2};

bool resident(void* slot) {
    std::array<unsigned char, 2> pages{};
    EXPECT_EQ(::mincore(slot, kShape.slot_bytes, pages.data()), 0);
    return (pages[0] & 1U) != 0 && (pages[1] & 1U) != 0;
}

std::vector<void*> take_all(SlotRegion& region) {
    std::vector<void*> taken;
    while (void* const slot = region.take()) {
        std::memset(slot, 1, kShape.slot_bytes);
        taken.push_back(slot);
    }
    return taken;
}

TEST(SlotRegion, GivesEverySlotOnce) {
    SlotRegion region(kShape);
    ASSERT_TRUE(region.usable());
    const std::vector<void*> taken = take_all(region);
    EXPECT_EQ(taken.size(), kShape.slots);
    EXPECT_EQ(std::set<void*>(taken.begin(), taken.end()).size(), kShape.slots);
    for (void* const slot : taken)
        EXPECT_TRUE(region.holds(slot));
    const int elsewhere = 0;
    EXPECT_FALSE(region.holds(&elsewhere));
    EXPECT_FALSE(region.holds(nullptr));
}

TEST(SlotRegion, GivesAgainWhatCameBack) {
    SlotRegion region(kShape);
    const std::vector<void*> first = take_all(region);
    for (void* const slot : first)
        region.give_back(slot);
    const std::vector<void*> second = take_all(region);
    EXPECT_EQ(std::set<void*>(first.begin(), first.end()),
              std::set<void*>(second.begin(), second.end()));
}

TEST(SlotRegion, KeepsThePagesOfTheWarmOnesOnly) {
    SlotRegion region(kShape);
    const std::vector<void*> taken = take_all(region);
    for (void* const slot : taken)
        region.give_back(slot);
    // Or a rush of handshakes stays in memory for as long as the gateway runs.
    std::size_t kept = 0;
    for (void* const slot : taken)
        kept += resident(slot) ? 1U : 0U;
    EXPECT_EQ(kept, kShape.warm_slots);
}

// Where pages are larger, one slot's end would lie on the page of the next one's beginning, and the
// bytes of a living connection would go back to the system with its neighbour's.
TEST(SlotRegion, GivesNoTwoSlotsOfOnePage) {
    constexpr std::size_t kLargePage = 16'384;
    SlotRegion region({.slot_bytes = 24'576, .slots = 4, .warm_slots = 0}, kLargePage);
    ASSERT_TRUE(region.usable());
    const auto* const first = static_cast<const std::byte*>(region.take());
    for (int next = 1; next < 4; ++next) {
        const auto* const slot = static_cast<const std::byte*>(region.take());
        ASSERT_TRUE(slot != nullptr);
        EXPECT_EQ(slot - first, next * std::ptrdiff_t{2 * kLargePage});
        EXPECT_TRUE(region.holds(slot + 2 * kLargePage - 1));
    }
}

TEST(SlotRegion, LeavesASlotOfWholePagesAsItIs) {
    EXPECT_GE(page_bytes(), kPage);
    SlotRegion region({.slot_bytes = 2 * page_bytes(), .slots = 2, .warm_slots = 0});
    const auto* const first = static_cast<const std::byte*>(region.take());
    const auto* const second = static_cast<const std::byte*>(region.take());
    EXPECT_EQ(second - first, static_cast<std::ptrdiff_t>(2 * page_bytes()));
}

}  // namespace
}  // namespace causeway::gateway
