// SPDX-License-Identifier: Apache-2.0
//
// What a checkout shows: reference rates, prices in other currencies, what a buyer must see; and
// how a quote that cannot be made is refused.
#include "gateway/api/api.h"
#include "gateway/api/rate_limit.h"
#include "gateway/metrics.h"
#include "tests/support/payment_desk.h"

#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include <algorithm>

namespace causeway::gateway {
namespace {

namespace json = boost::json;

using test::currency;
using test::PaymentDesk;

class RatesApi : public testing::Test {
  protected:
    RatesApi() {
        desk.corridors =
            *fx::Corridors::make({{.spread_bps = 80, .rate_age_max = std::chrono::days(7)},
                                  {.source = currency("GBP"),
                                   .target = currency("USD"),
                                   .spread_bps = 100,
                                   .source_min = 500,
                                   .source_max = 10'000,
                                   .rate_age_max = std::chrono::days(7),
                                   .valid_min = std::chrono::seconds(60),
                                   .valid_max = std::chrono::seconds(600)}});
        secret = key(KeyKind::secret);
        publishable = key(KeyKind::publishable);
    }
    std::string key(KeyKind kind, const std::string& permissions = {}) {
        std::string text = make_api_key(kind, false, desk.entropy);
        const ApiKey row{.id = desk.ids.next(),
                         .hash = sha256(text),
                         .scope = {.merchant = desk.merchant, .livemode = false},
                         .kind = kind,
                         .permissions = permissions,
                         .hint = "wxyz",
                         .created_at = desk.clock.now()};
        desk.write<int>([&row](ledger::Transaction& tx) -> Result<int> {
            const Result<void> stored = insert_key(tx, row);
            return stored ? Result<int>(0) : Result<int>(stored.error());
        });
        return text;
    }
    struct Got {
        int status;
        json::object body;
        [[nodiscard]] const json::array& data() const { return body.at("data").as_array(); }
        [[nodiscard]] std::string text(std::string_view name) const {
            return std::string(body.at(name).as_string());
        }
        [[nodiscard]] std::string pointer() const {
            return std::string(body.at("errors").as_array().at(0).at("pointer").as_string());
        }
    };
    Got call(std::string method, std::string target, std::string body, const std::string& with) {
        const net::HttpResponse answer =
            test::run(api.handle({.method = std::move(method),
                                  .target = std::move(target),
                                  .headers = {{"Authorization", "Bearer " + with}},
                                  .body = std::move(body),
                                  .peer = "127.0.0.1"}));
        return {answer.status, json::parse(answer.body).as_object()};
    }
    Got get(const std::string& target) { return call("GET", target, "", publishable); }
    Got quote(const std::string& body) { return call("POST", "/v1/fx/quotes", body, secret); }

    static const json::object& of(const Got& got, std::string_view code) {
        const auto found = std::ranges::find_if(got.data(), [&](const json::value& one) {
            return one.at("currency").as_string() == code;
        });
        if (found == got.data().end()) throw std::runtime_error("not listed");
        return found->as_object();
    }
    static bool ordered(const Got& got) {
        return std::ranges::is_sorted(got.data(), {}, [](const json::value& one) {
            return std::string(one.at("currency").as_string());
        });
    }

    PaymentDesk desk;
    std::string secret;
    std::string publishable;
    KeyRing keys{*desk.database, desk.readers, desk.clock};
    WebhookDesk webhooks{.entropy = desk.entropy};
    Api api{{.database = *desk.database,
             .readers = desk.readers,
             .service = *desk.service,
             .keys = keys,
             .cvcs = desk.cvcs,
             .webhooks = webhooks,
             .rate_sources = {&fx::ecb_source(), 1}},
            [](ledger::Transaction&) { return Readiness{.ready = true, .report = "ok\n"}; }};
};

TEST_F(RatesApi, ShowsTheReferenceRatesOfADayAgainstAnyBase) {
    const Got euros = get("/v1/fx/rates");
    ASSERT_EQ(euros.status, 200) << json::serialize(euros.body);
    const json::object& dollars = of(euros, "USD");
    EXPECT_EQ(dollars.at("object").as_string(), "rate");
    EXPECT_EQ(dollars.at("base").as_string(), "EUR");
    EXPECT_EQ(dollars.at("source").as_string(), "ECB");
    EXPECT_TRUE(ordered(euros));
    EXPECT_THROW((void)of(euros, "EUR"), std::runtime_error) << "the base itself is not listed";

    const Got reais = get("/v1/fx/rates?base=BRL");
    EXPECT_EQ(reais.data().size(), euros.data().size());
    const fx::ReferenceTable& table = desk.rates.snapshot()->front();
    EXPECT_EQ(of(reais, "JPY").at("rate").as_string(),
              table.cross(currency("BRL"), currency("JPY"))->to_string());
    EXPECT_TRUE(of(reais, "EUR").at("base").as_string() == "BRL");
}

TEST_F(RatesApi, ChecksTheParametersOfTheRates) {
    for (const char* const wrong : {"date=yesterday",
                                    "date=2026-02-30",
                                    "date=2026-04-15",
                                    "base=usd",
                                    "base=XX",
                                    "base=",
                                    "limit=10",
                                    "expand=base"}) {
        const Got refused = get(std::string("/v1/fx/rates?") + wrong);
        EXPECT_EQ(refused.status, 400) << wrong;
        EXPECT_EQ(refused.text("code"), "invalid_request") << wrong;
        EXPECT_TRUE(std::string_view(wrong).starts_with(refused.text("param") + "=")) << wrong;
    }
    EXPECT_EQ(get("/v1/fx/rates?date=1998-12-31").status, 404);
    EXPECT_EQ(get("/v1/fx/rates?base=KPW").status, 404);
}

TEST_F(RatesApi, PricesInEveryCurrencyWithARateAndACorridor) {
    const Got list = get("/v1/fx/presentment?amount=4990&currency=USD");
    ASSERT_EQ(list.status, 200) << json::serialize(list.body);
    EXPECT_TRUE(ordered(list));
    // Everything in the table but the dollar, and the euro that it is against.
    EXPECT_EQ(list.data().size(), desk.rates.snapshot()->front().rates().size());
    const Got promised =
        quote(R"({"source_currency":"BRL","target_currency":"USD","target_amount":4990})");
    ASSERT_EQ(promised.status, 201) << json::serialize(promised.body);
    const json::object& price = of(list, "BRL");
    EXPECT_EQ(price.at("amount"), promised.body.at("source_amount"));
    EXPECT_EQ(price.at("target_amount").to_number<int>(), 4'990);
    for (const char* const same : {"mid_rate", "rate", "markup_bps", "rate_source", "rate_date"})
        EXPECT_EQ(price.at(same), promised.body.at(same)) << same;
    EXPECT_EQ(of(list, "GBP").at("markup_bps").to_number<int>(), 100);
    EXPECT_THROW((void)of(list, "USD"), std::runtime_error);
}

TEST_F(RatesApi, LeavesOutWhatCannotBePaidIn) {
    const Got large = get("/v1/fx/presentment?amount=1000000&currency=USD");
    EXPECT_THROW((void)of(large, "GBP"), std::runtime_error) << "beyond its corridor's limit";
    EXPECT_GT(of(large, "EUR").at("amount").to_number<int>(), 0);
    desk.clock.advance(std::chrono::hours(24 * 30));
    const Got stale = get("/v1/fx/presentment?amount=4990&currency=USD");
    EXPECT_EQ(stale.status, 200);
    EXPECT_TRUE(stale.data().empty());
}

TEST_F(RatesApi, ChecksTheParametersOfPrices) {
    for (const char* const wrong : {"currency=USD",
                                    "amount=100",
                                    "amount=0&currency=USD",
                                    "amount=-1&currency=USD",
                                    "amount=1.5&currency=USD",
                                    "amount=9007199254740992&currency=USD",
                                    "amount=99999999999999999999&currency=USD",
                                    "amount=100&currency=usd",
                                    "amount=100&currency=USD&base=EUR"}) {
        EXPECT_EQ(get(std::string("/v1/fx/presentment?") + wrong).status, 400) << wrong;
    }
    EXPECT_EQ(get("/v1/fx/presentment?amount=9007199254740991&currency=USD").status, 200);
}

TEST_F(RatesApi, APublishableKeySeesRatesButNoQuotes) {
    EXPECT_EQ(get("/v1/fx/quotes").status, 403);
    const std::string reader = key(KeyKind::restricted, "fx:read");
    EXPECT_EQ(call("GET", "/v1/fx/rates", "", reader).status, 200);
    const std::string writer = key(KeyKind::restricted, "fx:write");
    EXPECT_EQ(call("GET", "/v1/fx/rates", "", writer).status, 403);
}

TEST_F(RatesApi, DisclosesWhatABuyerMustSee) {
    const Got made =
        quote(R"({"source_currency":"USD","target_currency":"EUR","source_amount":10000})");
    const std::string path = "/v1/fx/quotes/" + made.text("id");
    const Got told = call("GET", path + "/disclosure", "", secret);
    ASSERT_EQ(told.status, 200) << json::serialize(told.body);
    for (const char* const same : {"source_amount", "target_amount", "mid_rate", "rate"})
        EXPECT_EQ(told.body.at(same), made.body.at(same)) << same;
    EXPECT_EQ(told.body.at("valid_until"), made.body.at("expires_at"));
    EXPECT_EQ(told.text("markup_percent").substr(0, 3), "0.8") << told.text("markup_percent");
    EXPECT_EQ(told.body.at("target_fee").to_number<int>(), 0);
    EXPECT_EQ(told.text("bearer"), "merchant");
    EXPECT_EQ(call("GET", path + "x/disclosure", "", secret).status, 404);
    EXPECT_EQ(call("GET", path + "/disclosure", "", publishable).status, 403);
}

struct Refusal {
    std::string name;
    std::string body;
    int status;
    std::string code;
    std::string pointer;
};

TEST_F(RatesApi, RefusesAQuoteByTheFieldThatIsWrong) {
    const std::string pounds = R"({"source_currency":"GBP","target_currency":"USD",)";
    for (const Refusal& one : {Refusal{"TooShort",
                                       pounds + R"("source_amount":600,"valid_for":29})",
                                       400,
                                       "invalid_request",
                                       "/valid_for"},
                               Refusal{"TooShortHere",
                                       pounds + R"("source_amount":600,"valid_for":59})",
                                       400,
                                       "invalid_request",
                                       "/valid_for"},
                               Refusal{"TooLongHere",
                                       pounds + R"("source_amount":600,"valid_for":601})",
                                       400,
                                       "invalid_request",
                                       "/valid_for"},
                               Refusal{"TooLittle",
                                       pounds + R"("source_amount":499})",
                                       422,
                                       "amount_out_of_range",
                                       "/source_amount"},
                               Refusal{"TooMuch",
                                       pounds + R"("target_amount":100000})",
                                       422,
                                       "amount_out_of_range",
                                       "/target_amount"}}) {
        const Got refused = quote(one.body);
        ASSERT_EQ(refused.status, one.status) << one.name << json::serialize(refused.body);
        EXPECT_EQ(refused.text("code"), one.code) << one.name;
        EXPECT_EQ(refused.pointer(), one.pointer) << one.name;
    }
    EXPECT_EQ(quote(pounds + R"("source_amount":600,"valid_for":60})").status, 201);
}

TEST_F(RatesApi, RefusesAQuoteWithoutACorridorARateOrFreshOnes) {
    const std::string euros = R"({"source_currency":"EUR","target_currency":"USD",)";
    EXPECT_EQ(quote(R"({"source_currency":"KPW","target_currency":"USD","source_amount":600})")
                  .text("code"),
              "fx_rate_unavailable");
    desk.clock.advance(std::chrono::hours(24 * 30));
    const Got stale = quote(euros + R"("source_amount":600})");
    EXPECT_EQ(stale.status, 422);
    EXPECT_EQ(stale.text("code"), "fx_rate_unavailable");
    EXPECT_NE(stale.text("detail").find("too old"), std::string::npos);
    desk.corridors = *fx::Corridors::make({{.source = currency("GBP")}});
    const Got closed = quote(euros + R"("source_amount":600})");
    EXPECT_EQ(closed.text("code"), "fx_rate_unavailable");
    EXPECT_NE(closed.text("detail").find("not offered"), std::string::npos);
}

}  // namespace
}  // namespace causeway::gateway
