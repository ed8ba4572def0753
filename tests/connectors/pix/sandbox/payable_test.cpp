// SPDX-License-Identifier: Apache-2.0
#include "connectors/pix/sandbox/payable.h"

#include <gtest/gtest.h>

namespace causeway::connectors::pix::sandbox {
namespace {

// 2026-11-20 is a Friday.
CobvTerms slip() {
    CobvTerms terms;
    terms.amount = 10'000;
    terms.due = *parse_day("2026-11-20");
    return terms;
}

struct PayableRow {
    const char* name;
    void (*add)(CobvTerms&);
    const char* day;
    std::int64_t total;
};

const PayableRow kRows[] = {
    {"nothing", [](CobvTerms&) {}, "2026-11-20", 10'000},
    {"fixed fine",
     [](CobvTerms& it) {
         it.fine = Adjustment{1, 150};
     },
     "2026-11-21",
     10'150},
    {"fine on the day",
     [](CobvTerms& it) {
         it.fine = Adjustment{2, 200};
     },
     "2026-11-20",
     10'000},
    {"fixed interest",
     [](CobvTerms& it) {
         it.interest = Adjustment{1, 5};
     },
     "2026-11-23",
     10'015},
    {"fixed, working days",
     [](CobvTerms& it) {
         it.interest = Adjustment{5, 5};
     },
     "2026-11-23",
     10'005},
    {"percent a day",
     [](CobvTerms& it) {
         it.interest = Adjustment{2, 10};
     },
     "2026-11-22",
     10'020},
    {"percent a month",
     [](CobvTerms& it) {
         it.interest = Adjustment{3, 100};
     },
     "2026-12-20",
     10'100},
    {"percent a year",
     [](CobvTerms& it) {
         it.interest = Adjustment{4, 1200};
     },
     "2027-11-20",
     11'200},
    {"fixed rebate",
     [](CobvTerms& it) {
         it.rebate = Adjustment{1, 1000};
     },
     "2026-11-20",
     9'000},
    {"fine on what the rebate leaves",
     [](CobvTerms& it) {
         it.rebate = Adjustment{2, 1000};
         it.fine = Adjustment{2, 200};
     },
     "2026-11-21",
     9'180},
    {"discount by day, in time",
     [](CobvTerms& it) {
         it.discount = Discount{2, {{*parse_day("2026-11-10"), 1000}}, {}};
     },
     "2026-11-10",
     9'000},
    {"discount by day, late",
     [](CobvTerms& it) {
         it.discount = Discount{2, {{*parse_day("2026-11-10"), 1000}}, {}};
     },
     "2026-11-11",
     10'000},
    {"discount for each day",
     [](CobvTerms& it) {
         it.discount = Discount{3, {}, 100};
     },
     "2026-11-17",
     9'700},
    {"never for nothing",
     [](CobvTerms& it) {
         it.discount = Discount{3, {}, 9'000};
     },
     "2026-11-01",
     1},
};

TEST(Payable, AsksForWhatEachModeSays) {
    for (const PayableRow& row : kRows) {
        CobvTerms terms = slip();
        row.add(terms);
        EXPECT_EQ(payable_on(terms, *parse_day(row.day)).total, row.total) << row.name;
    }
}

}  // namespace
}  // namespace causeway::connectors::pix::sandbox
