// SPDX-License-Identifier: Apache-2.0
#include "fx/provider_conversion.h"

#include "tests/support/amounts.h"
#include "tests/support/books.h"
#include "tests/support/case_name.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

namespace causeway::fx {
namespace {

using ledger::Line;
using ledger::Money;
using ledger::Purpose;
using test::account;
using test::currency;
using test::eur;
using test::jpy;
using test::usd;

TEST(WrittenRate, KeepsWhatItsSenderWrote) {
    EXPECT_EQ(parse_written_rate("1.083215")->value.to_string(), "1.083215");
    EXPECT_EQ(parse_written_rate("186")->decimals, 0);
    // Zeros and all: they say how exact the rate is.
    EXPECT_EQ(parse_written_rate("1.080000")->value.to_string(), "1.08");
    EXPECT_EQ(parse_written_rate("1.080000")->decimals, 6);
    for (const char* const wrong : {"", "0", "0.00", "-1.08", "1,08", "1.08 ", "x"})
        EXPECT_EQ(parse_written_rate(wrong).error().code(), ErrorCode::invalid_argument) << wrong;
}

struct GapCase {
    std::string name;
    Money paid;
    Money settled;
    std::string rate;
    Money booked;
    ConversionGap gap;
    std::string difference;
};

class ProviderGap : public testing::TestWithParam<GapCase> {};

TEST_P(ProviderGap, NamesEveryUnit) {
    const GapCase& given = GetParam();
    const Result<ConversionGap> gap = compare(
        {.paid = given.paid, .settled = given.settled, .rate = *parse_written_rate(given.rate)},
        given.booked);
    ASSERT_TRUE(gap) << gap.error().detail();
    EXPECT_EQ(*gap, given.gap);
    EXPECT_EQ(to_string(gap->difference()), given.difference);
    EXPECT_EQ(gap->rate + gap->rounding + gap->unexplained,
              given.settled.minor_units() - given.booked.minor_units());
}

INSTANTIATE_TEST_SUITE_P(
    Conversion,
    ProviderGap,
    testing::Values(
        GapCase{"Agrees", usd(10'000), eur(8'559), "0.8559000", eur(8'559), {}, "none"},
        GapCase{"ItsRateIsBetter",
                usd(10'000),
                eur(8'600),
                "0.8600000",
                eur(8'559),
                {.rate = 41},
                "rate"},
        GapCase{"ItsRateIsWorse",
                usd(10'000),
                eur(8'500),
                "0.8500000",
                eur(8'559),
                {.rate = -59},
                "rate"},
        // 83.1051 EUR were cut instead of rounded up to where we are
        GapCase{
            "ItCutTheCent", usd(9'711), eur(8'311), "0.8558710", eur(8'312), {.rate = -1}, "rate"},
        GapCase{"OneUnitOff",
                usd(9'710),
                eur(8'310),
                "0.8558710",
                eur(8'311),
                {.rounding = -1},
                "rounding"},
        GapCase{"RateAndRounding",
                usd(9'710),
                eur(8'351),
                "0.8600000",
                eur(8'311),
                {.rate = 40, .rounding = 0},
                "rate"},
        // 1,000,000.00 USD at four decimals: 0.85587127 was written 0.8559, up to 100 EUR apart
        GapCase{"ItsDigitsExplainIt",
                usd(100'000'000),
                eur(85'587'127),
                "0.8559",
                eur(85'587'127),
                {.rate = 2'873, .rounding = -2'873},
                "rate"},
        GapCase{"NothingExplainsIt",
                usd(10'000),
                eur(8'500),
                "0.8559000",
                eur(8'559),
                {.unexplained = -59},
                "unexplained"},
        // 1.08 and 1.080000 are one number, but only one of them leaves room for 0.85 EUR.
        GapCase{"ZerosAreDigits",
                usd(100'000),
                eur(108'085),
                "1.080000",
                eur(108'000),
                {.unexplained = 85},
                "unexplained"},
        GapCase{"FewDigits",
                usd(100'000),
                eur(108'055),
                "1.08",
                eur(108'000),
                {.rounding = 55},
                "rounding"},
        // A rate of two digits is no licence to keep 9 %.
        GapCase{"TooFewDigits",
                usd(10'000),
                eur(10'100),
                "1.1",
                eur(11'000),
                {.unexplained = -900},
                "unexplained"},
        GapCase{"MoreThanDigitsExplain",
                usd(100'000),
                eur(108'056),
                "1.08",
                eur(108'000),
                {.unexplained = 56},
                "unexplained"},
        GapCase{"ToNone", usd(10'000), jpy(15'984), "159.84", jpy(15'980), {.rate = 4}, "rate"},
        GapCase{
            "ARefund", usd(-10'000), eur(-8'600), "0.8600000", eur(-8'559), {.rate = -41}, "rate"}),
    test::case_name<GapCase>);

// Paid a tenth, at a rate that says so: consistent, and still wrong.
TEST(ProviderConversion, ARateFarFromOursIsForAHuman) {
    const auto far = [](const Money& paid, const Money& settled, const char* rate, Money booked) {
        return is_far(*compare({paid, settled, *parse_written_rate(rate)}, booked), settled);
    };
    EXPECT_TRUE(far(usd(10'000), eur(850), "0.085", eur(8'559)));
    EXPECT_TRUE(far(usd(10'000), eur(9'500), "0.95", eur(8'559)));
    EXPECT_FALSE(far(usd(10'000), eur(9'400), "0.94", eur(8'559)));
    EXPECT_FALSE(far(usd(10'000), eur(7'800), "0.78", eur(8'559)));
    EXPECT_TRUE(far(usd(-10'000), eur(-850), "0.085", eur(-8'559)));
    // A unit more is much of three, and says nothing.
    EXPECT_FALSE(far(usd(4), eur(4), "1", eur(3)));
}

TEST(ProviderConversion, RefusesWhatCanNotBeCompared) {
    constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
    const WrittenRate two = *parse_written_rate("2");
    EXPECT_EQ(compare({usd(100), eur(200), two}, usd(200)).error().code(),
              ErrorCode::currency_mismatch);
    EXPECT_EQ(compare({usd(kMax), eur(1), two}, eur(1)).error().code(), ErrorCode::amount_overflow);
    EXPECT_EQ(compare({usd(100), eur(kMax), two}, eur(-kMax)).error().code(),
              ErrorCode::amount_overflow);
}

class ProviderSettlement : public testing::Test {
  protected:
    const Position held{.pair = {.base = currency("USD"), .counter = currency("EUR")},
                        .open = 20'000,
                        .cost = 17'118};
    const TradeAccounts claim{.base = account("operator", Purpose::client_money_claim, "USD"),
                              .counter = account("operator", Purpose::client_money_claim, "EUR")};
};

// The rate's part is realised against average cost; the rounding is not a gain of trading.
TEST_F(ProviderSettlement, ClosesThePositionAtTheProvidersAmount) {
    const ProviderConversion conversion{usd(10'000), eur(8'601), *parse_written_rate("0.8600000")};
    const ConversionGap gap = *compare(conversion, eur(8'559));
    const std::vector<Line> lines = *settlement_lines(held, conversion, gap, claim, "operator");
    const std::vector<Line> expected{{account("USD/EUR", Purpose::fx_trading, "USD"), 10'000},
                                     {claim.base, -10'000},
                                     {account("USD/EUR", Purpose::fx_trading, "EUR"), -8'559},
                                     {claim.counter, 8'601},
                                     {account("USD/EUR", Purpose::fx_realised, "EUR"), -41},
                                     {account("operator", Purpose::rounding, "EUR"), -1}};
    EXPECT_EQ(lines, expected);
}

TEST_F(ProviderSettlement, OfLessThanAUnitBalancesToo) {
    const ProviderConversion conversion{usd(1), eur(1), *parse_written_rate("0.0000001")};
    const ConversionGap gap = *compare(conversion, eur(0));
    ASSERT_EQ(gap.rounding, 1);
    const std::vector<Line> lines = *settlement_lines(held, conversion, gap, claim, "operator");
    std::int64_t euro = 0;
    for (const Line& line : lines) {
        if (line.account.currency == currency("EUR")) euro += line.minor_units;
    }
    EXPECT_EQ(euro, 0);
    EXPECT_TRUE(std::ranges::any_of(lines, [this](const Line& line) {
        return line.account == claim.counter && line.minor_units == 1;
    }));
}

TEST_F(ProviderSettlement, OfAnotherPairIsRefused) {
    const ProviderConversion conversion{eur(100), usd(116), *parse_written_rate("1.16")};
    EXPECT_EQ(settlement_lines(held, conversion, {}, claim, "operator").error().code(),
              ErrorCode::currency_mismatch);
}

}  // namespace
}  // namespace causeway::fx
