// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/kind.h"

#include "tests/support/case_name.h"

#include <gtest/gtest.h>

#include <functional>

namespace causeway::connectors::boleto {
namespace {

SettingsTable bradesco_table() {
    SettingsTable table{.line = 3, .settings = {}};
    int line = 4;
    const auto put = [&](const char* key, const char* value) {
        table.settings[key] = {std::string(value), line++};
    };
    put("bank", "bradesco");
    put("branch", "1234");
    put("account", "56789");
    put("account_digit", "1");
    put("wallet", "09");
    put("company_code", "4711");
    put("beneficiary_name", "Loja de Shenzhen Ltda");
    put("beneficiary_tax_id", "12.ABC.345/01DE-35");
    put("beneficiary_street", "Rua das Flores, 100");
    put("beneficiary_city", "Recife");
    put("beneficiary_state", "PE");
    put("beneficiary_postal_code", "50010-000");
    return table;
}

std::string mistake_in(const SettingsTable& table) {
    SettingsReader reader(table);
    (void)read_boleto_config(reader, {.name = "boletos"});
    const Result<void> sound = reader.finish();
    return sound ? std::string() : sound.error().detail();
}

TEST(BoletoKind, ReadsItsTable) {
    SettingsTable table = bradesco_table();
    table.settings["number_first"] = {std::int64_t{100}, 30};
    table.settings["number_last"] = {std::int64_t{199}, 31};
    table.settings["due_days"] = {std::int64_t{5}, 32};
    table.settings["open_days"] = {std::int64_t{0}, 33};
    table.settings["fine_bps"] = {std::int64_t{200}, 34};
    table.settings["instruction_codes"] = {std::vector<std::string>{"06", "05"}, 35};
    SettingsReader reader(table);
    const BoletoConfig config = read_boleto_config(reader, {.name = "boletos"});
    ASSERT_TRUE(reader.finish()) << reader.finish().error().detail();
    EXPECT_EQ(config.common.name, "boletos");
    EXPECT_EQ(config.at.bank, Bank::bradesco);
    EXPECT_EQ(config.beneficiary_tax_id, "12ABC34501DE35");
    EXPECT_EQ(config.number_first, 100);
    EXPECT_EQ(config.number_last, 199);
    EXPECT_TRUE(config.by_file);
    EXPECT_EQ(config.due_days, 5);
    EXPECT_EQ(config.open_days, 0);
    EXPECT_EQ(config.fine_bps, 200);
    EXPECT_EQ(config.instruction_codes.size(), 2U);
}

TEST(BoletoKind, ComputesTheDigitsThatTheBanksRuleGives) {
    SettingsTable table = bradesco_table();
    for (const char* const key : {"company_code", "account_digit"})
        table.settings.erase(key);
    table.settings["bank"] = {std::string("itau"), 4};
    table.settings["branch"] = {std::string("0057"), 5};
    table.settings["account"] = {std::string("72192"), 6};
    table.settings["wallet"] = {std::string("109"), 7};
    SettingsReader reader(table);
    const BoletoConfig config = read_boleto_config(reader, {.name = "boletos"});
    ASSERT_TRUE(reader.finish()) << reader.finish().error().detail();
    EXPECT_EQ(config.account_digit.size(), 1U);
    EXPECT_EQ(config.number_last, 99'999'999);
}

struct MistakeCase {
    std::string name;
    std::string key;
    std::function<void(SettingsTable&)> spoil;
};

class BoletoMistakes : public testing::TestWithParam<MistakeCase> {};

TEST_P(BoletoMistakes, NameTheirKey) {
    SettingsTable table = bradesco_table();
    GetParam().spoil(table);
    const std::string mistake = mistake_in(table);
    EXPECT_NE(mistake.find(": connectors." + GetParam().key + " "), std::string::npos) << mistake;
}

std::function<void(SettingsTable&)> without(const char* key) {
    return [key](SettingsTable& table) { table.settings.erase(key); };
}
std::function<void(SettingsTable&)> with(const char* key, Setting setting) {
    return [key, setting](SettingsTable& table) { table.settings[key] = setting; };
}
std::function<void(SettingsTable&)> with(const char* key, const char* text) {
    return with(key, Setting{.value = std::string(text), .line = 40});
}
std::function<void(SettingsTable&)> with(const char* key, std::int64_t number) {
    return with(key, Setting{.value = number, .line = 40});
}
std::function<void(SettingsTable&)> by_api(const std::function<void(SettingsTable&)>& then) {
    return [then](SettingsTable& table) {
        with("registration", "api")(table);
        with("host", "bank.example")(table);
        with("port", std::int64_t{443})(table);
        with("token", "t")(table);
        then(table);
    };
}

INSTANTIATE_TEST_SUITE_P(
    Rows,
    BoletoMistakes,
    testing::Values(
        MistakeCase{"NoBank", "bank", without("bank")},
        MistakeCase{"UnknownBank", "bank", with("bank", "caixa")},
        MistakeCase{"NoBranch", "branch", without("branch")},
        MistakeCase{"LongAccount", "account", with("account", "12345678")},
        MistakeCase{"WalletWithLetters", "wallet", with("wallet", "0A")},
        MistakeCase{"NoCompany", "company_code", without("company_code")},
        MistakeCase{"NoAccountDigit", "account_digit", without("account_digit")},
        MistakeCase{"NoName", "beneficiary_name", without("beneficiary_name")},
        MistakeCase{
            "WrongTaxNumber", "beneficiary_tax_id", with("beneficiary_tax_id", "12ABC34501DE36")},
        MistakeCase{"UnknownState", "beneficiary_state", with("beneficiary_state", "XX")},
        MistakeCase{
            "WrongPostalCode", "beneficiary_postal_code", with("beneficiary_postal_code", "5001")},
        MistakeCase{"NumbersThatEndFirst",
                    "number_last",
                    [](SettingsTable& table) {
                        with("number_first", std::int64_t{9})(table);
                        with("number_last", std::int64_t{8})(table);
                    }},
        MistakeCase{"UnknownSpecies", "species", with("species", "XX")},
        MistakeCase{"UnknownRegistration", "registration", with("registration", "mail")},
        MistakeCase{"DueOnTheDayByFile", "due_days", with("due_days", std::int64_t{0})},
        MistakeCase{"FineAboveItsLimit", "fine_bps", with("fine_bps", std::int64_t{201})},
        MistakeCase{
            "HybridWithoutKey", "pix_key", with("hybrid", Setting{.value = true, .line = 9})},
        MistakeCase{"HybridByFileElsewhere",
                    "hybrid",
                    [](SettingsTable& table) {
                        with("hybrid", Setting{.value = true, .line = 9})(table);
                        with("pix_key", "12ABC34501DE35")(table);
                    }},
        MistakeCase{"ShortSecret", "webhook_secret", with("webhook_secret", "short")},
        MistakeCase{"NoPort", "port", by_api(without("port"))},
        MistakeCase{"NoToken", "token", by_api(without("token"))},
        MistakeCase{
            "PlainToTheWorld", "tls", by_api(with("tls", Setting{.value = false, .line = 9}))},
        MistakeCase{"KeyWithoutCertificate", "certificate", by_api(with("private_key", "key.pem"))},
        MistakeCase{"ApiKeyByFile", "token", with("token", "t")},
        MistakeCase{"AnothersKey", "agreement", with("agreement", "1234567")}),
    test::case_name<MistakeCase>);

}  // namespace
}  // namespace causeway::connectors::boleto
