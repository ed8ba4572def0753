// SPDX-License-Identifier: Apache-2.0
#include "gateway/api/quote_view.h"

#include "tests/support/amounts.h"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

namespace causeway::gateway {
namespace {

// With them a reader computes the amounts again.
TEST(QuoteView, SaysTheFeeAndWhoBearsIt) {
    const fx::Quote quote{.source = ledger::Money(9'710, test::currency("USD")),
                          .target = ledger::Money(8'214, test::currency("EUR")),
                          .mid_rate = *fx::Decimal::parse("0.855871277"),
                          .rate = *fx::Decimal::parse("0.8490243068"),
                          .markup_bps = 80,
                          .fee = 30,
                          .bearer = fx::Bearer::buyer,
                          .rate_source = "ECB"};
    const boost::json::value shown = boost::json::parse(render_quote(quote, Timestamp()));
    EXPECT_EQ(shown.at("target_fee"), 30);
    EXPECT_EQ(shown.at("bearer"), "buyer");
    EXPECT_EQ(shown.at("markup_bps"), 80);
}

}  // namespace
}  // namespace causeway::gateway
