// SPDX-License-Identifier: Apache-2.0
//
// Sources of rates and corridors in the configuration: a corridor that was misread costs money with
// every payment, so every mistake names its line and its key.
#include "gateway/config_fx.h"

#include "tests/support/amounts.h"
#include "tests/support/case_name.h"

#include <gtest/gtest.h>

#include <string>

namespace causeway::gateway {
namespace {

using test::currency;

constexpr std::string_view kFx = R"([fx]
margin_bps = 120
rates_age_max_days = 3
jump_limit_bps = 500
fetch_every_minutes = 15
ca = "rates.pem"
revalue = false

[[fx.source]]
name = "ECB"
kind = "ecb"
priority = 20

[[fx.source]]
name = "desk"
kind = "json"
url = "https://rates.example/latest"
base = "USD"
calendar = "BR"
priority = 10
currencies = ["BRL", "MXN"]

[[fx.corridor]]
source = "BRL"
target = "USD"
spread_bps = 150
fixed_fee = "0.30 USD"
rounding = "favour_operator"
bearer = "buyer"
amount_min = 100
amount_max = 500000
rates_age_max_days = 2
valid_min_s = 60
valid_max_s = 900

[[fx.corridor]]
target = "JPY"
merchant = "mer_01JZ8QK3M5X9T2B7C4D6E8F0G1"
)";

TEST(FxSettings, AreReadWhole) {
    const Result<Settings> read = parse_settings(kFx);
    ASSERT_TRUE(read) << read.error().detail();
    const FxSettings& fx = read->fx;
    EXPECT_EQ(fx.margin_bps, 120);
    EXPECT_EQ(fx.rates_age_max_days, 3);
    EXPECT_EQ(fx.jump_limit_bps, 500);
    EXPECT_EQ(fx.fetch_every_minutes, 15);
    EXPECT_EQ(fx.ca, "rates.pem");
    EXPECT_FALSE(fx.revalue);
    ASSERT_EQ(fx.sources.size(), 2U);
    EXPECT_EQ(fx.sources[0].name(), "ECB");
    EXPECT_EQ(fx.sources[0].priority(), 20);
    const fx::RateSource& desk = fx.sources[1];
    EXPECT_EQ(desk.url(), "https://rates.example/latest");
    EXPECT_EQ(desk.base(), currency("USD"));
    EXPECT_EQ(desk.calendar().name(), "BR");
    EXPECT_TRUE(desk.serves(currency("MXN")));
    EXPECT_FALSE(desk.serves(currency("GBP")));
}

TEST(FxSettings, MakeCorridorsWithTheGeneralTermsWhereTheySayNothing) {
    const Result<Settings> read = parse_settings(kFx);
    ASSERT_TRUE(read) << read.error().detail();
    const Result<fx::Corridors> corridors = corridors_of(read->fx);
    ASSERT_TRUE(corridors) << corridors.error().detail();
    const fx::Corridor* const one = corridors->find({}, currency("BRL"), currency("USD"));
    ASSERT_NE(one, nullptr);
    EXPECT_EQ(*one,
              (fx::Corridor{.source = currency("BRL"),
                            .target = currency("USD"),
                            .spread_bps = 150,
                            .fixed_fee = ledger::Money(30, currency("USD")),
                            .rounding = fx::RoundingSide::favour_operator,
                            .bearer = fx::Bearer::buyer,
                            .source_min = 100,
                            .source_max = 500'000,
                            .rate_age_max = std::chrono::days(2),
                            .valid_min = std::chrono::seconds(60),
                            .valid_max = std::chrono::seconds(900)}));
    const Uuid merchant = *parse_id("mer", "mer_01JZ8QK3M5X9T2B7C4D6E8F0G1");
    const fx::Corridor* const own = corridors->find(merchant, currency("EUR"), currency("JPY"));
    ASSERT_NE(own, nullptr);
    EXPECT_EQ(own->merchant, merchant);
    EXPECT_EQ(own->spread_bps, 120);
    EXPECT_EQ(own->rate_age_max, std::chrono::days(3));
    const fx::Corridor* const rest = corridors->find({}, currency("EUR"), currency("GBP"));
    ASSERT_NE(rest, nullptr);
    EXPECT_EQ(rest->spread_bps, 120);
    EXPECT_EQ(rest->rate_age_max, std::chrono::days(3));
}

TEST(FxSettings, AreThoseOfTheCentralBankUnlessToldOtherwise) {
    const Result<Settings> read = parse_settings("");
    ASSERT_TRUE(read);
    EXPECT_TRUE(read->fx.sources.empty());
    EXPECT_EQ(read->fx.rates_age_max_days, 4);
    EXPECT_EQ(read->fx.jump_limit_bps, 1'000);
}

struct FxMistake {
    std::string name;
    std::string toml;
    std::string line;
    std::string key;
};

class FxSettingsMistake : public testing::TestWithParam<FxMistake> {};

const std::string kSource = "[[fx.source]]\nname = \"desk\"\nkind = \"json\"\nbase = \"USD\"\n";
const std::string kCorridor = "[[fx.corridor]]\nsource = \"BRL\"\ntarget = \"USD\"\n";

INSTANTIATE_TEST_SUITE_P(
    General,
    FxSettingsMistake,
    testing::Values(
        FxMistake{"UnknownKey", "[fx]\nspread = 1\n", "line 2", "fx.spread"},
        FxMistake{"Jump", "[fx]\njump_limit_bps = -1\n", "line 2", "fx.jump_limit_bps"},
        FxMistake{
            "Schedule", "[fx]\nfetch_every_minutes = 1441\n", "line 2", "fx.fetch_every_minutes"},
        FxMistake{"Authority", "[fx]\nca = 1\n", "line 2", "fx.ca"},
        FxMistake{"Revalue", "[fx]\nrevalue = \"no\"\n", "line 2", "fx.revalue"},
        FxMistake{"OneSourceOnly", "[fx.source]\nname = \"a\"\n", "line 1", "fx.source"},
        FxMistake{"OneCorridorOnly", "[fx.corridor]\nspread_bps = 1\n", "line 1", "fx.corridor"}),
    test::case_name<FxMistake>);

INSTANTIATE_TEST_SUITE_P(
    Sources,
    FxSettingsMistake,
    testing::Values(
        FxMistake{"UnknownKey", kSource + "address = \"x\"\n", "line 5", "fx.source.address"},
        FxMistake{
            "Name", "[[fx.source]]\nname = \"a b\"\nkind = \"ecb\"\n", "line 2", "source.name"},
        FxMistake{"NoName", "[[fx.source]]\nkind = \"ecb\"\n", "line 1", "source.name"},
        FxMistake{"Kind", "[[fx.source]]\nname = \"a\"\nkind = \"x\"\n", "line 3", "source.kind"},
        FxMistake{"NoKind", "[[fx.source]]\nname = \"a\"\n", "line 1", "source.kind"},
        FxMistake{
            "NoBase", "[[fx.source]]\nname = \"a\"\nkind = \"json\"\n", "line 1", "source.base"},
        FxMistake{"OtherBase",
                  "[[fx.source]]\nname = \"a\"\nkind = \"ecb\"\nbase = \"USD\"\n",
                  "line 4",
                  "source.base"},
        FxMistake{"NoCurrency",
                  "[[fx.source]]\nname = \"a\"\nkind = \"json\"\nbase = \"usd\"\n",
                  "line 4",
                  "source.base"},
        FxMistake{"Url", kSource + "url = \"http://x\"\n", "line 5", "source.url must begin"},
        FxMistake{
            "UrlWithUser", kSource + "url = \"https://a@x/\"\n", "line 5", "source.url is no"},
        FxMistake{"UrlPort", kSource + "url = \"https://x:0/\"\n", "line 5", "source.url is no"},
        FxMistake{"UrlHost", kSource + "url = \"https://x y/\"\n", "line 5", "source.url is no"},
        FxMistake{"UrlOfNothing", kSource + "url = \"https://\"\n", "line 5", "source.url is no"},
        FxMistake{"Calendar", kSource + "calendar = \"MARS\"\n", "line 5", "fx.source.calendar"},
        FxMistake{"Priority", kSource + "priority = 0\n", "line 5", "fx.source.priority"},
        FxMistake{
            "Currencies", kSource + "currencies = [\"BRL\", \"XX\"]\n", "line 5", "currencies"},
        FxMistake{"Twice", kSource + kSource, "line 5", "fx.source.name"}),
    test::case_name<FxMistake>);

INSTANTIATE_TEST_SUITE_P(
    Corridors,
    FxSettingsMistake,
    testing::Values(
        FxMistake{"UnknownKey", kCorridor + "margin = 1\n", "line 4", "fx.corridor.margin"},
        FxMistake{"Source", "[[fx.corridor]]\nsource = \"real\"\n", "line 2", "corridor.source"},
        FxMistake{"EmptySource", "[[fx.corridor]]\nsource = \"\"\n", "line 2", "corridor.source"},
        FxMistake{"EmptyTarget", "[[fx.corridor]]\ntarget = \"\"\n", "line 2", "corridor.target"},
        FxMistake{"EmptyMerchant", kCorridor + "merchant = \"\"\n", "line 4", "corridor.merchant"},
        FxMistake{"EmptyFee", kCorridor + "fixed_fee = \"\"\n", "line 4", "corridor.fixed_fee"},
        FxMistake{"Merchant", kCorridor + "merchant = \"shop\"\n", "line 4", "corridor.merchant"},
        FxMistake{"Spread", kCorridor + "spread_bps = 5001\n", "line 4", "corridor.spread_bps"},
        FxMistake{"Fee", kCorridor + "fixed_fee = \"0.305 USD\"\n", "line 4", "corridor.fixed_fee"},
        FxMistake{
            "FeeOfNothing", kCorridor + "fixed_fee = \"1\"\n", "line 4", "corridor.fixed_fee"},
        FxMistake{"FeeElsewhere", kCorridor + "fixed_fee = \"1.00 EUR\"\n", "line 1", "BRL/USD"},
        FxMistake{"Rounding", kCorridor + "rounding = \"up\"\n", "line 4", "corridor.rounding"},
        FxMistake{"Bearer", kCorridor + "bearer = \"nobody\"\n", "line 4", "corridor.bearer"},
        FxMistake{"Least", kCorridor + "amount_min = 0\n", "line 4", "corridor.amount_min"},
        FxMistake{"Limits",
                  kCorridor + "amount_min = 2\namount_max = 1\n",
                  "line 1",
                  "the largest amount is less than the smallest"},
        FxMistake{"LimitsOfAny",
                  "[[fx.corridor]]\ntarget = \"USD\"\namount_max = 1\n",
                  "line 1",
                  "limits need a source currency"},
        FxMistake{
            "Age", kCorridor + "rates_age_max_days = 0\n", "line 4", "corridor.rates_age_max_days"},
        FxMistake{"Shortest", kCorridor + "valid_min_s = 29\n", "line 4", "corridor.valid_min_s"},
        FxMistake{"Longest", kCorridor + "valid_max_s = 86401\n", "line 4", "corridor.valid_max_s"},
        FxMistake{"Validity",
                  kCorridor + "valid_min_s = 60\nvalid_max_s = 30\n",
                  "line 1",
                  "quotes are valid for 30 seconds to 24 hours"},
        FxMistake{"SamePair",
                  "[[fx.corridor]]\nsource = \"USD\"\ntarget = \"USD\"\n",
                  "line 1",
                  "both currencies are the same"},
        FxMistake{"Twice", kCorridor + kCorridor, "line 4", "it is there twice"}),
    test::case_name<FxMistake>);

TEST_P(FxSettingsMistake, NamesLineAndKey) {
    const Result<Settings> read = parse_settings(GetParam().toml);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code(), ErrorCode::invalid_argument);
    const std::string& detail = read.error().detail();
    EXPECT_TRUE(detail.starts_with(GetParam().line + ":")) << detail;
    EXPECT_NE(detail.find(GetParam().key), std::string::npos) << detail;
}

}  // namespace
}  // namespace causeway::gateway
