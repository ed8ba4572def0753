// SPDX-License-Identifier: Apache-2.0
#include "connectors/codes/banking_days.h"

#include "tests/support/case_name.h"

#include <gtest/gtest.h>

#include <string>

namespace causeway::connectors::codes {
namespace {

Day day(std::string_view text) {
    return *parse_day(text);
}

struct DueCase {
    std::string name;
    std::string due;
    std::string in_time;
};

class DueOn : public testing::TestWithParam<DueCase> {};

TEST_P(DueOn, IsPaidInTimeUntilTheNextDayOfTheBanks) {
    EXPECT_EQ(to_text(banking_day_from(day(GetParam().due))), GetParam().in_time);
}

INSTANTIATE_TEST_SUITE_P(
    Days,
    DueOn,
    testing::Values(DueCase{"AFriday", "2026-11-27", "2026-11-27"},
                    DueCase{"ASaturday", "2026-11-28", "2026-11-30"},
                    DueCase{"ASunday", "2026-11-29", "2026-11-30"},
                    DueCase{"ChristmasOnAFriday", "2026-12-25", "2026-12-28"},
                    DueCase{"TheSaturdayBeforeCarnival", "2026-02-14", "2026-02-18"},
                    DueCase{"GoodFriday", "2026-04-03", "2026-04-06"},
                    DueCase{"TheBlackAwarenessDaySince2024", "2026-11-20", "2026-11-23"},
                    DueCase{"NotBefore", "2023-11-20", "2023-11-20"},
                    // No calendar is known so far ahead: New Year's Day counts as any Friday.
                    DueCase{"BehindTheCalendar", "2100-01-01", "2100-01-01"},
                    DueCase{"AWeekendBehindIt", "2100-01-02", "2100-01-04"}),
    test::case_name<DueCase>);

TEST(BankingDays, TheNextIsNeverTheDayItself) {
    EXPECT_EQ(to_text(next_banking_day(day("2026-11-26"))), "2026-11-27");
    EXPECT_EQ(to_text(next_banking_day(day("2026-11-27"))), "2026-11-30");
    EXPECT_EQ(to_text(next_banking_day(day("2026-12-24"))), "2026-12-28");
}

TEST(BankingDays, ADayOfBrazilBeginsThreeHoursAfterThatOfUtc) {
    EXPECT_EQ(to_text(day_in_brazil(*parse_rfc3339("2026-11-23T02:59:59Z"))), "2026-11-22");
    EXPECT_EQ(to_text(day_in_brazil(*parse_rfc3339("2026-11-23T03:00:00Z"))), "2026-11-23");
    EXPECT_EQ(to_rfc3339(end_in_brazil(day("2026-11-22"))), "2026-11-23T03:00:00Z");
}

}  // namespace
}  // namespace causeway::connectors::codes
