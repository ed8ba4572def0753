// SPDX-License-Identifier: Apache-2.0
//
// A gateway that starts with a setting it did not understand charges the wrong fee until somebody
// notices: every mistake names its line and its key.
#include "gateway/config.h"

#include "tests/support/case_name.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <fstream>

namespace causeway::gateway {
namespace {

constexpr std::string_view kWhole = R"(database = "sqlite:/var/lib/causeway/books.db"

[listen]
address = "0.0.0.0"
port = 443
certificate = "chain.pem"
private_key = "key.pem"
threads = 4
public_url = "https://pay.example.com"

[vault]
key_file = "vault.key"

[ledger]
signing_key_file = "signing.key"

[fx]
margin_bps = 120
rates_age_max_days = 5

[webhooks]
allow_private = true
ca = "hooks.pem"
at_once = 12
answer_max_ms = 3000
keep_days = 45

[notifications]
keep_days = 800

[[connectors]]
name = "acquirer"
kind = "card"
mode = "live"
host = "host.example"
port = 5000
tls = false
ca = "ca.pem"
server_name = "acquirer.example"
certificate = "client.pem"
private_key = "client.key"
dialect = "ascii-bb"
acquirer_id = "454545"
terminal_id = "TERM0001"
card_acceptor_id = "MERCHANT-000001"
name_location = "Causeway Demo Shop       Lisboa       PT"
mcc = "5812"
answer_max_ms = 9000
lifecycle = "refund_only"
lifecycle_since = "2024-06-30"
countries = ["DE", "PT"]
[connectors.cost]
interchange_bps = 20
scheme_bps = 10
markup_bps = 5
[connectors.receipts]
short_payment = "credit"
excess = "refund"
late = "hold"
duplicate = "refund"
late_rate = "requote"
locked_rate_days_max = 21

[[connectors]]
name = "script"
kind = "fault"

[[routing]]
name = "large francs"
countries = ["CH"]
currencies = ["CHF"]
methods = ["card"]
merchants = ["mer_1"]
amount_min = 100
amount_max = 5000
choose = "weighted"
connectors = ["acquirer", "script"]
weights = [70, 30]

[circuit_breaker]
samples = 30
failures_max = 7
probes = 2
forget_s = 90
rest_s = 15
rest_max_s = 120
)";

TEST(Settings, AreReadWhole) {
    const Result<Settings> read = parse_settings(kWhole);
    ASSERT_TRUE(read) << read.error().detail();
    EXPECT_EQ(read->database, "sqlite:/var/lib/causeway/books.db");
    EXPECT_EQ(read->listen.address, "0.0.0.0");
    EXPECT_EQ(read->listen.port, 443);
    EXPECT_EQ(read->listen.certificate, "chain.pem");
    EXPECT_EQ(read->listen.private_key, "key.pem");
    EXPECT_EQ(read->listen.threads, 4);
    EXPECT_EQ(read->listen.public_url, "https://pay.example.com");
    EXPECT_EQ(read->vault_key_file, "vault.key");
    EXPECT_EQ(read->signing_key_file, "signing.key");
    EXPECT_EQ(read->fx.margin_bps, 120);
    EXPECT_EQ(read->fx.rates_age_max_days, 5);
    EXPECT_TRUE(read->webhooks.allow_private);
    EXPECT_EQ(read->webhooks.ca, "hooks.pem");
    EXPECT_EQ(read->webhooks.at_once, 12);
    EXPECT_EQ(read->webhooks.answer_max, std::chrono::milliseconds(3000));
    EXPECT_EQ(read->webhooks.keep, std::chrono::days(45));
    EXPECT_EQ(read->notifications.keep, std::chrono::days(800));
    ASSERT_EQ(read->connectors.size(), 2U);
    const ConnectorSettings& one = read->connectors[0];
    EXPECT_EQ(one.kind, "card");
    EXPECT_EQ(one.common.name, "acquirer");
    ASSERT_TRUE(one.place);
    EXPECT_EQ(one.place->host, "host.example");
    EXPECT_EQ(one.place->port, 5000);
    EXPECT_FALSE(one.place->tls);
    EXPECT_EQ(one.place->ca_file, "ca.pem");
    EXPECT_EQ(one.place->server_name, "acquirer.example");
    EXPECT_EQ(one.place->certificate_file, "client.pem");
    EXPECT_EQ(one.place->private_key_file, "client.key");
    EXPECT_FALSE(read->connectors[1].place);
    EXPECT_TRUE(one.common.livemode);
    EXPECT_EQ(one.common.answer_max, std::chrono::seconds(9));
    EXPECT_EQ(one.common.lifecycle.stage, connectors::LifecycleStage::refund_only);
    EXPECT_EQ(to_text(one.common.lifecycle.since), "2024-06-30");
    EXPECT_EQ(one.common.countries, (std::vector<std::string>{"DE", "PT"}));
    EXPECT_EQ(one.interchange_bps, 20);
    EXPECT_EQ(one.scheme_bps, 10);
    EXPECT_EQ(one.markup_bps, 5);
}

TEST(Settings, SayWhatBecomesOfReceipts) {
    const Result<Settings> read = parse_settings(kWhole);
    ASSERT_TRUE(read) << read.error().detail();
    const ReceiptPolicies& told = read->connectors[0].receipts;
    EXPECT_EQ(told.short_payment, ReceiptPolicy::credit);
    EXPECT_EQ(told.excess, ReceiptPolicy::refund);
    EXPECT_EQ(told.late, ReceiptPolicy::hold);
    EXPECT_EQ(told.duplicate, ReceiptPolicy::refund);
    EXPECT_EQ(told.late_rate, LateRate::requote);
    EXPECT_EQ(told.locked_rate_days_max, 21);
    const ReceiptPolicies& untold = read->connectors[1].receipts;
    EXPECT_EQ(untold.short_payment, ReceiptPolicy::hold);
    EXPECT_EQ(untold.late, ReceiptPolicy::credit);
    EXPECT_EQ(untold.late_rate, LateRate::hold);
    EXPECT_EQ(untold.locked_rate_days_max, 10);
}

TEST(Settings, RouteAsTheyAreTold) {
    const Result<Settings> read = parse_settings(kWhole);
    ASSERT_TRUE(read) << read.error().detail();
    ASSERT_EQ(read->routing.size(), 1U);
    const RoutingRule& rule = read->routing[0];
    EXPECT_EQ(rule.name, "large francs");
    EXPECT_EQ(rule.when.countries, std::vector<std::string>{"CH"});
    EXPECT_EQ(rule.when.currencies, std::vector<std::string>{"CHF"});
    EXPECT_EQ(rule.when.methods, std::vector<std::string>{"card"});
    EXPECT_EQ(rule.when.merchants, std::vector<std::string>{"mer_1"});
    EXPECT_EQ(rule.when.amount_min, 100);
    EXPECT_EQ(rule.when.amount_max, 5'000);
    EXPECT_EQ(rule.choice, RouteChoice::weighted);
    ASSERT_EQ(rule.targets.size(), 2U);
    EXPECT_EQ(rule.targets[1].connector, "script");
    EXPECT_EQ(rule.targets[1].weight, 30);
    EXPECT_EQ(read->health.samples, 30U);
    EXPECT_EQ(read->health.failures_max, 7U);
    EXPECT_EQ(read->health.probes, 2U);
    EXPECT_EQ(read->health.forget, std::chrono::seconds(90));
    EXPECT_EQ(read->health.rest, std::chrono::seconds(15));
    EXPECT_EQ(read->health.rest_max, std::chrono::seconds(120));
}

TEST(Settings, HaveDefaultsForEverything) {
    const Result<Settings> read = parse_settings("");
    ASSERT_TRUE(read);
    EXPECT_EQ(read->database, "sqlite:causeway.db");
    EXPECT_EQ(read->listen.address, "127.0.0.1");
    EXPECT_TRUE(read->connectors.empty());
}

struct Mistake {
    std::string name;
    std::string toml;
    std::string line;  ///< "line 2"
    std::string key;
};

class SettingsMistake : public testing::TestWithParam<Mistake> {};

const std::string kConnector = "[[connectors]]\nname = \"a\"\nport = 1\nname_location = \"" +
                               std::string(40, 'x') + "\"\n";  // four lines

// Four lines of a connector and two of a rule about it.
const std::string kRule = kConnector + "[[routing]]\nname = \"r\"\n";

// Four lines of a connector and the head of its receipts' table.
const std::string kReceipts = kConnector + "[connectors.receipts]\n";

INSTANTIATE_TEST_SUITE_P(
    ReceiptTexts,
    SettingsMistake,
    testing::Values(
        Mistake{"UnknownPolicy", kReceipts + "excess = \"keep\"\n", "line 6", "receipts.excess"},
        Mistake{
            "PolicyOfAnotherKey", kReceipts + "late = \"requote\"\n", "line 6", "receipts.late"},
        Mistake{"CreditForADuplicate",
                kReceipts + "duplicate = \"credit\"\n",
                "line 6",
                "receipts.duplicate"},
        Mistake{"UnknownRateRule",
                kReceipts + "late_rate = \"credit\"\n",
                "line 6",
                "receipts.late_rate"},
        Mistake{"TooManyDaysOfARate",
                kReceipts + "locked_rate_days_max = 400\n",
                "line 6",
                "receipts.locked_rate_days_max"},
        Mistake{"UnknownKeyOfReceipts", kReceipts + "early = 1\n", "line 6", "receipts.early"},
        Mistake{"PublicUrlWithoutTls",
                "[listen]\npublic_url = \"http://pay.example.com\"\n",
                "line 2",
                "listen.public_url"},
        Mistake{"PublicUrlWithASlash",
                "[listen]\npublic_url = \"https://pay.example.com/\"\n",
                "line 2",
                "listen.public_url"}),
    test::case_name<Mistake>);

INSTANTIATE_TEST_SUITE_P(
    RoutingTexts,
    SettingsMistake,
    testing::Values(
        Mistake{"RuleWithoutConnectors", kRule, "line 5", "routing.connectors"},
        Mistake{"UnknownConnector", kRule + "connectors = [\"b\"]\n", "line 7", "none named b"},
        Mistake{"UnknownKeyInRule", kRule + "connectors = [\"a\"]\nx = 1\n", "line 8", "routing.x"},
        Mistake{"UnknownChoice",
                kRule + "connectors = [\"a\"]\nchoose = \"best\"\n",
                "line 8",
                "routing.choose"},
        Mistake{"AmountsWithoutCurrency",
                kRule + "connectors = [\"a\"]\namount_max = 5\n",
                "line 5",
                "routing.amount_min"},
        Mistake{"UnknownCurrency",
                kRule + "connectors = [\"a\"]\ncurrencies = [\"XQX\"]\n",
                "line 8",
                "routing.currencies"},
        Mistake{"WeightsWithoutChoice",
                kRule + "connectors = [\"a\"]\nweights = [1]\n",
                "line 5",
                "routing.weights"},
        Mistake{"TooFewWeights",
                kRule + "choose = \"weighted\"\nconnectors = [\"a\"]\nweights = []\n",
                "line 9",
                "routing.weights"},
        Mistake{"WeightOfNothing",
                kRule + "choose = \"weighted\"\nconnectors = [\"a\"]\nweights = [0]\n",
                "line 9",
                "routing.weights"},
        Mistake{"FailuresAboveSamples",
                "[circuit_breaker]\nsamples = 2\nfailures_max = 3\n",
                "line 1",
                "circuit_breaker.failures_max"},
        Mistake{"UnknownKeyInBreaker",
                "[circuit_breaker]\nsample = 2\n",
                "line 2",
                "circuit_breaker.sample"}),
    test::case_name<Mistake>);

INSTANTIATE_TEST_SUITE_P(
    Texts,
    SettingsMistake,
    testing::Values(
        Mistake{"Syntax", "database = \"a\"\n[listen\n", "line 2", ""},
        Mistake{"KeyTwice", "database = \"a\"\ndatabase = \"b\"\n", "line 2", "database"},
        Mistake{"UnknownKey", "\ndatabse = \"a\"\n", "line 2", "databse"},
        Mistake{"UnknownTable", "\n[listenn]\nport = 1\n", "line 2", "listenn"},
        Mistake{"UnknownKeyInListen", "[listen]\nprot = 1\n", "line 2", "listen.prot"},
        Mistake{"UnknownKeyInVault", "[vault]\nkey = \"a\"\n", "line 2", "vault.key"},
        Mistake{"UnknownKeyInFx", "[fx]\nmargin = 1\n", "line 2", "fx.margin"},
        Mistake{"UnknownKeyInConnector", kConnector + "x = 1\n", "line 5", "connectors.x"},
        Mistake{"UnknownKeyInCost",
                kConnector + "[connectors.cost]\nx = 1\n",
                "line 6",
                "connectors.cost.x"},
        Mistake{"TextForANumber", "[listen]\nport = \"1\"\n", "line 2", "listen.port"},
        Mistake{"NumberForAText", "database = 1\n", "line 1", "database"},
        Mistake{"FractionForANumber", "[fx]\nmargin_bps = 1.5\n", "line 2", "fx.margin_bps"},
        Mistake{"TextForAFlag", kConnector + "tls = \"no\"\n", "line 5", "connectors.tls"},
        Mistake{"ValueForATable", "listen = 1\n", "line 1", "listen"},
        Mistake{"TableForAList", "[connectors]\nname = \"a\"\n", "line 1", "connectors"},
        Mistake{"PortTooLarge", "[listen]\nport = 65536\n", "line 2", "listen.port"},
        Mistake{"PortNegative", "[listen]\nport = -1\n", "line 2", "listen.port"},
        Mistake{"NoThreads", "[listen]\nthreads = 0\n", "line 2", "listen.threads"},
        Mistake{"MarginTooLarge", "[fx]\nmargin_bps = 1001\n", "line 2", "fx.margin_bps"},
        Mistake{"UnknownKeyInWebhooks", "[webhooks]\nprivate = 1\n", "line 2", "webhooks.private"},
        Mistake{"NoDayToKeepEvents", "[webhooks]\nkeep_days = 0\n", "line 2", "webhooks.keep_days"},
        Mistake{"NoDayToKeepNotices",
                "[notifications]\nkeep_days = 0\n",
                "line 2",
                "notifications.keep_days"},
        Mistake{"NoRoomForWebhooks", "[webhooks]\nat_once = 1\n", "line 2", "webhooks.at_once"},
        Mistake{"NoRatesAge", "[fx]\nrates_age_max_days = 0\n", "line 2", "fx.rates_age_max_days"},
        Mistake{"CostTooLarge",
                kConnector + "[connectors.cost]\nscheme_bps = 10001\n",
                "line 6",
                "connectors.cost.scheme_bps"},
        Mistake{
            "NoPatience", kConnector + "answer_max_ms = 9\n", "line 5", "connectors.answer_max_ms"},
        Mistake{"UnknownMode", kConnector + "mode = \"prod\"\n", "line 5", "connectors.mode"},
        Mistake{"UnknownKind", kConnector + "kind = \"telex\"\n", "line 1", "connectors.kind"},
        Mistake{"NumberForTheMode", kConnector + "mode = 1\n", "line 5", "connectors.mode"},
        Mistake{"ConnectorWithoutName",
                "[[connectors]]\nport = 1\nname_location = \"" + std::string(40, 'x') + "\"\n",
                "line 1",
                "connectors.name"},
        Mistake{"ConnectorWithoutPort",
                "[[connectors]]\nname = \"a\"\nname_location = \"" + std::string(40, 'x') + "\"\n",
                "line 1",
                "connectors.port"},
        Mistake{"NameLocationTooShort",
                "[[connectors]]\nname = \"a\"\nport = 1\nname_location = \"shop\"\n",
                "line 4",
                "connectors.name_location"},
        Mistake{
            "UnknownStage", kConnector + "lifecycle = \"old\"\n", "line 5", "connectors.lifecycle"},
        Mistake{"NoDay",
                kConnector + "lifecycle_since = \"2024\"\n",
                "line 5",
                "connectors.lifecycle_since"},
        Mistake{"CountryInSmallLetters",
                kConnector + "countries = [\"de\"]\n",
                "line 5",
                "connectors.countries"},
        Mistake{
            "TableInAConnector", kConnector + "[connectors.x]\ny = 1\n", "line 5", "connectors.x"},
        Mistake{"AnotherKindsKey",
                "[[connectors]]\nname = \"f\"\nkind = \"fault\"\nport = 1\n",
                "line 4",
                "connectors.port"},
        Mistake{"LiveScript",
                "[[connectors]]\nname = \"f\"\nkind = \"fault\"\nmode = \"live\"\n",
                "line 1",
                "connectors.mode"},
        Mistake{"TwoOfOneName", kConnector + kConnector, "line 5", "connectors.name"}),
    test::case_name<Mistake>);

TEST_P(SettingsMistake, NamesLineAndKey) {
    const Result<Settings> read = parse_settings(GetParam().toml);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code(), ErrorCode::invalid_argument);
    const std::string& detail = read.error().detail();
    EXPECT_TRUE(detail.starts_with(GetParam().line + ":")) << detail;
    EXPECT_NE(detail.find(GetParam().key), std::string::npos) << detail;
}

TEST(Settings, OfAFileNameTheFile) {
    const test::TemporaryFolder folder;
    const Result<Settings> none = load_settings(folder.file("none.toml"));
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code(), ErrorCode::storage);
    EXPECT_NE(none.error().detail().find("none.toml"), std::string::npos);
    std::ofstream(folder.file("wrong.toml")) << "x = 1\n";
    const Result<Settings> wrong = load_settings(folder.file("wrong.toml"));
    ASSERT_FALSE(wrong);
    EXPECT_NE(wrong.error().detail().find("wrong.toml: line 1: x"), std::string::npos);
}

TEST(Settings, LimitsEveryKeyUnlessToldOtherwise) {
    const Result<Settings> plain = parse_settings("");
    ASSERT_TRUE(plain);
    EXPECT_GT(plain->limits.requests_per_second, 0);
    EXPECT_FALSE(plain->log_requests);
    const Result<Settings> told =
        parse_settings("[limits]\nrequests_per_second = 0\nburst = 7\n[log]\nrequests = true\n");
    ASSERT_TRUE(told);
    EXPECT_EQ(told->limits.requests_per_second, 0);
    EXPECT_EQ(told->limits.burst, 7);
    EXPECT_TRUE(told->log_requests);
    for (const char* const wrong : {"[limits]\nburst = 0\n",
                                    "[limits]\nrequests_per_second = -1\n",
                                    "[limits]\nrequests_per_minute = 1\n",
                                    "[log]\nrequests = \"yes\"\n"}) {
        EXPECT_FALSE(parse_settings(wrong)) << wrong;
    }
}

}  // namespace
}  // namespace causeway::gateway
