// SPDX-License-Identifier: Apache-2.0
#include "connectors/card/card_number.h"

#include "tests/support/case_name.h"

#include <gtest/gtest.h>

#include <string>

namespace causeway::connectors::card {
namespace {

struct BrandCase {
    std::string name;
    std::string_view number;
    CardBrand brand;
};

class CardBrandOf : public testing::TestWithParam<BrandCase> {};

TEST_P(CardBrandOf, FollowsTheIssuerRange) {
    EXPECT_EQ(card_brand(GetParam().number), GetParam().brand);
}

// Test numbers that the networks and their processors publish.
INSTANTIATE_TEST_SUITE_P(
    Known,
    CardBrandOf,
    testing::Values(BrandCase{"Visa", "4761739001010119", CardBrand::visa},
                    BrandCase{"Visa13", "4222222222222", CardBrand::visa},
                    BrandCase{"Mastercard", "5555555555554444", CardBrand::mastercard},
                    BrandCase{"MastercardTwoFirst", "2221000000000009", CardBrand::mastercard},
                    BrandCase{"MastercardTwoLast", "2720992593319364", CardBrand::mastercard},
                    BrandCase{"JustBelowMastercardTwo", "2220999999999999", CardBrand::unknown},
                    BrandCase{"JustAboveMastercardTwo", "2721000000000000", CardBrand::unknown},
                    BrandCase{"Maestro", "6759649826438453", CardBrand::maestro},
                    BrandCase{"Maestro12", "501800000009", CardBrand::maestro},
                    BrandCase{"Amex", "378282246310005", CardBrand::amex},
                    BrandCase{"Jcb", "3530111333300000", CardBrand::jcb},
                    BrandCase{"Diners", "30569309025904", CardBrand::diners},
                    BrandCase{"Discover", "6011111111111117", CardBrand::discover},
                    BrandCase{"UnionPay", "6221260000000000", CardBrand::unionpay},
                    BrandCase{"TooShort", "47617", CardBrand::unknown},
                    BrandCase{"NotDigits", "4761x9", CardBrand::unknown},
                    BrandCase{"Empty", "", CardBrand::unknown}),
    test::case_name<BrandCase>);

TEST(LuhnValid, AcceptsPublishedTestNumbers) {
    for (const char* number : {"4761739001010119",
                               "4222222222222",
                               "5555555555554444",
                               "6759649826438453",
                               "378282246310005",
                               "30569309025904",
                               "501800000009"}) {
        EXPECT_TRUE(luhn_valid(number)) << number;
    }
}

// The digit exists to catch a slip of the hand: any single wrong digit must be seen.
TEST(LuhnValid, SeesEverySingleWrongDigit) {
    const std::string number = "4761739001010119";
    for (std::size_t at = 0; at < number.size(); ++at) {
        for (char digit = '0'; digit <= '9'; ++digit) {
            std::string wrong = number;
            wrong[at] = digit;
            EXPECT_EQ(luhn_valid(wrong), wrong == number) << wrong;
        }
    }
}

TEST(LuhnValid, RefusesWhatIsNoCardNumber) {
    // All zeros of any length pass the sum alone.
    for (const char* text : {"", "0", "00000000000", "00000000000000000000", "4761 7390 0101 0119"})
        EXPECT_FALSE(luhn_valid(text)) << text;
}

TEST(Masked, ShowsSixAndFour) {
    EXPECT_EQ(masked("4761739001010119"), "476173******0119");
    EXPECT_EQ(masked("501800000009"), "501800**0009");
}

// What is no card number may be anything, a password too.
TEST(Masked, HidesEverythingElse) {
    EXPECT_EQ(masked("12345678901"), "***********");
    EXPECT_EQ(masked("hunter2hunter2"), "**************");
    EXPECT_EQ(masked(""), "");
}

}  // namespace
}  // namespace causeway::connectors::card
