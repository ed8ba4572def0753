// SPDX-License-Identifier: Apache-2.0
#include "fx/decimal.h"

#include "tests/support/case_name.h"

#include <gtest/gtest.h>

#include <rapidcheck.h>
#include <string>
#include <string_view>

namespace causeway::fx {
namespace {

Decimal decimal(std::string_view text) {
    return *Decimal::parse(text);
}

TEST(Decimal, KeepsWhatWasWrittenButNotNeedlessZeros) {
    // The daily file writes 366.90 where the history writes 366.9: one rate, not two.
    EXPECT_EQ(decimal("366.90"), decimal("366.9"));
    EXPECT_EQ(decimal("366.90").to_string(), "366.9");
    EXPECT_EQ(decimal("0.87058").mantissa(), 87058);
    EXPECT_EQ(decimal("0.87058").scale(), 5);
    EXPECT_EQ(decimal("20").to_string(), "20");
    EXPECT_EQ(decimal("0.000"), Decimal());
    EXPECT_EQ(decimal("0.000000000000000001").to_string(), "0.000000000000000001");
    EXPECT_EQ(decimal("999999999999999999").to_string(), "999999999999999999");
}

TEST(Decimal, RefusesEverythingElse) {
    for (const std::string_view text : {"",
                                        ".",
                                        "1.",
                                        ".5",
                                        "-1",
                                        "+1",
                                        "1,5",
                                        " 1",
                                        "1 ",
                                        "1e3",
                                        "0x1",
                                        "01",
                                        "00.5",
                                        "N/A",
                                        "1.2.3",
                                        "nan",
                                        "1234567890123456789",
                                        "0.1234567890123456789",
                                        "1.123456789012345678"}) {
        const Result<Decimal> value = Decimal::parse(text);
        ASSERT_FALSE(value) << text;
        EXPECT_EQ(value.error().code(), ErrorCode::invalid_argument) << text;
    }
    EXPECT_FALSE(Decimal::from_parts(-1, 0));
    EXPECT_FALSE(Decimal::from_parts(1, 19));
    EXPECT_FALSE(Decimal::from_parts(1'000'000'000'000'000'000, 0));
}

TEST(Decimal, ComparesByValue) {
    EXPECT_LT(decimal("0.9"), decimal("1"));
    EXPECT_LT(decimal("9.99"), decimal("10"));
    EXPECT_GT(decimal("999999999999999999"), decimal("0.000000000000000001"));
    EXPECT_EQ(decimal("1.10") <=> decimal("1.1"), std::strong_ordering::equal);
}

struct DivideCase {
    std::string name;
    std::string dividend;
    std::string divisor;
    int digits;
    std::string quotient;
};

class DecimalDivide : public testing::TestWithParam<DivideCase> {};

TEST_P(DecimalDivide, RoundsToSignificantDigitsHalfEven) {
    const DivideCase& given = GetParam();
    const Result<Decimal> quotient =
        decimal(given.dividend).divide(decimal(given.divisor), given.digits);
    ASSERT_TRUE(quotient) << quotient.error().detail();
    EXPECT_EQ(quotient->to_string(), given.quotient);
}

INSTANTIATE_TEST_SUITE_P(
    Rate,
    DecimalDivide,
    testing::Values(
        DivideCase{"Exact", "1", "8", 10, "0.125"},
        // 1 / 1.1684 = 0.85587127695...
        DivideCase{"DollarInEuro", "1", "1.1684", 10, "0.855871277"},
        // 0.87058 / 20082.05 = 0.0000433511518993...: zeros behind the point are not significant
        DivideCase{"RupiahInPound", "0.87058", "20082.05", 10, "0.0000433511519"},
        DivideCase{"PoundInRupiah", "20082.05", "0.87058", 10, "23067.4378"},
        DivideCase{"TieToEvenBelow", "25", "2", 2, "12"},
        DivideCase{"TieToEvenAbove", "27", "2", 2, "14"},
        DivideCase{"TieAmongWholeDigits", "12500", "1", 2, "12000"},
        DivideCase{"JustOverATie", "12500.1", "1", 2, "13000"},
        DivideCase{"JustUnderATie", "12499.9", "1", 2, "12000"},
        DivideCase{"RoundsIntoAnotherDigit", "999.96", "10", 4, "100"},
        DivideCase{"Zero", "0", "3", 10, "0"}),
    test::case_name<DivideCase>);

TEST(Decimal, SaysWhenAQuotientCannotBeWritten) {
    const Decimal least = decimal("0.000000000000000001");
    EXPECT_EQ(decimal("1").divide(Decimal(), 10).error().code(), ErrorCode::invalid_argument);
    EXPECT_EQ(decimal("10").divide(least, 10).error().code(), ErrorCode::amount_overflow);
    EXPECT_EQ(least.divide(decimal("3"), 10).error().code(), ErrorCode::amount_overflow);
    EXPECT_EQ(Decimal::parse("1234567890.123456789").error().detail(),
              "'1234567890.123456789' has more than 18 digits");
    // Rounding up itself may need the digit too many: 999999999999999999.5 has no 18 digits.
    EXPECT_EQ(Decimal::ratio(power_of_ten(19) - 5, 10, 18).error().code(),
              ErrorCode::amount_overflow);
}

TEST(Decimal, DivideHalfEvenRoundsBothSignsAlike) {
    EXPECT_TRUE(divide_half_even(5, 2) == 2);
    EXPECT_TRUE(divide_half_even(7, 2) == 4);
    EXPECT_TRUE(divide_half_even(-5, 2) == -2);
    EXPECT_TRUE(divide_half_even(-7, 2) == -4);
    EXPECT_TRUE(divide_half_even(1, 2) == 0);
    EXPECT_TRUE(divide_half_even(-2, 3) == -1);
}

TEST(Decimal, ReadsBackWhatItWrites) {
    const bool holds = rc::check([] {
        const auto mantissa = *rc::gen::inRange<std::int64_t>(0, 1'000'000'000'000'000'000);
        const int scale = *rc::gen::inRange(0, Decimal::kScaleMax + 1);
        const Decimal value = *Decimal::from_parts(mantissa, scale);
        const Result<Decimal> again = Decimal::parse(value.to_string());
        // More than 18 digits behind and before the point together cannot come from parts.
        RC_ASSERT(again.has_value());
        RC_ASSERT(*again == value);
    });
    EXPECT_TRUE(holds);
}

// The quotient is never further from the truth than half of its last digit.
TEST(Decimal, DividesWithinHalfOfTheLastDigit) {
    const bool holds = rc::check([] {
        const auto a = *rc::gen::inRange<std::int64_t>(1, 1'000'000'000);
        const auto b = *rc::gen::inRange<std::int64_t>(1, 1'000'000'000);
        const Decimal quotient = *Decimal::ratio(a, b, 10);
        // |m / 10^s - a / b| <= 1 / (2 * 10^e), e the place of the tenth significant digit
        int place = 0;
        for (Int128 scaled = a; scaled / b < 1'000'000'000; scaled *= 10)
            ++place;
        RC_ASSERT(quotient.scale() <= place);
        const Int128 mantissa = quotient.mantissa() * power_of_ten(place - quotient.scale());
        const Int128 error = mantissa * b - a * power_of_ten(place);
        RC_ASSERT((error < 0 ? -error : error) * 2 <= b);
    });
    EXPECT_TRUE(holds);
}

}  // namespace
}  // namespace causeway::fx
