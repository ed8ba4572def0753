// SPDX-License-Identifier: Apache-2.0
//
// Each kind reads its own keys and nobody else's.
#include "connectors/registry.h"

#include "connectors/card/kind.h"
#include "connectors/fault/kind.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace causeway::connectors {
namespace {

SettingsTable card_table() {
    SettingsTable table{.line = 3, .settings = {}};
    table.settings["host"] = {std::string("host.example"), 4};
    table.settings["port"] = {std::int64_t{5000}, 5};
    table.settings["tls"] = {false, 6};
    table.settings["ca"] = {std::string("ca.pem"), 7};
    table.settings["server_name"] = {std::string("acquirer.example"), 8};
    table.settings["dialect"] = {std::string("bcd"), 9};
    table.settings["acquirer_id"] = {std::string("454545"), 10};
    table.settings["terminal_id"] = {std::string("TERM0001"), 11};
    table.settings["card_acceptor_id"] = {std::string("MERCHANT-000001"), 12};
    table.settings["name_location"] = {std::string("Causeway Demo Shop       Lisboa       PT"), 13};
    return table;
}

CommonSettings common() {
    CommonSettings made;
    made.name = "one";
    made.answer_max = std::chrono::seconds(9);
    return made;
}

TEST(ConnectorRegistry, NamesEachKindOnce) {
    std::set<std::string_view> names;
    for (const ConnectorKind& kind : connector_kinds())
        EXPECT_TRUE(names.insert(kind.name).second) << kind.name;
    EXPECT_TRUE(find_connector_kind("card"));
    const Result<ConnectorKind> none = find_connector_kind("pigeon");
    ASSERT_FALSE(none);
    EXPECT_NE(none.error().detail().find("\"card\""), std::string::npos);
}

TEST(CardKind, ReadsItsTable) {
    const SettingsTable table = card_table();
    SettingsReader reader(table);
    const card::CardConfig config = card::read_card_config(reader, common());
    ASSERT_TRUE(reader.finish()) << reader.finish().error().detail();
    EXPECT_EQ(config.name, "one");
    EXPECT_EQ(config.answer_max, std::chrono::seconds(9));
    EXPECT_EQ(config.link.connect.host, "host.example");
    EXPECT_EQ(config.link.connect.port, 5000);
    EXPECT_FALSE(config.link.connect.tls);
    EXPECT_EQ(config.link.connect.ca_file, "ca.pem");
    EXPECT_EQ(config.link.connect.server_name, "acquirer.example");
    EXPECT_EQ(config.link.dialect.name, "bcd");
    EXPECT_EQ(config.acceptor.acquirer_id, "454545");
    EXPECT_EQ(config.acceptor.terminal_id, "TERM0001");
    EXPECT_EQ(config.acceptor.card_acceptor_id, "MERCHANT-000001");
    EXPECT_EQ(config.acceptor.name, "Causeway Demo Shop");
    EXPECT_EQ(config.acceptor.city, "Lisboa");
    EXPECT_EQ(config.acceptor.country, "PT");
    EXPECT_EQ(config.acceptor.mcc, "5999");
}

TEST(CardKind, RefusesWhatItDoesNotKnow) {
    SettingsTable table = card_table();
    table.settings["rules"] = {std::vector<std::string>{}, 14};
    SettingsReader reader(table);
    (void)card::read_card_config(reader, common());
    EXPECT_EQ(reader.finish().error().detail(), "line 14: connectors.rules is not known");
}

TEST(CardKind, ReadsHowItCapturesAtOnce) {
    SettingsTable table = card_table();
    const auto read = [&](std::string_view how) {
        table.settings["automatic_capture"] = {std::string(how), 14};
        SettingsReader reader(table);
        const bool purchases = card::read_card_config(reader, common()).purchases;
        const Result<void> sound = reader.finish();
        return sound ? std::string(purchases ? "purchases" : "completes") : sound.error().detail();
    };
    EXPECT_EQ(read("purchase"), "purchases");
    EXPECT_EQ(read("completion"), "completes");
    EXPECT_EQ(read("at once"),
              "line 14: connectors.automatic_capture must be completion or purchase");
}

TEST(FaultKind, ReadsItsTable) {
    SettingsTable table;
    table.settings["method"] = {std::string("wallet"), 2};
    table.settings["currencies"] = {std::vector<std::string>{"JPY", "KWD"}, 3};
    table.settings["inquiry"] = {false, 4};
    table.settings["authorisation_valid_s"] = {std::int64_t{3600}, 5};
    table.settings["rules"] = {std::vector<std::string>{"amount=1051: decline fraud"}, 6};
    table.settings["notice_secret"] = {std::string("s"), 7};
    table.settings["trouble_percent"] = {std::int64_t{5}, 8};
    SettingsReader reader(table);
    const fault::FaultConfig config = fault::read_fault_config(reader, common());
    const fault::ProviderConfig provider = fault::read_provider_config(reader);
    ASSERT_TRUE(reader.finish()) << reader.finish().error().detail();
    EXPECT_EQ(config.method, "wallet");
    EXPECT_EQ(config.currencies.size(), 2U);
    EXPECT_FALSE(config.inquiry);
    EXPECT_EQ(config.authorisation_valid, std::chrono::hours(1));
    ASSERT_EQ(provider.rules.size(), 1U);
    EXPECT_EQ(provider.rules[0].act.decline, Decline::fraud);
    EXPECT_EQ(provider.notice_secret, "s");
    EXPECT_EQ(provider.trouble_percent, 5);
}

TEST(FaultKind, IsNeverLive) {
    const SettingsTable table{.line = 5, .settings = {}};
    SettingsReader reader(table);
    CommonSettings live = common();
    live.livemode = true;
    (void)fault::read_fault_config(reader, live);
    ASSERT_FALSE(reader.finish());
    EXPECT_TRUE(reader.finish().error().detail().starts_with("line 5: connectors.mode"));
}

}  // namespace
}  // namespace causeway::connectors
