// SPDX-License-Identifier: Apache-2.0
#include "connectors/codes/check_digit.h"

#include <gtest/gtest.h>

#include <string>

namespace causeway::connectors::codes {
namespace {

TEST(CheckDigit, AddsTheDigitsOfEachProductInMod10) {
    // Fields 1 to 3 of the line that Banco do Brasil's manual prints.
    EXPECT_EQ(mod10_digit("001905009"), '5');
    EXPECT_EQ(mod10_digit("4014481606"), '9');
    EXPECT_EQ(mod10_digit("0680935031"), '4');
    EXPECT_EQ(mod10_digit("00571234511012345678"), '8');
}

TEST(CheckDigit, GivesTheBarcodeADigitThatIsNeverZero) {
    EXPECT_EQ(mod11_barcode_digit("0019373700000001000500940144816060680935031"), '3');
    struct Row {
        const char* name;
        const char* digits;
    };
    // The remainders 0, 1 and 10.
    for (const Row& row :
         {Row{"nothing left", "0000"}, Row{"one left", "0006"}, Row{"ten left", "0005"}}) {
        EXPECT_EQ(mod11_barcode_digit(row.digits), '1') << row.name;
    }
}

TEST(CheckDigit, MakesTheSameRemaindersZeroOnASlipOfCollection) {
    EXPECT_EQ(mod11_collection_digit("0000"), '0');
    EXPECT_EQ(mod11_collection_digit("0006"), '0');
    EXPECT_EQ(mod11_collection_digit("0005"), '1');
}

TEST(CheckDigit, WritesXForTenAtBancoDoBrasil) {
    EXPECT_EQ(mod11_banco_do_brasil_digit("05009401448"), '1');
    EXPECT_EQ(mod11_banco_do_brasil_digit("11842010620"), 'X');
    EXPECT_EQ(mod11_banco_do_brasil_digit("87199427752"), '0');
}

TEST(CheckDigit, WritesPForTenAtBradesco) {
    EXPECT_EQ(mod11_bradesco_digit("1900000000002"), '8');
    EXPECT_EQ(mod11_bradesco_digit("1900000000001"), 'P');
    EXPECT_EQ(mod11_bradesco_digit("1900000000006"), '0');
}

}  // namespace
}  // namespace causeway::connectors::codes
