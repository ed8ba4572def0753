// SPDX-License-Identifier: Apache-2.0
#include "connectors/pix/identifiers.h"

#include "connectors/pix/amount.h"
#include "connectors/pix/key.h"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

namespace causeway::connectors::pix {
namespace {

TEST(Identifiers, MakesIdsThatKeepTheRule) {
    SystemEntropy entropy;
    const Timestamp moment = *parse_rfc3339("2026-11-22T09:05:59-03:00");
    const auto ispb = *Ispb::parse("1234567A");
    const EndToEndId paid = make_end_to_end_id(ispb, moment, entropy);
    EXPECT_TRUE(paid.text().starts_with("E1234567A202611221205")) << paid.text();
    EXPECT_TRUE(make_return_id(ispb, moment, entropy).text().starts_with("D1234567A202611221205"));
    EXPECT_NE(paid, make_end_to_end_id(ispb, moment, entropy));
}

TEST(Identifiers, NeverTakesAStaticTxidForADynamicOne) {
    EXPECT_FALSE(Txid::parse(std::string(25, 'a')));
    EXPECT_TRUE(Txid::parse(std::string(26, 'a')));
    EXPECT_TRUE(StaticTxid::parse(std::string(25, 'a')));
    EXPECT_FALSE(StaticTxid::parse(std::string(26, 'a')));
    EXPECT_FALSE(StaticTxid::parse(""));
}

TEST(Identifiers, RefusesMinutesThatNeverWere) {
    EXPECT_FALSE(EndToEndId::parse("E12345678202602291530hzoOMjr3M38"));
    EXPECT_FALSE(EndToEndId::parse("E12345678202602282430hzoOMjr3M38"));
    EXPECT_FALSE(EndToEndId::parse("E12345678000001011530hzoOMjr3M38"));
    EXPECT_TRUE(EndToEndId::parse("E12345678202802291530hzoOMjr3M38"));
}

// A key is a person's e-mail address or tax number.
TEST(PixKey, NeverRepeatsAKeyInAnError) {
    const auto key = PixKey::parse("Fulano@Example.com");
    ASSERT_FALSE(key);
    EXPECT_EQ(key.error().detail().find("Fulano"), std::string::npos);
}

TEST(PixKey, KnowsItsKind) {
    struct Row {
        const char* text;
        const char* kind;
    };
    const Row rows[] = {{"52998224725", "cpf"},
                        {"12ABC34501DE35", "cnpj"},
                        {"+5511987654321", "phone"},
                        {"a.b-c+d@exemplo.com.br", "email"},
                        {"123e4567-e12b-42d1-a456-426655440000", "evp"}};
    for (const Row& row : rows) {
        const auto key = PixKey::parse(row.text);
        ASSERT_TRUE(key) << row.text;
        EXPECT_EQ(to_string(key->kind()), row.kind);
    }
    for (const char* text : {"",
                             "99999999999",
                             "12abc34501de35",
                             "+551198765",
                             "a@b",
                             "a%b@c.com.br",
                             "@b.com",
                             "123E4567-E12B-42D1-A456-426655440000",
                             "5511987654321"})
        EXPECT_FALSE(PixKey::parse(text)) << text;
    EXPECT_FALSE(PixKey::parse(std::string(70, 'a') + "@e.com.br"));
}

RC_GTEST_PROP(PixAmountProperty, ReadsWhatItWrites, ()) {
    const auto centavos = *rc::gen::inRange<std::int64_t>(0, kAmountMax + 1);
    RC_ASSERT(*parse_amount(amount_text(centavos)) == centavos);
}

TEST(PixAmount, RefusesOtherSpellings) {
    for (const char* text : {"",
                             "1",
                             "1.5",
                             "1,00",
                             ".50",
                             "-1.00",
                             "+1.00",
                             "1.000",
                             "12345678901.00",
                             " 1.00",
                             "1.00 ",
                             "1e1.00"})
        EXPECT_FALSE(parse_amount(text)) << text;
    EXPECT_EQ(*parse_amount("9999999999.99"), kAmountMax);
}

}  // namespace
}  // namespace causeway::connectors::pix
