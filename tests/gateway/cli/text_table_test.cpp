// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/text_table.h"

#include "tests/support/amounts.h"

#include <gtest/gtest.h>

namespace causeway::gateway {
namespace {

TEST(TextTable, AlignsTextLeftAndNumbersRight) {
    TextTable table({{"NAME"}, {"NET", TextTable::Align::right}, {"NOTE"}});
    table.row({"a", "1.00", "first"});
    table.row({"longer", "-100.00"});
    EXPECT_EQ(table.to_string(),
              "NAME        NET  NOTE\n"
              "a          1.00  first\n"
              "longer  -100.00\n");
}

TEST(TextTable, CountsLettersNotBytes) {
    TextTable table({{"NAME"}, {"X"}});
    table.row({"Müller", "1"});
    table.row({"Miller", "2"});
    EXPECT_EQ(table.to_string(), "NAME    X\nMüller  1\nMiller  2\n");
}

// A merchant's reference must not be able to clear the operator's screen or fake a line.
TEST(TextTable, LetsNoControlCharacterThrough) {
    EXPECT_EQ(printable("a\x1b[2Jb\nc\x7f"), "a?[2Jb?c?");
    EXPECT_EQ(printable("a\xC2\x9B"
                        "2J"),
              "a?2J");
    EXPECT_EQ(printable("é"), "é");
}

TEST(TextTable, WritesAmountsWithTheirCurrencysDecimals) {
    EXPECT_EQ(amount_text(-1230, test::currency("EUR")), "-12.30");
    EXPECT_EQ(amount_text(500, test::currency("JPY")), "500");
    EXPECT_EQ(amount_text(1, test::currency("KWD")), "0.001");
    EXPECT_EQ(amount_text(std::nullopt, test::currency("KWD")), "-");
}

}  // namespace
}  // namespace causeway::gateway
