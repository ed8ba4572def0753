// SPDX-License-Identifier: Apache-2.0
#include "fx/disclosure.h"

#include "tests/support/amounts.h"
#include "tests/support/case_name.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace causeway::fx {
namespace {

using ledger::Money;
using test::currency;

struct PercentCase {
    std::string name;
    Money source;
    Money target;
    std::string mid;
    std::string percent;
};

Quote quote_of(const PercentCase& given) {
    return {.id = {},
            .merchant = {},
            .livemode = true,
            .source = given.source,
            .target = given.target,
            .mid_rate = *Decimal::parse(given.mid),
            .rate = *Decimal::parse(given.mid),
            .markup_bps = 80,
            .fee = 25,
            .rounding = RoundingSide::favour_buyer,
            .bearer = Bearer::buyer,
            .rate_source = "ECB",
            .rate_date = *parse_day("2026-04-13"),
            .created_at = from_microseconds(0),
            .expires_at = from_microseconds(30'000'000),
            .consumed_by = std::nullopt};
}

class DisclosurePercent : public testing::TestWithParam<PercentCase> {};

TEST_P(DisclosurePercent, IsTheWholeCostOverTheReferenceRate) {
    const Result<Disclosure> shown = disclosure_of(quote_of(GetParam()));
    ASSERT_TRUE(shown) << shown.error().detail();
    EXPECT_EQ(shown->markup_percent, GetParam().percent);
}

INSTANTIATE_TEST_SUITE_P(
    Quote,
    DisclosurePercent,
    testing::Values(
        // 97.10 USD are 83.1051 EUR; the merchant gets 82.44: 0.8067 %, never shown as less
        PercentCase{"RoundedUp", test::usd(9710), test::eur(8244), "0.855871277", "0.81"},
        PercentCase{"Nothing", test::usd(200), test::eur(100), "0.5", "0.00"},
        PercentCase{"Double", test::usd(400), test::eur(100), "0.5", "100.00"},
        PercentCase{"OneHundredth", test::usd(20'002), test::eur(10'000), "0.5", "0.01"},
        // What rounding gave away shows as less than nothing, and is rounded towards more cost.
        PercentCase{"Less", test::usd(197), test::eur(100), "0.5", "-1.50"},
        PercentCase{"LittleLess", test::usd(19'999), test::eur(10'000), "0.5", "0.00"},
        // 1 JPY is 0.54 cents; the unit itself is the cost.
        PercentCase{"CoarseUnit", test::jpy(4), test::eur(2), "0.0054", "8.00"},
        PercentCase{"ToNone", test::eur(100), test::jpy(180), "186.75", "3.75"},
        PercentCase{"FourDecimals",
                    Money(10'000, currency("CLF")),
                    Money(40'000, currency("CLP")),
                    "40400.5",
                    "1.01"},
        PercentCase{"Largest",
                    test::usd(kQuoteAmountMax),
                    test::eur(kQuoteAmountMax / 2),
                    "0.500000001",
                    "0.01"}),
    test::case_name<PercentCase>);

TEST(Disclosure, RepeatsWhatTheQuotePromises) {
    const Quote quote = quote_of({"", test::usd(9710), test::eur(8244), "0.855871277", ""});
    const Disclosure shown = *disclosure_of(quote);
    EXPECT_EQ(shown.total, quote.source);
    EXPECT_EQ(shown.receives, quote.target);
    EXPECT_EQ(shown.mid_rate, quote.mid_rate);
    EXPECT_EQ(shown.rate, quote.rate);
    EXPECT_EQ(shown.fee, test::eur(25));
    EXPECT_EQ(shown.rounding, RoundingSide::favour_buyer);
    EXPECT_EQ(shown.bearer, Bearer::buyer);
    EXPECT_EQ(shown.rate_source, "ECB");
    EXPECT_EQ(shown.rate_date, quote.rate_date);
    EXPECT_EQ(shown.valid_until, quote.expires_at);
}

TEST(Disclosure, DoesNotWrap) {
    constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
    const PercentCase huge{"", test::usd(kMax), test::eur(1), "999999999.123456789", ""};
    EXPECT_EQ(disclosure_of(quote_of(huge)).error().code(), ErrorCode::amount_overflow);
    const PercentCase nothing{"", test::usd(1), test::eur(0), "1", ""};
    EXPECT_EQ(disclosure_of(quote_of(nothing)).error().code(), ErrorCode::amount_overflow);
}

}  // namespace
}  // namespace causeway::fx
