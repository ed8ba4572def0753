// SPDX-License-Identifier: Apache-2.0
#include "ledger/clock.h"

#include "tests/support/case_name.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <rapidcheck.h>
#include <string_view>

namespace causeway {
namespace {

using std::chrono::days;
using std::chrono::microseconds;

TEST(Clock, StandsStillUntilItIsMoved) {
    ManualClock clock(from_microseconds(5));
    EXPECT_EQ(clock.now(), from_microseconds(5));
    clock.advance(microseconds(3));
    EXPECT_EQ(to_microseconds(clock.now()), 8);
    clock.set(from_microseconds(-1));
    EXPECT_EQ(to_microseconds(clock.now()), -1);
}

TEST(Clock, BeginsTheDayAtMidnightAlsoBefore1970) {
    EXPECT_EQ(day_of(from_microseconds(0)), Day());
    EXPECT_EQ(day_of(from_microseconds(-1)), Day() - days(1));
    EXPECT_EQ(day_of(from_microseconds(86'400'000'000 - 1)), Day());
    EXPECT_EQ(day_of(from_microseconds(86'400'000'000)), Day() + days(1));
}

struct MomentCase {
    const char* name;
    std::string_view text;
    std::int64_t microseconds;
};

class ClockMoment : public testing::TestWithParam<MomentCase> {};

TEST_P(ClockMoment, IsRead) {
    const Result<Timestamp> moment = parse_rfc3339(GetParam().text);
    ASSERT_TRUE(moment) << moment.error().detail();
    EXPECT_EQ(to_microseconds(*moment), GetParam().microseconds);
}

// Expected values from `date -u -d TEXT +%s`.
INSTANTIATE_TEST_SUITE_P(
    Read,
    ClockMoment,
    testing::Values(MomentCase{"Utc", "2026-04-13T10:01:00Z", 1'776'074'460'000'000},
                    MomentCase{"LowerCase", "2026-04-13t10:01:00z", 1'776'074'460'000'000},
                    MomentCase{"East", "2026-04-13T12:01:00+02:00", 1'776'074'460'000'000},
                    MomentCase{"West", "2026-04-13T05:31:00-04:30", 1'776'074'460'000'000},
                    MomentCase{
                        "EastOverMidnight", "2026-04-14T00:01:00+14:00", 1'776'074'460'000'000},
                    MomentCase{"Fraction", "2026-04-13T10:01:00.5Z", 1'776'074'460'500'000},
                    MomentCase{"SixDecimals", "2026-04-13T10:01:00.000001Z", 1'776'074'460'000'001},
                    MomentCase{"LeapDay", "2024-02-29T00:00:00Z", 1'709'164'800'000'000},
                    MomentCase{"Before1970", "1969-12-31T23:59:59.999999Z", -1}),
    test::case_name<MomentCase>);

struct WrongCase {
    const char* name;
    std::string_view text;
};

class ClockWrong : public testing::TestWithParam<WrongCase> {};

TEST_P(ClockWrong, IsRefused) {
    EXPECT_EQ(parse_rfc3339(GetParam().text).error().code(), ErrorCode::invalid_argument);
}

INSTANTIATE_TEST_SUITE_P(Moment,
                         ClockWrong,
                         testing::Values(WrongCase{"Nothing", ""},
                                         WrongCase{"DayOnly", "2026-04-13"},
                                         WrongCase{"NoZone", "2026-04-13T10:01:00"},
                                         WrongCase{"Blank", "2026-04-13 10:01:00Z"},
                                         WrongCase{"Trailing", "2026-04-13T10:01:00Z "},
                                         WrongCase{"NoSuchDay", "2026-02-29T10:01:00Z"},
                                         WrongCase{"Month13", "2026-13-01T10:01:00Z"},
                                         WrongCase{"Hour24", "2026-04-13T24:00:00Z"},
                                         WrongCase{"Minute60", "2026-04-13T10:60:00Z"},
                                         WrongCase{"EmptyFraction", "2026-04-13T10:01:00.Z"},
                                         WrongCase{"SevenDecimals", "2026-04-13T10:01:00.0000001Z"},
                                         WrongCase{"OffsetOf24", "2026-04-13T10:01:00+24:00"},
                                         WrongCase{"OffsetWithoutColon",
                                                   "2026-04-13T10:01:00+0200"},
                                         WrongCase{"Sign", "2026-04-13T-1:01:00Z"}),
                         test::case_name<WrongCase>);

TEST(Clock, WritesWholeSecondsThatItReadsAgain) {
    EXPECT_EQ(to_rfc3339(from_microseconds(1'776'074'460'999'999)), "2026-04-13T10:01:00Z");
    EXPECT_EQ(to_rfc3339(from_microseconds(-1)), "1969-12-31T23:59:59Z");
    EXPECT_TRUE(rc::check("moments survive", [] {
        // From the year 1 to the year 9999.
        const auto second = *rc::gen::inRange<std::int64_t>(-62'135'596'800, 253'402'300'800);
        const Timestamp moment = from_microseconds(second * 1'000'000);
        RC_ASSERT(*parse_rfc3339(to_rfc3339(moment)) == moment);
        RC_ASSERT(*parse_day(to_text(day_of(moment))) == day_of(moment));
    }));
}

class ClockDay : public testing::TestWithParam<WrongCase> {};

TEST_P(ClockDay, IsRefused) {
    EXPECT_EQ(parse_day(GetParam().text).error().code(), ErrorCode::invalid_argument);
}

INSTANTIATE_TEST_SUITE_P(Wrong,
                         ClockDay,
                         testing::Values(WrongCase{"Nothing", ""},
                                         WrongCase{"Short", "2026-4-13"},
                                         WrongCase{"Basic", "20260413"},
                                         WrongCase{"Trailing", "2026-04-13x"},
                                         WrongCase{"DayZero", "2026-04-00"},
                                         WrongCase{"April31", "2026-04-31"},
                                         WrongCase{"Century", "1900-02-29"},
                                         WrongCase{"Negative", "-026-04-13"}),
                         test::case_name<WrongCase>);

}  // namespace
}  // namespace causeway
