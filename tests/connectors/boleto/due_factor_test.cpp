// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/due_factor.h"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

namespace causeway::connectors::boleto {
namespace {

using namespace std::chrono_literals;

Day day(std::chrono::year_month_day date) {
    return date;
}

TEST(DueFactor, BeginsAgainAfterNineThousandDays) {
    struct Row {
        const char* name;
        std::chrono::year_month_day due;
        int factor;
    };
    for (const Row& row : {Row{"the first", 2000y / 7 / 3, 1000},
                           Row{"the last of the first cycle", 2025y / 2 / 21, 9999},
                           Row{"the first of the second", 2025y / 2 / 22, 1000},
                           Row{"the last of the second", 2049y / 10 / 13, 9999},
                           Row{"the first of the third", 2049y / 10 / 14, 1000}}) {
        EXPECT_EQ(*due_factor(row.due), row.factor) << row.name;
    }
    EXPECT_FALSE(due_factor(day(2000y / 7 / 2)));
}

TEST(DueDay, DependsOnWhoReadsItWhen) {
    EXPECT_EQ(*due_day(1000, day(2000y / 7 / 3)), day(2000y / 7 / 3));
    EXPECT_EQ(*due_day(1000, day(2025y / 2 / 22)), day(2025y / 2 / 22));
    EXPECT_EQ(*due_day(9500, day(2026y / 11 / 20)), day(2023y / 10 / 11));
    EXPECT_EQ(*due_day(9999, day(2045y / 1 / 1)), day(2049y / 10 / 13));
}

TEST(DueDay, IsNoDayFarFromTheReference) {
    const Day reference = day(2026y / 11 / 20);
    // 2018-09-02, 2999 + 3 days before: the next such factor is in 2043.
    const int factor = *due_factor(reference - 3002 * std::chrono::days(1));
    const auto due = due_day(factor, reference);
    ASSERT_FALSE(due);
    EXPECT_EQ(due.error().code(), ErrorCode::expired);
    EXPECT_EQ(due_day(999, reference).error().code(), ErrorCode::invalid_argument);
    EXPECT_EQ(due_day(10000, reference).error().code(), ErrorCode::invalid_argument);
}

RC_GTEST_PROP(DueDayProperties, IsTheDayThatMadeTheFactorWithinTheWindow, ()) {
    const Day reference =
        day(2000y / 7 / 3) + std::chrono::days(*rc::gen::inRange(3000, 3000 + 3 * 9000));
    const Day due = reference + std::chrono::days(*rc::gen::inRange(-3000, 5501));
    const auto read = due_day(*due_factor(due), reference);
    RC_ASSERT(read.has_value());
    RC_ASSERT(*read == due);
}

}  // namespace
}  // namespace causeway::connectors::boleto
