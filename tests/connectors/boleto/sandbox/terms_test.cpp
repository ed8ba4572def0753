// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/sandbox/terms.h"

#include <gtest/gtest.h>

namespace causeway::connectors::boleto::sandbox {
namespace {

TEST(SlipTermsOwed, FollowTheDayOfThePayment) {
    const Day due = *parse_day("2026-11-27");  // A Friday.
    const Day saturday = *parse_day("2026-11-28");
    struct Row {
        const char* name;
        SlipTerms terms;
        const char* day;
        std::int64_t total;
    };
    const Row rows[] = {
        {"in time", {.face = 10'000, .due = due, .fine_bps = 200}, "2026-11-27", 10'000},
        {"a day late: fine", {.face = 10'000, .due = due, .fine_bps = 200}, "2026-11-28", 10'200},
        {"interest of a day is rounded first",
         {.face = 10'000, .due = due, .interest_month_bps = 100},
         "2026-12-07",
         10'030},
        {"a fixed fine and daily interest",
         {.face = 10'000, .due = due, .fine_amount = 150, .interest_of_a_day = 7},
         "2026-11-30",
         10'171},
        {"half a centavo goes to the even one",
         {.face = 250, .due = due, .fine_bps = 200},
         "2026-11-28",
         255},
        {"1.5 centavos", {.face = 75, .due = due, .fine_bps = 200}, "2026-11-28", 77},
        {"2.5 centavos", {.face = 125, .due = due, .fine_bps = 200}, "2026-11-28", 127},
        {"discount until its day",
         {.face = 10'000, .due = due, .discount_bps = 500, .discount_until = due},
         "2026-11-27",
         9'500},
        {"discount is over",
         {.face = 10'000,
          .due = due,
          .discount_amount = 500,
          .discount_until = due - std::chrono::days(2)},
         "2026-11-27",
         10'000},
        {"abatement", {.face = 10'000, .abatement = 1'000, .due = due}, "2026-11-27", 9'000},
        {"due on a Saturday, paid on Monday",
         {.face = 10'000, .due = saturday, .fine_bps = 200},
         "2026-11-30",
         10'000},
        {"due on a Saturday, paid on Tuesday: three days",
         {.face = 10'000, .due = saturday, .fine_bps = 200, .interest_of_a_day = 5},
         "2026-12-01",
         10'215},
        {"the fine begins later",
         {.face = 10'000, .due = due, .fine_bps = 200, .fine_from = due + std::chrono::days(5)},
         "2026-12-01",
         10'000},
        {"interest counts from its own day",
         {.face = 10'000,
          .due = due,
          .interest_of_a_day = 10,
          .interest_from = due + std::chrono::days(3)},
         "2026-11-30",
         10'010},
    };
    for (const Row& row : rows)
        EXPECT_EQ(owed_on(row.terms, *parse_day(row.day)).total, row.total) << row.name;
}

TEST(SlipTermsOwed, KnowTheHolidays) {
    const Day christmas = *parse_day("2026-12-25");  // A Friday.
    struct Row {
        const char* name;
        SlipTerms terms;
        const char* day;
        std::int64_t total;
    };
    const Row rows[] = {
        {"due at Christmas, paid on Monday",
         {.face = 10'000, .due = christmas, .fine_bps = 200, .interest_of_a_day = 5},
         "2026-12-28",
         10'000},
        {"due at Christmas, paid on Tuesday: four days",
         {.face = 10'000, .due = christmas, .fine_bps = 200, .interest_of_a_day = 5},
         "2026-12-29",
         10'220},
        {"a discount until Christmas, paid on Monday",
         {.face = 10'000,
          .due = *parse_day("2026-12-30"),
          .discount_bps = 500,
          .discount_until = christmas},
         "2026-12-28",
         9'500},
    };
    for (const Row& row : rows)
        EXPECT_EQ(owed_on(row.terms, *parse_day(row.day)).total, row.total) << row.name;
}

}  // namespace
}  // namespace causeway::connectors::boleto::sandbox
