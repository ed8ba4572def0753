// SPDX-License-Identifier: Apache-2.0
#include "connectors/card/reference.h"

#include "tests/support/case_name.h"

#include <gtest/gtest.h>

#include <rapidcheck.h>
#include <rapidcheck/gtest.h>
#include <set>
#include <string>

namespace causeway::connectors::card {
namespace {

struct NewCase {
    std::string name;
    std::string moment;
    std::int64_t sequence;
    std::string text;
};

class CardReferenceOf : public testing::TestWithParam<NewCase> {};

TEST_P(CardReferenceOf, AMomentAndASequenceNumber) {
    const Reference reference =
        new_reference(GetParam().sequence, *parse_rfc3339(GetParam().moment));
    EXPECT_EQ(to_text(reference), GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(Is,
                         CardReferenceOf,
                         testing::Values(NewCase{"TheExample",
                                                 "2026-11-21T05:45:00Z",
                                                 122,
                                                 "20261121-1121054500-000123-63250500003F"},
                                         NewCase{"NewYearInUtc",
                                                 "2026-12-31T23:30:00-01:00",
                                                 0,
                                                 "20270101-0101003000-000001-700100000001"},
                                         NewCase{"LastSecondOfALeapYear",
                                                 "2028-12-31T23:59:59.999999Z",
                                                 989'998,
                                                 "20281231-1231235959-989999-83662300L7VZ"},
                                         NewCase{"AfterTheLastNumber",
                                                 "2026-11-21T05:45:00Z",
                                                 989'999,
                                                 "20261121-1121054500-000001-63250500L7W0"}),
                         test::case_name<NewCase>);

RC_GTEST_PROP(CardReference, ReadsBackWhatItWrote, ()) {
    // From 1970 to 2199, in microseconds.
    const auto moment = *rc::gen::inRange<std::int64_t>(0, 7'258'118'400'000'000);
    const auto sequence = *rc::gen::inRange<std::int64_t>(0, 1'000'000'000'000);
    const Reference written = new_reference(sequence, from_microseconds(moment));
    const Result<Reference> read = parse_reference(to_text(written));
    RC_ASSERT(read.has_value());
    RC_ASSERT(to_text(*read) == to_text(written));
    RC_ASSERT(read->transmitted == transmission_time(from_microseconds(moment)));
    RC_ASSERT(to_text(written).size() <= 64u);
}

// A DE37 that comes twice in an hour would make two payments one.
TEST(CardReference, IsUniqueForFarMorePaymentsThanAnHourHas) {
    const Timestamp now = *parse_rfc3339("2026-11-21T05:45:00Z");
    std::set<std::string> seen;
    for (std::int64_t sequence = 0; sequence < 40 * kOperationStanMax; sequence += 9'973)
        EXPECT_TRUE(seen.insert(new_reference(sequence, now).rrn).second);
}

struct WrongCase {
    std::string name;
    std::string text;
};

class CardReferenceRefuses : public testing::TestWithParam<WrongCase> {};

TEST_P(CardReferenceRefuses, WhatItDidNotWrite) {
    const Result<Reference> reference = parse_reference(GetParam().text);
    ASSERT_FALSE(reference);
    EXPECT_EQ(reference.error().code(), ErrorCode::invalid_argument);
}

INSTANTIATE_TEST_SUITE_P(
    Text,
    CardReferenceRefuses,
    testing::Values(WrongCase{"Empty", ""},
                    WrongCase{"Short", "20261121-1121054500-000123-63250500012"},
                    WrongCase{"Long", "20261121-1121054500-000123-6325050001230"},
                    WrongCase{"NoDash", "202611210112105450000001230632505000123"},
                    WrongCase{"Letter", "20261121-1121054500-00012x-632505000123"},
                    WrongCase{"NoSuchDay", "20260231-0231054500-000123-632505000123"},
                    WrongCase{"AnotherDay", "20261121-1122054500-000123-632505000123"},
                    WrongCase{"HourTwentyFour", "20261121-1121244500-000123-632505000123"},
                    WrongCase{"MinuteSixty", "20261121-1121056000-000123-632505000123"},
                    WrongCase{"SmallLetter", "20261121-1121054500-000123-63250500003f"},
                    WrongCase{"StanZero", "20261121-1121054500-000000-632505000123"},
                    WrongCase{"NetworkStan", "20261121-1121054500-990000-632505000123"},
                    WrongCase{"RrnDayZero", "20261121-1121054500-000123-600005000123"},
                    WrongCase{"RrnDay367", "20261121-1121054500-000123-636705000123"},
                    WrongCase{"RrnHour", "20261121-1121054500-000123-632524000123"}),
    test::case_name<WrongCase>);

}  // namespace
}  // namespace causeway::connectors::card
