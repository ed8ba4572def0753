// SPDX-License-Identifier: Apache-2.0
#include "gateway/api/trace.h"

#include "tests/support/books.h"
#include "tests/support/case_name.h"

#include <gtest/gtest.h>

namespace causeway::gateway {
namespace {

struct TraceCase {
    std::string name;
    std::string header;
    bool good;
};

class Traceparent : public testing::TestWithParam<TraceCase> {};

const std::string kTrace = "0af7651916cd43dd8448eb211c80319c";
const std::string kSpan = "b7ad6b7169203331";

INSTANTIATE_TEST_SUITE_P(
    Headers,
    Traceparent,
    testing::Values(
        TraceCase{"AsInTheRecommendation", "00-" + kTrace + "-" + kSpan + "-01", true},
        TraceCase{"LaterVersion", "cc-" + kTrace + "-" + kSpan + "-01", true},
        TraceCase{"LaterVersionWithMore", "cc-" + kTrace + "-" + kSpan + "-01-more", true},
        TraceCase{"LaterVersionWithTail", "cc-" + kTrace + "-" + kSpan + "-01.more", false},
        TraceCase{"FirstVersionWithMore", "00-" + kTrace + "-" + kSpan + "-01-more", false},
        TraceCase{"NoVersion", "ff-" + kTrace + "-" + kSpan + "-01", false},
        TraceCase{"UpperCase", "00-0AF7651916CD43DD8448EB211C80319C-" + kSpan + "-01", false},
        TraceCase{"ZeroTrace", "00-" + std::string(32, '0') + "-" + kSpan + "-01", false},
        TraceCase{"ZeroSpan", "00-" + kTrace + "-" + std::string(16, '0') + "-01", false},
        TraceCase{"WrongDash", "00-" + kTrace + "_" + kSpan + "-01", false},
        TraceCase{"Short", "00-" + kTrace + "-" + kSpan, false},
        TraceCase{"Empty", "", false},
        TraceCase{"CardNumber", "4911738250649175", false}),
    test::case_name<TraceCase>);

TEST_P(Traceparent, IsReadToTheLetterOrNotAtAll) {
    const std::optional<Trace> trace = parse_traceparent(GetParam().header);
    ASSERT_EQ(trace.has_value(), GetParam().good);
    if (!trace) return;
    EXPECT_EQ(trace->trace_id, kTrace);
    EXPECT_EQ(trace->span_id, kSpan);
}

TEST(Trace, GoesOnWithASpanOfOurs) {
    const ManualClock clock(*parse_rfc3339("2026-04-14T08:00:00Z"));
    test::SeededEntropy entropy(1);
    IdSource ids(clock, entropy);
    for (const auto& [sent, handed_on] : {std::pair("01", "01"),
                                          std::pair("00", "00"),
                                          std::pair("03", "01"),
                                          std::pair("0a", "00")}) {
        const std::string header = "00-" + kTrace + "-" + kSpan + "-" + sent;
        const Trace trace = continue_trace(&header, ids);
        EXPECT_EQ(trace.trace_id, kTrace);
        EXPECT_NE(trace.span_id, kSpan);
        EXPECT_EQ(trace.flags, handed_on);
        EXPECT_TRUE(parse_traceparent(trace.header()));
    }
}

TEST(Trace, BeginsWhereTheCallerHasNone) {
    const ManualClock clock(*parse_rfc3339("2026-04-14T08:00:00Z"));
    test::SeededEntropy entropy(1);
    IdSource ids(clock, entropy);
    const Trace one = continue_trace(nullptr, ids);
    const std::string nonsense = "4911738250649175";
    const Trace other = continue_trace(&nonsense, ids);
    EXPECT_TRUE(parse_traceparent(one.header()));
    EXPECT_TRUE(parse_traceparent(other.header()));
    EXPECT_NE(one.trace_id, other.trace_id);
    EXPECT_EQ(other.header().find(nonsense), std::string::npos);
}

}  // namespace
}  // namespace causeway::gateway
