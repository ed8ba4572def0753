// SPDX-License-Identifier: Apache-2.0
#include "gateway/reconcile/statement_time.h"

#include "tests/support/case_name.h"

#include <gtest/gtest.h>

#include <string>

namespace causeway::gateway {
namespace {

struct ZoneCase {
    std::string name;
    std::string local;
    std::string zone;
    std::string day;  ///< Empty: refused.
};

class StatementTime : public testing::TestWithParam<ZoneCase> {};

TEST_P(StatementTime, FindsTheUtcDay) {
    const Result<std::chrono::sys_seconds> local = parse_local_time(GetParam().local);
    ASSERT_TRUE(local);
    const Result<Day> day = utc_day(*local, GetParam().zone);
    const std::string found = day ? to_text(*day) : std::string();
    EXPECT_EQ(found, GetParam().day);
}

INSTANTIATE_TEST_SUITE_P(
    Zones,
    StatementTime,
    testing::Values(
        ZoneCase{"Utc", "2026-04-13 23:59:59", "UTC", "2026-04-13"},
        ZoneCase{"Gmt", "2026-04-13 00:00:00", "GMT", "2026-04-13"},
        ZoneCase{"SummerInAmsterdam", "2026-04-13 01:59:59", "Europe/Amsterdam", "2026-04-12"},
        ZoneCase{"WinterInAmsterdam", "2026-01-13 01:00:00", "Europe/Amsterdam", "2026-01-13"},
        ZoneCase{"CetInSummer", "2026-04-13 01:30:00", "CET", "2026-04-12"},
        ZoneCase{"Cest", "2026-04-13 01:30:00", "CEST", "2026-04-12"},
        ZoneCase{"Pst", "2026-01-13 16:00:00", "PST", "2026-01-14"},
        ZoneCase{"Tokyo", "2026-04-13 08:59:59", "Asia/Tokyo", "2026-04-12"},
        ZoneCase{"SkippedInSpring", "2026-03-29 02:30:00", "Europe/Amsterdam", ""},
        // Came at 00:30 and at 01:30 UTC; either way the same day.
        ZoneCase{"TwiceInAutumn", "2026-10-25 02:30:00", "Europe/Amsterdam", "2026-10-25"},
        // Troll goes back two hours: 01:30 comes at 23:30 and at 01:30 UTC; the first counts.
        ZoneCase{"TwiceAroundMidnight", "2026-10-25 01:30:00", "Antarctica/Troll", "2026-10-24"},
        ZoneCase{"Unknown", "2026-04-13 10:00:00", "Europe/Atlantis", ""},
        ZoneCase{"Path", "2026-04-13 10:00:00", "../../etc/passwd", ""},
        ZoneCase{"Empty", "2026-04-13 10:00:00", "", ""}),
    test::case_name<ZoneCase>);

TEST(StatementTimeText, IsReadStrictly) {
    for (const char* wrong : {"",
                              "2026-04-13",
                              "2026-04-13T10:01:00",
                              "2026-04-13 10:01",
                              "2026-04-13 24:00:00",
                              "2026-04-13 10:60:00",
                              "2026-04-13 10:01:60",
                              "2026-02-30 10:01:00",
                              "13-04-2026 10:01:00",
                              "2026-04-13 1a:01:00",
                              "2026-04-13 10:01:00Z"})
        EXPECT_FALSE(parse_local_time(wrong)) << wrong;
}

}  // namespace
}  // namespace causeway::gateway
