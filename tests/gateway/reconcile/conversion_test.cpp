// SPDX-License-Identifier: Apache-2.0
#include "gateway/reconcile/conversion.h"

#include "gateway/reconcile/reconcile_commands.h"
#include "tests/support/adyen_file.h"
#include "tests/support/fx_books.h"

#include <gtest/gtest.h>

namespace causeway::gateway {
namespace {

namespace json = boost::json;
using ledger::Purpose;
using test::adyen_payout;
using test::adyen_settled;
using test::AdyenRow;
using test::eur;
using test::FxBooks;
using test::usd;

class ProviderConverts : public testing::TestWithParam<test::Engine> {};
CAUSEWAY_ON_EACH_ENGINE(ProviderConverts);

// A capture of 100.00 USD that we took for 85.59 EUR; the provider is to keep 0.30 USD.
void expect_capture(FxBooks& books, std::optional<ledger::Money> taken_for = eur(8'559)) {
    books.expect({.id = books.ids.next(),
                  .connector = "demo_card",
                  .kind = ExpectationKind::settled,
                  .provider_reference = "P1",
                  .modification_reference = "M1",
                  .source = "cap_1",
                  .payment_id = {},
                  .amount = usd(10'000),
                  .cost = 30,
                  .day = *parse_day("2026-04-13"),
                  .batch = {},
                  .run_id = {},
                  .created = books.clock.now(),
                  .taken_for = taken_for});
}

// 85.00 EUR at 0.85, less a cost of 0.26.
AdyenRow converted() {
    AdyenRow row = adyen_settled("P1", "M1");
    row["Exchange Rate"] = "0.8500";
    row["Net Currency"] = "EUR";
    row["Net Credit (NC)"] = "84.74";
    row["Markup (NC)"] = "0.05";
    row["Scheme Fees (NC)"] = "0.05";
    row["Interchange (NC)"] = "0.16";
    return row;
}

json::value run(FxBooks& books, const AdyenRow& row) {
    const CommandOutput output = reconcile_run(
        books.context,
        {.name = "reconcile run",
         .options = {{"profile", "adyen"}, {"json", "true"}},
         .arguments = {},
         .files = {{.name = "settlement.csv",
                    .content =
                        test::adyen_file({row, adyen_payout(row.at("Net Credit (NC)"), "EUR")})}}});
    return json::parse(output.out);
}

TEST_P(ProviderConverts, ItsRateIsBookedAgainstOurs) {
    FxBooks books(GetParam());
    books.pay(10'000, 8'559, 0);
    expect_capture(books);
    const json::value found = run(books, converted());
    EXPECT_EQ(found.at("counts").at("matched"), 1) << json::serialize(found);
    EXPECT_TRUE(found.at("exceptions").as_array().empty());
    const json::value& total = found.at("conversions").as_array().at(0);
    EXPECT_EQ(total.at("from"), "USD");
    EXPECT_EQ(total.at("settled"), 8'500);
    EXPECT_EQ(total.at("rate"), -59);
    EXPECT_EQ(total.at("rounding"), 0);
    // The dollars are gone, for 0.59 less than they had cost.
    EXPECT_EQ(books.position().open, 0);
    EXPECT_EQ(books.position().cost, 0);
    EXPECT_EQ(books.position().realised, -59);
    EXPECT_EQ(books.net(Purpose::provider_receivable, "EUR", "test/demo_card"), 8'474);
    EXPECT_EQ(books.net(Purpose::provider_cost, "EUR", "test/demo_card"), 26);
    EXPECT_EQ(books.net(Purpose::provider_cost, "USD", "test/demo_card"), -30);
    EXPECT_TRUE(books.verifies());
    // Stored, and shown the same again.
    const std::string before = books.dump();
    EXPECT_EQ(run(books, converted()), found);
    EXPECT_EQ(books.dump(), before);
}

TEST_P(ProviderConverts, ItsRoundingHasALineOfItsOwn) {
    FxBooks books(GetParam());
    books.pay(10'000, 8'559, 0);
    expect_capture(books);
    AdyenRow row = converted();
    row["Net Credit (NC)"] = "84.75";
    const json::value found = run(books, row);
    EXPECT_EQ(found.at("conversions").as_array().at(0).at("rate"), -59);
    EXPECT_EQ(found.at("conversions").as_array().at(0).at("rounding"), 1);
    EXPECT_EQ(books.position().realised, -59);
    EXPECT_EQ(books.net(Purpose::rounding, "EUR", "test/operator"), -1);
    EXPECT_TRUE(books.verifies());
}

struct Wrong {
    std::string column;
    std::string cell;
    std::string status;
    std::string note;
};

TEST_P(ProviderConverts, ARateFarFromOursIsAnExceptionAndBooksNothing) {
    FxBooks books(GetParam());
    books.pay(10'000, 8'559, 0);
    expect_capture(books);
    AdyenRow row = converted();
    row["Exchange Rate"] = "0.085";
    row["Net Credit (NC)"] = "8.24";
    const json::value found = run(books, row);
    ASSERT_EQ(found.at("exceptions").as_array().size(), 1U) << json::serialize(found);
    EXPECT_EQ(found.at("exceptions").as_array().front().at("status"), "conversion_mismatch");
    EXPECT_EQ(books.position().open, 10'000);
    EXPECT_TRUE(books.verifies());
}

TEST_P(ProviderConverts, WhatDoesNotFollowIsAnExceptionAndBooksNothing) {
    for (const Wrong& wrong :
         {Wrong{"Net Credit (NC)", "80.00", "conversion_mismatch", "unexplained EUR -4.74"},
          Wrong{"Gross Credit (GC)", "99.00", "amount_mismatch", "USD 1.00 less"},
          Wrong{"Exchange Rate", "", "currency_mismatch", "USD 100.00 was expected"}}) {
        FxBooks books(GetParam());
        books.pay(10'000, 8'559, 0);
        expect_capture(books);
        AdyenRow row = converted();
        row[wrong.column] = wrong.cell;
        const json::value found = run(books, row);
        ASSERT_EQ(found.at("exceptions").as_array().size(), 1U) << json::serialize(found);
        const json::value& item = found.at("exceptions").as_array().front();
        EXPECT_EQ(item.at("status"), json::value(wrong.status));
        EXPECT_NE(std::string_view(item.at("note").as_string()).find(wrong.note),
                  std::string_view::npos)
            << item.at("note");
        EXPECT_EQ(books.position().open, 10'000);
        EXPECT_EQ(books.number("SELECT COUNT(*) FROM expectations WHERE status = 'open' "
                               "AND kind = 'settled'"),
                  1);
    }
}

TEST_P(ProviderConverts, ACostThatIsNotOursAtItsRateIsAFeeMismatch) {
    FxBooks books(GetParam());
    expect_capture(books);
    AdyenRow row = converted();
    row["Markup (NC)"] = "0.10";
    row["Net Credit (NC)"] = "84.69";
    const json::value found = run(books, row);
    EXPECT_EQ(found.at("exceptions").as_array().at(0).at("status"), "fee_mismatch");
    EXPECT_EQ(found.at("exceptions").as_array().at(0).at("note"),
              "the provider kept EUR 0.31 where USD 0.30 was expected, at its rate EUR 0.26: "
              "EUR 0.05 more");
}

// The merchant is paid in dollars and the provider pays euros: the dollars are owed, at its rate.
TEST_P(ProviderConverts, WithoutAnExchangeOfOursItOpensAPosition) {
    FxBooks books(GetParam());
    expect_capture(books, {});
    const json::value found = run(books, converted());
    EXPECT_EQ(found.at("counts").at("matched"), 1) << json::serialize(found);
    EXPECT_EQ(found.at("conversions").as_array().at(0).at("rate"), 0);
    EXPECT_EQ(books.position().open, -10'000);
    EXPECT_EQ(books.position().cost, -8'500);
    EXPECT_EQ(books.position().realised, 0);
    EXPECT_TRUE(books.verifies());
}

}  // namespace
}  // namespace causeway::gateway
