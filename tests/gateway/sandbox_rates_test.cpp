// SPDX-License-Identifier: Apache-2.0
#include "gateway/sandbox_rates.h"

#include "fx/builtin_rates.h"
#include "fx/source.h"
#include "tests/support/amounts.h"

#include <gtest/gtest.h>

namespace causeway::gateway {
namespace {

using test::currency;

TEST(SandboxRates, AreReadByASourceAndCrossAsTheBuiltInOnesDo) {
    const Day today = *parse_day("2026-05-04");
    const Result<std::string> text = sandbox_rates(currency("USD"), today);
    ASSERT_TRUE(text);
    const Result<fx::RateSource> source =
        fx::RateSource::make({.name = "desk", .kind = "json", .base = currency("USD")});
    ASSERT_TRUE(source) << source.error().detail();
    const Result<fx::Feed> feed = source->parse(*text, today);
    ASSERT_TRUE(feed) << feed.error().detail();
    const Result<fx::ReferenceTable> builtin = fx::newest_table(fx::builtin_feed(), "ECB");
    EXPECT_EQ(feed->rows.size(), builtin->rates().size());
    for (const fx::FeedRow& row : feed->rows) {
        EXPECT_EQ(row.day, today);
        EXPECT_EQ(row.per_base, *builtin->cross(currency("USD"), row.currency));
    }
}

TEST(SandboxRates, HaveNoneOfACurrencyThatNobodyQuotes) {
    EXPECT_EQ(sandbox_rates(currency("KPW"), *parse_day("2026-05-04")).error().code(),
              ErrorCode::not_found);
}

}  // namespace
}  // namespace causeway::gateway
