// SPDX-License-Identifier: Apache-2.0
#include "connectors/card/conversion.h"

#include "connectors/card/answers.h"
#include "tests/connectors/card/operations.h"
#include "tests/support/case_name.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace causeway::connectors::card {
namespace {

using test::eur;

TEST(CardRate, ItsFirstDigitCountsTheDecimals) {
    EXPECT_EQ(*read_rate("61083215"), "1.083215");
    EXPECT_EQ(*read_rate("00000186"), "186");
    EXPECT_EQ(*read_rate("79999999"), "0.9999999");
    // More decimals than digits: what stands before them is nothing.
    EXPECT_EQ(*read_rate("90053548"), "0.000053548");
    EXPECT_EQ(*read_rate("80053548"), "0.00053548");
    // What its sender wrote is kept, zeros and all: it says how exact the rate is.
    EXPECT_EQ(*read_rate("61080000"), "1.080000");
    for (const char* const wrong :
         {"", "6108321", "610832150", "6108321x", "-1083215", "60000000", "6 108321"})
        EXPECT_EQ(read_rate(wrong).error().code(), ErrorCode::invalid_argument) << wrong;
}

TEST(CardRate, IsWrittenAsItIsRead) {
    EXPECT_EQ(*write_rate("0.85"), "20000085");
    EXPECT_EQ(*write_rate("1.083215"), "61083215");
    EXPECT_EQ(*write_rate("186"), "00000186");
    for (const char* const digits : {"61083215", "00000186", "79999999", "90053548", "61080000"})
        EXPECT_EQ(*write_rate(*read_rate(digits)), digits);
    for (const char* const wrong :
         {"", "0", "0.00", "1.", ".5", "-1", "12345678", "1.2345678", "0.0000000001", "1,5"})
        EXPECT_EQ(write_rate(wrong).error().code(), ErrorCode::invalid_argument) << wrong;
}

Message approval() {
    Message answer;
    answer.mti = "0210";
    answer.fields = {{39, "00"}, {38, "A00123"}};
    return answer;
}

TEST(CardConversion, IsWhatTheAnswerSaysOfSettlementAndBilling) {
    Message answer = approval();
    answer.fields[5] = "000000008500";
    answer.fields[9] = "60850000";
    answer.fields[50] = "978";
    answer.fields[6] = "000000015017";
    answer.fields[10] = "21501700";
    answer.fields[51] = "392";
    const auto told = read_answer(test::authorise(eur(10'000)), answer)->provider_conversion;
    ASSERT_TRUE(told);
    EXPECT_EQ(told->settlement, (ToldAmount{.amount = eur(8'500), .rate = "0.850000"}));
    EXPECT_EQ(told->billing->amount, ledger::Money(15'017, test::currency("JPY")));
    EXPECT_EQ(told->billing->rate, "15017.00");
    EXPECT_EQ(told->fault, "");
}

TEST(CardConversion, IsNoneWhereNothingWasSaid) {
    Message answer = approval();
    EXPECT_FALSE(read_conversion(answer));
    // Hosts repeat the currencies of a request.
    answer.fields[50] = "978";
    answer.fields[51] = "840";
    EXPECT_FALSE(read_conversion(answer));
    // A refusal converts nothing.
    answer.fields[5] = "000000008500";
    answer.fields[39] = "05";
    EXPECT_FALSE(read_answer(test::authorise(eur(10'000)), answer)->provider_conversion);
}

struct Mistake {
    std::string name;
    int field;
    std::string value;
    std::string fault;
};

class CardConversionMistake : public testing::TestWithParam<Mistake> {};

// The approval stands, whatever is wrong with the rate.
TEST_P(CardConversionMistake, IsNamedAndCostsNoApproval) {
    Message answer = approval();
    answer.fields[5] = "000000008500";
    answer.fields[9] = "60850000";
    answer.fields[50] = "978";
    answer.fields[GetParam().field] = GetParam().value;
    if (GetParam().value.empty()) answer.fields.erase(GetParam().field);
    const Result<Answer> read = read_answer(test::authorise(eur(10'000)), answer);
    ASSERT_TRUE(read);
    EXPECT_TRUE(read->approved);
    EXPECT_FALSE(read->provider_conversion->settlement);
    EXPECT_EQ(read->provider_conversion->fault, GetParam().fault);
}

INSTANTIATE_TEST_SUITE_P(
    Settlement,
    CardConversionMistake,
    testing::Values(Mistake{"NoAmount", 5, "", "DE5 is missing"},
                    Mistake{"NoRate", 9, "", "DE9 is missing"},
                    Mistake{"NoCurrency", 50, "", "DE50 is missing"},
                    Mistake{"UnknownCurrency", 50, "999", "DE50: 999 is no currency"},
                    Mistake{"RateOfZero", 9, "60000000", "DE9: a rate is eight digits, not zero"},
                    Mistake{"AmountOfZero", 5, "000000000000", "DE5 is zero"}),
    test::case_name<Mistake>);

TEST(CardConversion, TellsTheSideThatItUnderstands) {
    Message answer = approval();
    answer.fields[5] = "000000008500";
    answer.fields[9] = "60850000";
    answer.fields[50] = "978";
    answer.fields[6] = "000000008500";
    const auto told = read_conversion(answer);
    EXPECT_TRUE(told->settlement);
    EXPECT_EQ(told->fault, "DE10 is missing");
}

}  // namespace
}  // namespace causeway::connectors::card
