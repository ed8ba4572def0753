// SPDX-License-Identifier: Apache-2.0
#include "ledger/calendar/calendar.h"

#include "tests/support/amounts.h"
#include "tests/support/case_name.h"

#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <rapidcheck.h>
#include <string>
#include <string_view>

namespace causeway::ledger {
namespace {

using std::chrono::days;
using test::currency;

Day day(std::string_view text) {
    return *parse_day(text);
}

const Calendar& calendar(std::string_view name) {
    return **find_calendar(name);
}

// Weekdays that are off and Saturdays and Sundays that are worked, as "MM-DD MM-DD".
struct YearCase {
    std::string name;
    int year;
    std::string off;
    std::string worked;
};

class CalendarYear : public testing::TestWithParam<YearCase> {};

// A day too many delays a settlement; a day too few promises money that does not come.
TEST_P(CalendarYear, HasTheseDaysOffAndNoOthers) {
    const Calendar& rule = calendar(GetParam().name);
    const std::string year = std::to_string(GetParam().year);
    std::string off;
    std::string worked;
    for (Day d = day(year + "-01-01"); d <= day(year + "-12-31"); d += days(1)) {
        const std::chrono::weekday on(d);
        const bool is_weekend = on == std::chrono::Saturday || on == std::chrono::Sunday;
        if (*rule.is_business_day(d) != is_weekend) continue;
        std::string& list = is_weekend ? worked : off;
        list += (list.empty() ? "" : " ") + to_text(d).substr(5);
    }
    EXPECT_EQ(off, GetParam().off);
    EXPECT_EQ(worked, GetParam().worked);
}

// Every year of each calendar was compared with the Python packages holidays 0.109 and
// chinesecalendar 1.11.0; these are the years in which something unusual happened. Source for
// TARGET, 1999 to 2001: the ECB's own history of rates.
INSTANTIATE_TEST_SUITE_P(
    Years,
    CalendarYear,
    testing::Values(
        YearCase{"TARGET", 1999, "01-01 12-31", ""},
        YearCase{"TARGET", 2000, "04-21 04-24 05-01 12-25 12-26", ""},
        YearCase{"TARGET", 2001, "01-01 04-13 04-16 05-01 12-25 12-26 12-31", ""},
        YearCase{"TARGET", 2024, "01-01 03-29 04-01 05-01 12-25 12-26", ""},
        YearCase{"TARGET", 2026, "01-01 04-03 04-06 05-01 12-25", ""},
        YearCase{"FEDWIRE", 2021, "01-01 01-18 02-15 05-31 07-05 09-06 10-11 11-11 11-25", ""},
        YearCase{
            "FEDWIRE", 2022, "01-17 02-21 05-30 06-20 07-04 09-05 10-10 11-11 11-24 12-26", ""},
        YearCase{
            "FEDWIRE", 2023, "01-02 01-16 02-20 05-29 06-19 07-04 09-04 10-09 11-23 12-25", ""},
        YearCase{
            "FEDWIRE", 2026, "01-01 01-19 02-16 05-25 06-19 09-07 10-12 11-11 11-26 12-25", ""},
        YearCase{
            "BR", 2023, "02-20 02-21 04-07 04-21 05-01 06-08 09-07 10-12 11-02 11-15 12-25", ""},
        YearCase{"BR", 2024, "01-01 02-12 02-13 03-29 05-01 05-30 11-15 11-20 12-25", ""},
        YearCase{"BR",
                 2026,
                 "01-01 02-16 02-17 04-03 04-21 05-01 06-04 09-07 10-12 11-02 11-20 "
                 "12-25",
                 ""},
        YearCase{"MX", 2018, "01-01 02-05 03-19 03-29 03-30 05-01 11-02 11-19 12-12 12-25", ""},
        YearCase{
            "MX", 2024, "01-01 02-05 03-18 03-28 03-29 05-01 09-16 10-01 11-18 12-12 12-25", ""},
        YearCase{"MX", 2025, "01-01 02-03 03-17 04-17 04-18 05-01 09-16 11-17 12-12 12-25", ""},
        YearCase{"GB", 1999, "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28 12-31", ""},
        YearCase{"GB", 2002, "01-01 03-29 04-01 05-06 06-03 06-04 08-26 12-25 12-26", ""},
        YearCase{"GB", 2011, "01-03 04-22 04-25 04-29 05-02 05-30 08-29 12-26 12-27", ""},
        YearCase{"GB", 2012, "01-02 04-06 04-09 05-07 06-04 06-05 08-27 12-25 12-26", ""},
        YearCase{"GB", 2020, "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28", ""},
        YearCase{"GB", 2021, "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28", ""},
        YearCase{"GB", 2022, "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27", ""},
        YearCase{"GB", 2023, "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26", ""},
        YearCase{"JP",
                 2003,
                 "01-01 01-02 01-03 01-13 02-11 03-21 04-29 05-05 07-21 09-15 09-23 "
                 "10-13 11-03 11-24 12-23 12-31",
                 ""},
        YearCase{"JP",
                 2009,
                 "01-01 01-02 01-12 02-11 03-20 04-29 05-04 05-05 05-06 07-20 09-21 "
                 "09-22 09-23 10-12 11-03 11-23 12-23 12-31",
                 ""},
        YearCase{"JP",
                 2015,
                 "01-01 01-02 01-12 02-11 04-29 05-04 05-05 05-06 07-20 09-21 09-22 "
                 "09-23 10-12 11-03 11-23 12-23 12-31",
                 ""},
        YearCase{"JP",
                 2019,
                 "01-01 01-02 01-03 01-14 02-11 03-21 04-29 04-30 05-01 05-02 05-03 "
                 "05-06 07-15 08-12 09-16 09-23 10-14 10-22 11-04 12-31",
                 ""},
        YearCase{"JP",
                 2020,
                 "01-01 01-02 01-03 01-13 02-11 02-24 03-20 04-29 05-04 05-05 05-06 "
                 "07-23 07-24 08-10 09-21 09-22 11-03 11-23 12-31",
                 ""},
        YearCase{"JP",
                 2021,
                 "01-01 01-11 02-11 02-23 04-29 05-03 05-04 05-05 07-22 07-23 08-09 "
                 "09-20 09-23 11-03 11-23 12-31",
                 ""},
        YearCase{"JP",
                 2026,
                 "01-01 01-02 01-12 02-11 02-23 03-20 04-29 05-04 05-05 05-06 07-20 "
                 "08-11 09-21 09-22 09-23 10-12 11-03 11-23 12-31",
                 ""},
        YearCase{"CN",
                 2020,
                 "01-01 01-24 01-27 01-28 01-29 01-30 01-31 04-06 05-01 05-04 05-05 "
                 "06-25 06-26 10-01 10-02 10-05 10-06 10-07 10-08",
                 "01-19 04-26 05-09 06-28 09-27 10-10"},
        YearCase{"CN",
                 2025,
                 "01-01 01-28 01-29 01-30 01-31 02-03 02-04 04-04 05-01 05-02 05-05 "
                 "06-02 10-01 10-02 10-03 10-06 10-07 10-08",
                 "01-26 02-08 04-27 09-28 10-11"},
        YearCase{"CN",
                 2026,
                 "01-01 01-02 02-16 02-17 02-18 02-19 02-20 02-23 04-06 05-01 05-04 "
                 "05-05 06-19 09-25 10-01 10-02 10-05 10-06 10-07",
                 "01-04 02-14 02-28 05-09 09-20 10-10"}),
    [](const auto& one) { return one.param.name + std::to_string(one.param.year); });

TEST(Calendar, WalksOverWeekendsAndHolidays) {
    const Calendar& target = target_calendar();
    EXPECT_EQ(*target.next_business_day(day("2026-04-02")), day("2026-04-07"));
    EXPECT_EQ(*target.previous_business_day(day("2026-04-07")), day("2026-04-02"));
    EXPECT_EQ(*target.next_business_day(day("2026-04-04")), day("2026-04-07"));
    EXPECT_EQ(*target.add_business_days(day("2025-12-24"), 2), day("2025-12-30"));
    EXPECT_EQ(*target.add_business_days(day("2025-12-30"), -2), day("2025-12-24"));
    EXPECT_EQ(*target.add_business_days(day("2026-04-04"), 0), day("2026-04-04"));
}

// Nobody knows China's days of 2027 before they are decreed: a guess would be a broken promise.
TEST(Calendar, SaysWhereItsKnowledgeEnds) {
    const Calendar& china = calendar("CN");
    EXPECT_TRUE(china.is_business_day(day("2026-12-31")));
    const Result<bool> beyond = china.is_business_day(day("2027-01-01"));
    ASSERT_FALSE(beyond);
    EXPECT_EQ(beyond.error().code(), ErrorCode::unavailable);
    EXPECT_EQ(beyond.error().detail(),
              "the calendar CN is known from 2010-01-01 to 2026-12-31, and not for 2027-01-01");
    EXPECT_EQ(china.next_business_day(day("2026-12-31")).error().code(), ErrorCode::unavailable);
    EXPECT_EQ(china.previous_business_day(day("2010-01-01")).error().code(),
              ErrorCode::unavailable);
    EXPECT_EQ(value_date(day("2026-12-31"), 2, china, calendar("FEDWIRE")).error().code(),
              ErrorCode::unavailable);
}

TEST(Calendar, IsFoundByNameAndByCurrency) {
    EXPECT_EQ(calendars().size(), 8U);
    for (const Calendar& one : calendars())
        EXPECT_EQ(*find_calendar(one.name()), &one);
    EXPECT_EQ(find_calendar("MOON").error().detail(),
              "there is no such calendar; there are TARGET, FEDWIRE, BR, MX, GB, JP, CN, WEEKENDS");
    EXPECT_EQ(calendar_of(currency("EUR")).name(), "TARGET");
    EXPECT_EQ(calendar_of(currency("USD")).name(), "FEDWIRE");
    EXPECT_EQ(calendar_of(currency("BRL")).name(), "BR");
    EXPECT_EQ(calendar_of(currency("MXN")).name(), "MX");
    EXPECT_EQ(calendar_of(currency("GBP")).name(), "GB");
    EXPECT_EQ(calendar_of(currency("JPY")).name(), "JP");
    EXPECT_EQ(calendar_of(currency("CNY")).name(), "CN");
    EXPECT_EQ(calendar_of(currency("CHF")).name(), "WEEKENDS");
}

struct ValueDateCase {
    std::string name;
    std::string trade;
    int days;
    std::string a;
    std::string b;
    std::string value;
};

class ValueDate : public testing::TestWithParam<ValueDateCase> {};

TEST_P(ValueDate, CountsDaysThatAreGoodOnBothSides) {
    const ValueDateCase& it = GetParam();
    EXPECT_EQ(to_text(*value_date(day(it.trade), it.days, calendar(it.a), calendar(it.b))),
              it.value);
    EXPECT_EQ(to_text(*value_date(day(it.trade), it.days, calendar(it.b), calendar(it.a))),
              it.value);
}

INSTANTIATE_TEST_SUITE_P(
    Trades,
    ValueDate,
    testing::Values(
        ValueDateCase{"Plain", "2026-04-13", 2, "TARGET", "FEDWIRE", "2026-04-15"},
        ValueDateCase{"OverAWeekend", "2026-04-16", 2, "TARGET", "FEDWIRE", "2026-04-20"},
        ValueDateCase{"OverEaster", "2026-04-02", 2, "TARGET", "FEDWIRE", "2026-04-08"},
        // Carnival closes Brazil on the 16th and 17th, Presidents' Day the Fed on the 16th.
        ValueDateCase{"OverCarnival", "2026-02-13", 1, "FEDWIRE", "BR", "2026-02-18"},
        ValueDateCase{"OverGoldenWeek", "2026-05-01", 2, "JP", "FEDWIRE", "2026-05-08"},
        ValueDateCase{"OverSpringFestival", "2026-02-13", 1, "CN", "GB", "2026-02-24"},
        // 2026-02-28 is a Saturday that China works and nobody else.
        ValueDateCase{"NotOnAWorkedSaturday", "2026-02-27", 1, "CN", "MX", "2026-03-02"},
        ValueDateCase{"OfAWorkedSaturdayAtHome", "2026-02-27", 1, "CN", "CN", "2026-02-28"},
        ValueDateCase{"OfASaturday", "2026-04-18", 2, "TARGET", "FEDWIRE", "2026-04-22"},
        ValueDateCase{"SameDay", "2026-04-13", 0, "TARGET", "GB", "2026-04-13"},
        ValueDateCase{"SameDayOfAHoliday", "2026-04-03", 0, "TARGET", "GB", "2026-04-07"}),
    test::case_name<ValueDateCase>);

TEST(Calendar, ThereAndBackIsWhereItBegan) {
    EXPECT_TRUE(rc::check("n business days on and n back", [] {
        const Calendar& rule = calendars()[*rc::gen::inRange<std::size_t>(0, calendars().size())];
        const Day first = day("2010-06-01");
        const Day start = first + days(*rc::gen::inRange(0, 5'000));
        const int count = *rc::gen::inRange(1, 60);
        const Day on = *rule.add_business_days(start, count);
        RC_ASSERT(*rule.is_business_day(on));
        const Day back = *rule.add_business_days(on, -count);
        RC_ASSERT(back <= start);
        // From a business day it is exact.
        if (*rule.is_business_day(start)) RC_ASSERT(back == start);
        RC_ASSERT(*rule.next_business_day(*rule.previous_business_day(on)) == on);
    }));
}

TEST(Calendar, AValueDateIsGoodOnBothSidesAndNeverEarlierThanOnOne) {
    EXPECT_TRUE(rc::check("value dates", [] {
        const std::size_t count = calendars().size();
        const Calendar& a = calendars()[*rc::gen::inRange<std::size_t>(0, count)];
        const Calendar& b = calendars()[*rc::gen::inRange<std::size_t>(0, count)];
        const Day trade = day("2010-06-01") + days(*rc::gen::inRange(0, 5'000));
        const int after = *rc::gen::inRange(0, 10);
        const Day both = *value_date(trade, after, a, b);
        RC_ASSERT(*a.is_business_day(both));
        RC_ASSERT(*b.is_business_day(both));
        RC_ASSERT(both >= *value_date(trade, after, a, a));
        RC_ASSERT(both == *value_date(trade, after, b, a));
    }));
}

TEST(Calendar, NoCountGoesBeyondWhatIsKnown) {
    for (const int count : {std::numeric_limits<int>::min(), std::numeric_limits<int>::max()}) {
        EXPECT_EQ(
            target_calendar().add_business_days(*parse_day("2026-04-13"), count).error().code(),
            ErrorCode::unavailable);
    }
}

}  // namespace
}  // namespace causeway::ledger
