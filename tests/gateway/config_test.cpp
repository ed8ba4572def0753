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

[vault]
key_file = "vault.key"

[ledger]
signing_key_file = "signing.key"

[fx]
margin_bps = 120
rates_age_max_days = 5

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
[connectors.cost]
interchange_bps = 20
scheme_bps = 10
markup_bps = 5
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
    EXPECT_EQ(read->vault_key_file, "vault.key");
    EXPECT_EQ(read->signing_key_file, "signing.key");
    EXPECT_EQ(read->fx.margin_bps, 120);
    EXPECT_EQ(read->fx.rates_age_max_days, 5);
    ASSERT_EQ(read->connectors.size(), 1U);
    const ConnectorSettings& one = read->connectors[0];
    EXPECT_EQ(one.name, "acquirer");
    EXPECT_TRUE(one.livemode);
    EXPECT_EQ(one.host, "host.example");
    EXPECT_EQ(one.port, 5000);
    EXPECT_FALSE(one.tls);
    EXPECT_EQ(one.ca, "ca.pem");
    EXPECT_EQ(one.server_name, "acquirer.example");
    EXPECT_EQ(one.certificate, "client.pem");
    EXPECT_EQ(one.private_key, "client.key");
    EXPECT_EQ(one.acquirer_id, "454545");
    EXPECT_EQ(one.terminal_id, "TERM0001");
    EXPECT_EQ(one.card_acceptor_id, "MERCHANT-000001");
    EXPECT_EQ(one.name_location.size(), 40U);
    EXPECT_EQ(one.mcc, "5812");
    EXPECT_EQ(one.answer_max, std::chrono::seconds(9));
    EXPECT_EQ(one.interchange_bps, 20);
    EXPECT_EQ(one.scheme_bps, 10);
    EXPECT_EQ(one.markup_bps, 5);
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
        Mistake{"NoRatesAge", "[fx]\nrates_age_max_days = 0\n", "line 2", "fx.rates_age_max_days"},
        Mistake{"CostTooLarge",
                kConnector + "[connectors.cost]\nscheme_bps = 10001\n",
                "line 6",
                "connectors.cost.scheme_bps"},
        Mistake{
            "NoPatience", kConnector + "answer_max_ms = 9\n", "line 5", "connectors.answer_max_ms"},
        Mistake{"UnknownMode", kConnector + "mode = \"prod\"\n", "line 5", "connectors.mode"},
        Mistake{"UnknownKind", kConnector + "kind = \"pix\"\n", "line 1", "connectors.kind"},
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
                "line 1",
                "connectors.name_location"},
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

}  // namespace
}  // namespace causeway::gateway
