// SPDX-License-Identifier: Apache-2.0
#include "fx/rate.h"

#include "fx/builtin_rates.h"
#include "fx/rate_book.h"
#include "tests/support/amounts.h"

#include <gtest/gtest.h>

#include <rapidcheck.h>
#include <string>
#include <thread>
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
            Int128{rate.mantissa()} * source.per_euro.mantissa() *
                power_of_ten(target.per_euro.scale()) -
            Int128{target.per_euro.mantissa()} * power_of_ten(scale + source.per_euro.scale());
        const Int128 last_digit =
            source.per_euro.mantissa() * power_of_ten(target.per_euro.scale());
        RC_ASSERT((error < 0 ? -error : error) * 2 <= last_digit);
        RC_ASSERT(rate.mantissa() < 10'000'000'000);
    });
    EXPECT_TRUE(holds);
}

TEST(RateBook, KnowsNothingBeforeTheFirstTable) {
    const RateBook book;
    EXPECT_TRUE(book.stale(day("2026-04-13"), std::chrono::days{7}));
    EXPECT_EQ(book.mid_rate(currency("USD"), currency("EUR")).error().code(),
              ErrorCode::unavailable);
    EXPECT_EQ(book.snapshot(), nullptr);
}

TEST(RateBook, IsStaleAfterItsAgeAndNotBefore) {
    RateBook book;
    EXPECT_TRUE(book.publish(table_with("2026-04-13", "1.1684")));
    EXPECT_FALSE(book.stale(day("2026-04-20"), std::chrono::days{7}));
    EXPECT_TRUE(book.stale(day("2026-04-21"), std::chrono::days{7}));
}

TEST(RateBook, DoesNotTurnBackToAnOlderDay) {
    RateBook book;
    EXPECT_TRUE(book.publish(table_with("2026-04-13", "1.1684")));
    EXPECT_FALSE(book.publish(table_with("2026-04-10", "1.1711")));
    EXPECT_EQ(book.mid_rate(currency("EUR"), currency("USD"))->to_string(), "1.1684");
    // A table of the same day may come again, more complete than before.
    EXPECT_TRUE(book.publish(table_with("2026-04-13", "1.1685")));
    EXPECT_EQ(book.mid_rate(currency("EUR"), currency("USD"))->to_string(), "1.1685");
}

TEST(RateBook, ReadersSeeOneWholeTableWhileItIsReplaced) {
    RateBook book;
    book.publish(table_with("2026-04-10", "1.1711"));
    const std::shared_ptr<const ReferenceTable> before = book.snapshot();
    std::thread writer([&book] {
        for (int i = 0; i < 1'000; ++i)
            book.publish(table_with("2026-04-13", i % 2 == 0 ? "1.1684" : "1.1711"));
    });
    for (int i = 0; i < 1'000; ++i) {
        const Result<Decimal> rate = book.mid_rate(currency("EUR"), currency("USD"));
        ASSERT_TRUE(rate);
        EXPECT_TRUE(rate->to_string() == "1.1684" || rate->to_string() == "1.1711");
    }
    writer.join();
    EXPECT_EQ(to_text(before->day()), "2026-04-10");
}

}  // namespace
}  // namespace causeway::fx
