// SPDX-License-Identifier: Apache-2.0
#include "connectors/pix/sandbox/payable.h"

#include <gtest/gtest.h>

namespace causeway::connectors::pix::sandbox {
namespace {

// 2026-11-13 is a Friday.
CobvTerms slip() {
    CobvTerms terms;
    terms.amount = 10'000;
    terms.due = *parse_day("2026-11-13");
    return terms;
}

struct PayableRow {
    const char* name;
    void (*add)(CobvTerms&);
    const char* day;
    std::int64_t total;
};

const PayableRow kRows[] = {
    {"nothing", [](CobvTerms&) {}, "2026-11-13", 10'000},
    {"fixed fine",
     [](CobvTerms& it) {
         it.fine = Adjustment{1, 150};
     },
     "2026-11-14",
     10'150},
    {"fine on the day",
     [](CobvTerms& it) {
         it.fine = Adjustment{2, 200};
     },
     "2026-11-13",
     10'000},
    {"fixed interest",
     [](CobvTerms& it) {
         it.interest = Adjustment{1, 5};
     },
     "2026-11-16",
     10'015},
    {"fixed, working days",
     [](CobvTerms& it) {
         it.interest = Adjustment{5, 5};
     },
     "2026-11-16",
     10'005},
    {"percent a day",
     [](CobvTerms& it) {
         it.interest = Adjustment{2, 10};
     },
     "2026-11-15",
     10'020},
    {"percent a month",
     [](CobvTerms& it) {
         it.interest = Adjustment{3, 100};
     },
     "2026-12-13",
     10'100},
    {"percent a year",
     [](CobvTerms& it) {
         it.interest = Adjustment{4, 1200};
     },
     "2027-11-13",
     11'200},
    {"fixed rebate",
     [](CobvTerms& it) {
         it.rebate = Adjustment{1, 1000};
     },
     "2026-11-13",
     9'000},
    {"fine on what the rebate leaves",
     [](CobvTerms& it) {
         it.rebate = Adjustment{2, 1000};
         it.fine = Adjustment{2, 200};
     },
     "2026-11-14",
     9'180},
    {"discount by day, in time",
     [](CobvTerms& it) {
         it.discount = Discount{2, {{*parse_day("2026-11-03"), 1000}}, {}};
     },
     "2026-11-03",
     9'000},
    {"discount by day, late",
     [](CobvTerms& it) {
         it.discount = Discount{2, {{*parse_day("2026-11-03"), 1000}}, {}};
     },
     "2026-11-04",
     10'000},
    {"discount for each day",
     [](CobvTerms& it) {
         it.discount = Discount{3, {}, 100};
     },
     "2026-11-10",
     9'700},
    {"never for nothing",
     [](CobvTerms& it) {
         it.discount = Discount{3, {}, 9'000};
     },
     "2026-10-25",
     1},
};

TEST(Payable, CountsFromTheNextDayWithBanks) {
    struct Row {
        const char* name;
        const char* day;
        std::int64_t total;
    };
    // Due on a Saturday; the Friday before it is a holiday, and the discount ends on it.
    CobvTerms terms = slip();
    terms.due = *parse_day("2026-11-21");
    terms.fine = Adjustment{2, 200};
    terms.interest = Adjustment{1, 10};
    terms.discount = Discount{1, {{*parse_day("2026-11-20"), 500}}, {}};
    const Row rows[] = {
        {"the day of the discount", "2026-11-20", 9'500},
        {"the discount's next day with banks", "2026-11-23", 9'500},
        {"a day late, not three", "2026-11-24", 10'210},
    };
    for (const Row& row : rows)
        EXPECT_EQ(payable_on(terms, *parse_day(row.day)).total, row.total) << row.name;
}

struct ValidityRow {
    const char* name;
    const char* due;
    std::int64_t valid;
    const char* last;
};

// The examples of the API's own description of validadeAposVencimento.
const ValidityRow kValidity[] = {
    {"A", "2020-10-20", 4, "2020-10-26"},
    {"B", "2020-12-25", 0, "2020-12-28"},
    {"C", "2020-12-25", 1, "2020-12-29"},
    {"D", "2020-12-25", 3, "2020-12-31"},
    {"E", "2020-12-25", 4, "2021-01-04"},
    {"F", "2021-08-27", 5, "2021-09-01"},
    {"G", "2021-08-28", 5, "2021-09-06"},
};

TEST(Payable, IsOpenAsLongAsTheApiSays) {
    for (const ValidityRow& row : kValidity) {
        CobvTerms terms = slip();
        terms.due = *parse_day(row.due);
        terms.days_valid_after_due = row.valid;
        EXPECT_EQ(to_text(last_day_of(terms)), row.last) << row.name;
    }
}

TEST(Payable, AsksForWhatEachModeSays) {
    for (const PayableRow& row : kRows) {
        CobvTerms terms = slip();
        row.add(terms);
        EXPECT_EQ(payable_on(terms, *parse_day(row.day)).total, row.total) << row.name;
    }
}

}  // namespace
}  // namespace causeway::connectors::pix::sandbox
