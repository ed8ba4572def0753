// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/id_index.h"

#include "tests/support/books.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <stdexcept>
#include <vector>

namespace causeway::ledger {
namespace {

std::vector<std::uint32_t> places_of(const IdIndex& index, std::uint64_t fingerprint) {
    std::vector<std::uint32_t> places;
    (void)index.find(fingerprint, [&](std::uint32_t place) {
        places.push_back(place);
        return false;
    });
    return places;
}

TEST(IdIndex, KeepsEveryPlaceOfAFingerprintWhileItGrows) {
    IdIndex index;
    constexpr std::uint64_t kShared = 77;
    index.insert(kShared, 1);
    index.insert(kShared, UINT32_MAX);
    // All in one part, and many where another begins its search.
    for (std::uint32_t place = 2; place < 2000; ++place)
        index.insert(kShared + place * 16, place);
    EXPECT_EQ(index.size(), 2000U);
    EXPECT_EQ(places_of(index, kShared), (std::vector<std::uint32_t>{1, UINT32_MAX}));
    for (std::uint32_t place = 2; place < 2000; ++place)
        EXPECT_EQ(places_of(index, kShared + place * 16), std::vector{place});
    EXPECT_TRUE(places_of(index, kShared + 1).empty());
}

// 2^32 - 1 in earnest.
TEST(IdIndex, LetsNoEntryInThatItHasNoRoomFor) {
    const test::TemporaryFolder folder;
    test::Ids ids;
    const Entry last = test::capture(ids.next(), 1);
    {
        test::Books books(folder.url(), {.entries_max = 3});
        for (int i = 0; i < 2; ++i)
            ASSERT_TRUE(books.post(test::capture(ids.next(), 1)));
        ASSERT_TRUE(books.post(last));
        const Result<Posted> refused = books.post(test::capture(ids.next(), 1));
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code(), ErrorCode::unavailable);
        EXPECT_TRUE(books.post(last)->replayed);
        EXPECT_EQ(books.net(test::account("mer_1", Purpose::merchant_pending)), -3);
        EXPECT_TRUE(books.verified().findings.empty());
    }
    EXPECT_THROW(test::Books(folder.url(), {.entries_max = 2}), std::runtime_error);
    test::Books books(folder.url(), {.entries_max = 3});
    EXPECT_TRUE(books.post(last)->replayed);
}

}  // namespace
}  // namespace causeway::ledger
