// SPDX-License-Identifier: Apache-2.0
#include "fx/rate.h"

#include "fx/builtin_rates.h"
#include "tests/support/amounts.h"

#include <gtest/gtest.h>

#include <rapidcheck.h>
#include <string>
#include <vector>

namespace causeway::fx {
namespace {

using test::currency;

Day day(std::string_view text) {
    return *parse_day(text);
}

ReferenceTable table_with(std::string_view date, std::string_view usd) {
    return *ReferenceTable::make(
        "ECB",
        day(date),
        {{currency("USD"), *Decimal::parse(usd)}, {currency("JPY"), *Decimal::parse("186.75")}});
}

std::string cross(const ReferenceTable& table, std::string_view source, std::string_view target) {
    return table.cross(currency(source), currency(target))->to_string();
}

TEST(ReferenceTable, TriangulatesThroughTheEuroWithTenDigits) {
    // ECB, 2026-04-13: 1 EUR = 1.1684 USD = 186.75 JPY.
    const ReferenceTable table = table_with("2026-04-13", "1.1684");
    EXPECT_EQ(cross(table, "EUR", "USD"), "1.1684");
    EXPECT_EQ(cross(table, "USD", "EUR"), "0.855871277");     // 1 / 1.1684 = 0.85587127695...
    EXPECT_EQ(cross(table, "USD", "JPY"), "159.833961");      // 186.75 / 1.1684 = 159.83396097...
    EXPECT_EQ(cross(table, "JPY", "USD"), "0.006256492637");  // 1.1684 / 186.75
    EXPECT_EQ(cross(table, "JPY", "JPY"), "1");
}

TEST(ReferenceTable, GivesARateWithDirectionPublisherAndDay) {
    const ReferenceTable table = table_with("2026-04-13", "1.1684");
    const Rate rate = *table.rate(currency("USD"), currency("EUR"));
    EXPECT_EQ(rate.source, currency("USD"));
    EXPECT_EQ(rate.target, currency("EUR"));
    EXPECT_EQ(rate.publisher, "ECB");
    EXPECT_EQ(to_text(rate.day), "2026-04-13");
}

TEST(ReferenceTable, SaysWhichCurrencyItLacks) {
    const Result<Decimal> rate =
        table_with("2026-04-13", "1.1684").cross(currency("USD"), currency("KWD"));
    ASSERT_FALSE(rate);
    EXPECT_EQ(rate.error().code(), ErrorCode::not_found);
    EXPECT_EQ(rate.error().detail(), "ECB has no rate for KWD on 2026-04-13");
}

TEST(ReferenceTable, RefusesTablesThatContradictThemselves) {
    const Decimal one = *Decimal::parse("1");
    const Decimal two = *Decimal::parse("2");
    const auto code = [](std::vector<ReferenceRate> rates) {
        return ReferenceTable::make("ECB", Day{}, std::move(rates)).error().code();
    };
    EXPECT_EQ(code({}), ErrorCode::invalid_argument);
    EXPECT_EQ(code({{currency("USD"), Decimal()}}), ErrorCode::invalid_argument);
    EXPECT_EQ(code({{currency("USD"), one}, {currency("USD"), one}}), ErrorCode::invalid_argument);
    EXPECT_EQ(code({{currency("USD"), one}, {currency("EUR"), two}}), ErrorCode::invalid_argument);
}

TEST(Rate, MarkupTakesItsShareOfTheMidRate) {
    // 0.855871277 * 9920 / 10000 = 0.849024306784
    EXPECT_EQ(with_markup(*Decimal::parse("0.855871277"), 80)->to_string(), "0.8490243068");
    EXPECT_EQ(with_markup(*Decimal::parse("1.1684"), 0)->to_string(), "1.1684");
    EXPECT_EQ(with_markup(*Decimal::parse("1"), 9999)->to_string(), "0.0001");
    for (const int wrong : {-1, 10'000}) {
        EXPECT_EQ(with_markup(*Decimal::parse("1"), wrong).error().code(),
                  ErrorCode::invalid_argument);
    }
}

// Anybody with the two published rates gets ours: the nearest number of ten digits.
TEST(ReferenceTable, CrossRateIsTheNearestToTheExactQuotient) {
    const ReferenceTable table = *newest_table(builtin_feed(), std::string(kEcb));
    const std::size_t count = table.rates().size();
    const bool holds = rc::check([&table, count] {
        const ReferenceRate& source = table.rates()[*rc::gen::inRange<std::size_t>(0, count)];
        const ReferenceRate& target = table.rates()[*rc::gen::inRange<std::size_t>(0, count)];
        const Decimal rate = *table.cross(source.currency, target.currency);
        // |rate * source - target| in units of the rate's tenth digit, times source
        const int scale = rate.scale();
        const Int128 error =
            Int128{rate.mantissa()} * source.per_base.mantissa() *
                power_of_ten(target.per_base.scale()) -
            Int128{target.per_base.mantissa()} * power_of_ten(scale + source.per_base.scale());
        const Int128 last_digit =
            source.per_base.mantissa() * power_of_ten(target.per_base.scale());
        RC_ASSERT((error < 0 ? -error : error) * 2 <= last_digit);
        RC_ASSERT(rate.mantissa() < 10'000'000'000);
    });
    EXPECT_TRUE(holds);
}

}  // namespace
}  // namespace causeway::fx
