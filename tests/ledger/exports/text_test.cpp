// SPDX-License-Identifier: Apache-2.0
#include "ledger/exports/text.h"

#include "ledger/money.h"
#include "tests/support/amounts.h"
#include "tests/support/case_name.h"
#include "tests/support/percent.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <rapidcheck.h>
#include <string>

namespace causeway::ledger {
namespace {

std::string decimals(std::int64_t minor_units, std::string_view code) {
    std::string out;
    append_decimals(minor_units, test::currency(code), out);
    return out;
}

std::string moment(std::int64_t microseconds) {
    std::string out;
    append_moment(from_microseconds(microseconds), out);
    return out;
}

std::string text(std::string_view foreign) {
    std::string out;
    append_text(foreign, out);
    return out;
}

struct DecimalsCase {
    std::string name;
    std::int64_t minor_units;
    std::string code;
    std::string expected;
};

struct DecimalsTest : testing::TestWithParam<DecimalsCase> {};

TEST_P(DecimalsTest, AreExactlyTheCurrencys) {
    EXPECT_EQ(decimals(GetParam().minor_units, GetParam().code), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Text,
    DecimalsTest,
    testing::Values(DecimalsCase{"euro", 1234, "EUR", "12.34"},
                    DecimalsCase{"cents", 7, "EUR", "0.07"},
                    DecimalsCase{"negative_cents", -70, "EUR", "-0.70"},
                    DecimalsCase{"zero", 0, "EUR", "0.00"},
                    DecimalsCase{"yen", -500, "JPY", "-500"},
                    DecimalsCase{"no_yen", 0, "JPY", "0"},
                    DecimalsCase{"dinar", 1, "KWD", "0.001"},
                    DecimalsCase{"lowest", INT64_MIN, "EUR", "-92233720368547758.08"},
                    DecimalsCase{"highest", INT64_MAX, "KWD", "9223372036854775.807"}),
    test::case_name<DecimalsCase>);

TEST(Text, SpellsAmountsAsMoneyDoes) {
    const bool held = rc::check("decimals are those of Money", [](std::int64_t minor_units) {
        for (const Currency currency : Currency::all()) {
            std::string out = std::string(currency.code()) + " ";
            append_decimals(minor_units, currency, out);
            RC_ASSERT(out == Money(minor_units, currency).to_string());
        }
    });
    EXPECT_TRUE(held);
}

TEST(Text, SpellsMomentsToTheMicrosecond) {
    EXPECT_EQ(moment(1'776'074'460'000'250), "2026-04-13T10:01:00.000250Z");
    EXPECT_EQ(moment(-1), "1969-12-31T23:59:59.999999Z");
    EXPECT_EQ(moment(INT64_MAX), "9223372036854775807");
    EXPECT_EQ(moment(INT64_MIN), "-9223372036854775808");
}

TEST(Text, ReadsMomentsBack) {
    const bool held = rc::check("a moment is read back", [] {
        // The years 0001 to 9999.
        const auto count =
            *rc::gen::inRange<std::int64_t>(-62'135'596'800'000'000, 253'402'214'400'000'000);
        RC_ASSERT(*parse_rfc3339(moment(count)) == from_microseconds(count));
    });
    EXPECT_TRUE(held);
}

TEST(Text, KnowsWhichDaysHaveFourDigits) {
    EXPECT_FALSE(has_plain_year(*parse_day("0001-01-01") - std::chrono::days(1)));
    EXPECT_TRUE(has_plain_year(*parse_day("0001-01-01")));
    EXPECT_TRUE(has_plain_year(*parse_day("9999-12-30")));
    EXPECT_FALSE(has_plain_year(*parse_day("9999-12-31")));
}

TEST(Text, LeavesOrdinaryReferencesAsTheyAre) {
    EXPECT_EQ(text("cap_01J9: two words, (100) #1"), "cap_01J9: two words, (100) #1");
}

// A reference that ends its line could add a posting of its own to somebody's books.
TEST(Text, EscapesWhatCouldEndAStringOrALine) {
    EXPECT_EQ(text("a\nb\r\"c\\;|%"), "a%0Ab%0D%22c%5C%3B%7C%25");
    EXPECT_EQ(text("gr\xC3\xBC\xC3\x9F\x7F"), "gr%C3%BC%C3%9F%7F");
    EXPECT_EQ(text(" a  b "), "%20a  b%20");
    EXPECT_EQ(text(" "), "%20");
    EXPECT_EQ(text("  "), "%20%20");
    EXPECT_EQ(text(""), "");
}

TEST(Text, CanBeReadBackWhateverItHolds) {
    const bool held = rc::check("text is read back", [](const std::string& foreign) {
        const std::string out = text(foreign);
        RC_ASSERT(test::without_percent(out) == foreign);
        RC_ASSERT(out.find_first_of("\"\\;|\n\r") == std::string::npos);
        for (const char letter : out)
            RC_ASSERT(letter >= ' ' && letter <= '~');
    });
    EXPECT_TRUE(held);
}

}  // namespace
}  // namespace causeway::ledger
