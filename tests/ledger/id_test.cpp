// SPDX-License-Identifier: Apache-2.0
#include "ledger/id.h"

#include "tests/support/books.h"
#include "tests/support/case_name.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <rapidcheck.h>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace causeway {
namespace {

using test::Ids;

// Source: RFC 9562 appendix A.6, 017F22E2-79B0-7CC3-98C4-DC0C0C07398F, made on 2022-02-22 at
// 19:22:22 UTC.
// The spelling in base 32 was computed from the 128 bits by another program.
constexpr Uuid kExample{{0x01,
                         0x7F,
                         0x22,
                         0xE2,
                         0x79,
                         0xB0,
                         0x7C,
                         0xC3,
                         0x98,
                         0xC4,
                         0xDC,
                         0x0C,
                         0x0C,
                         0x07,
                         0x39,
                         0x8F}};

TEST(Id, ReadsTheExampleOfTheStandard) {
    EXPECT_EQ(to_rfc9562(kExample), "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
    EXPECT_EQ(to_text(kExample), "01FWHE4YDGFK1SHH6W1G60EECF");
    EXPECT_EQ(to_rfc3339(time_of(kExample)), "2022-02-22T19:22:22Z");
}

TEST(Id, SpellsTheEndsOfTheRange) {
    Uuid last;
    last.bytes.fill(0xFF);
    EXPECT_EQ(to_text(Uuid()), "00000000000000000000000000");
    EXPECT_EQ(to_text(last), "7ZZZZZZZZZZZZZZZZZZZZZZZZZ");
    EXPECT_EQ(to_text("je", Uuid()), "je_00000000000000000000000000");
}

TEST(Id, IsOfVersionSevenAndOfTheVariant) {
    Ids ids;
    for (int i = 0; i < 1000; ++i) {
        const Uuid id = ids.next();
        EXPECT_EQ(id.bytes[6] >> 4U, 7);
        EXPECT_EQ(id.bytes[8] >> 6U, 2);
        EXPECT_EQ(time_of(id), ids.clock.now());
    }
}

// An id that does not grow makes the insert land in the middle of the tree, or on another's.
TEST(Id, GrowsStrictlyWhateverTheClockDoes) {
    EXPECT_TRUE(rc::check("ids grow", [](const std::vector<int>& steps, std::uint64_t seed) {
        Ids ids(seed);
        Uuid before;
        for (const int step : steps) {
            ids.clock.advance(std::chrono::microseconds(std::int64_t{step} * 100));
            for (int i = 0; i < 3; ++i) {
                const Uuid id = ids.next();
                RC_ASSERT(before < id);
                RC_ASSERT(to_text(before) < to_text(id));
                before = id;
            }
        }
    }));
}

TEST(Id, IsNeverGivenTwiceToManyThreads) {
    Ids ids;
    constexpr std::size_t kEach = 5000;
    std::array<std::vector<Uuid>, 4> made;
    std::vector<std::thread> threads;
    for (std::vector<Uuid>& mine : made) {
        threads.emplace_back([&] {
            for (std::size_t i = 0; i < kEach; ++i)
                mine.push_back(ids.next());
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    std::vector<Uuid> all;
    for (const std::vector<Uuid>& mine : made) {
        EXPECT_TRUE(std::ranges::is_sorted(mine));
        all.insert(all.end(), mine.begin(), mine.end());
    }
    std::ranges::sort(all);
    EXPECT_EQ(std::ranges::adjacent_find(all), all.end());
}

TEST(Id, CanNotBeGuessedFromItsNeighbour) {
    Ids ids;
    const Uuid one = ids.next();
    const Uuid two = ids.next();
    int differing = 0;
    for (std::size_t i = 9; i < one.bytes.size(); ++i)
        differing += one.bytes[i] != two.bytes[i] ? 1 : 0;
    EXPECT_GE(differing, 4);
}

TEST(Id, ReadsWhatItWrote) {
    EXPECT_TRUE(rc::check("every id survives", [](const std::array<std::uint8_t, 16>& bytes) {
        const Uuid id{bytes};
        const std::string text = to_text(id);
        RC_ASSERT(text.size() == 26U);
        RC_ASSERT(*parse_id(text) == id);
        RC_ASSERT(*parse_id("pay", to_text("pay", id)) == id);
        RC_ASSERT(*uuid_from_bytes(id.bytes) == id);
    }));
}

struct IdCase {
    const char* name;
    std::string_view text;
};

class IdParse : public testing::TestWithParam<IdCase> {};

// One spelling an id: two spellings of one payment would pass for two payments in a cache.
TEST_P(IdParse, Refuses) {
    EXPECT_EQ(parse_id("pay", GetParam().text).error().code(), ErrorCode::invalid_argument);
}

INSTANTIATE_TEST_SUITE_P(Id,
                         IdParse,
                         testing::Values(IdCase{"Nothing", ""},
                                         IdCase{"NoPrefix", "01FWHE4YDGFK1SHH6W1G60EECF"},
                                         IdCase{"OnlyThePrefix", "pay_"},
                                         IdCase{"OtherPrefix", "cap_01FWHE4YDGFK1SHH6W1G60EECF"},
                                         IdCase{"LongerPrefix", "payx_01FWHE4YDGFK1SHH6W1G60EECF"},
                                         IdCase{"LowerCase", "pay_01fwhe4ydgfk1shh6w1g60eecf"},
                                         IdCase{"OneLower", "pay_01FWHE4YDGFK1SHH6W1G60EECf"},
                                         IdCase{"TooShort", "pay_01FWHE4YDGFK1SHH6W1G60EEC"},
                                         IdCase{"TooLong", "pay_01FWHE4YDGFK1SHH6W1G60EECF0"},
                                         IdCase{"LetterI", "pay_01FWHE4YDGFK1SHH6W1G60EECI"},
                                         IdCase{"LetterL", "pay_01FWHE4YDGFK1SHH6W1G60EECL"},
                                         IdCase{"LetterO", "pay_01FWHE4YDGFK1SHH6W1G60EECO"},
                                         IdCase{"LetterU", "pay_01FWHE4YDGFK1SHH6W1G60EECU"},
                                         IdCase{"Hyphen", "pay_01FWHE4Y-GFK1SHH6W1G60EECF"},
                                         IdCase{"MoreThan128Bits",
                                                "pay_8ZZZZZZZZZZZZZZZZZZZZZZZZZ"}),
                         test::case_name<IdCase>);

TEST(Id, HasSixteenBytes) {
    const std::array<std::uint8_t, 17> bytes{};
    EXPECT_EQ(uuid_from_bytes(std::span(bytes).first(15)).error().code(),
              ErrorCode::invalid_argument);
    EXPECT_EQ(uuid_from_bytes(bytes).error().code(), ErrorCode::invalid_argument);
    EXPECT_TRUE(uuid_from_bytes(std::span(bytes).first(16)));
}

}  // namespace
}  // namespace causeway
