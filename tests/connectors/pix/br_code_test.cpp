// SPDX-License-Identifier: Apache-2.0
#include "connectors/pix/br_code.h"

#include "connectors/pix/crc16.h"
#include "connectors/pix/plain_text.h"
#include "connectors/pix/tlv.h"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

namespace causeway::connectors::pix {
namespace {

StaticCode shop() {
    return {.key = *PixKey::parse("7d9f0335-8dcc-4054-9bf9-0dbd61d36906"),
            .merchant = {.name = "Padaria São José", .city = "São Paulo"},
            .amount = 1050,
            .txid = *StaticTxid::parse("PEDIDO1")};
}

DynamicCode charge() {
    return {.url = *PayloadUrl::parse("pix.example.com/qr/v2/1"),
            .merchant = {.name = "Loja", .city = "Recife"}};
}

std::string with_crc(const std::string& body) {
    return body + "6304" + crc16_text(body + "6304");
}

// An alphabet of what may stand in a name after writing, so that reading gives the same.
rc::Gen<std::string> plain(int max) {
    return rc::gen::map(
        rc::gen::resize(
            max, rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::inRange('!', '~')))),
        [max](std::string text) { return text.substr(0, static_cast<std::size_t>(max)); });
}

rc::Gen<BrCode> any_code() {
    return rc::gen::exec([] {
        CodeMerchant merchant{.name = *plain(25), .city = *plain(15)};
        const std::string path = "pix.example.com/" + *plain(60);
        switch (*rc::gen::inRange(0, 3)) {
            case 0: {
                StaticCode code{.key = *PixKey::parse("pix@example.com"), .merchant = merchant};
                if (*rc::gen::arbitrary<bool>()) {
                    code.amount = *rc::gen::inRange<std::int64_t>(1, 1'000'000'000'000);
                }
                if (*rc::gen::arbitrary<bool>()) code.txid = *StaticTxid::parse("A1b2C3");
                if (*rc::gen::arbitrary<bool>()) code.info = *plain(40);
                if (*rc::gen::arbitrary<bool>())
                    code.withdrawal_provider = *Ispb::parse("1234567A");
                code.one_use = *rc::gen::arbitrary<bool>();
                return BrCode(code);
            }
            case 1: {
                RC_PRE(path.find("://") == std::string::npos);
                return BrCode(DynamicCode{*PayloadUrl::parse(path), merchant, std::nullopt});
            }
            default: {
                RC_PRE(path.find("://") == std::string::npos);
                return BrCode(RecurrenceCode{*PayloadUrl::parse(path), merchant});
            }
        }
    });
}

RC_GTEST_PROP(BrCodeProperty, ReadsWhatItWrites, ()) {
    const BrCode code = *any_code();
    const auto text = write_br_code(code);
    RC_ASSERT(text.has_value());
    const auto read = read_br_code(*text);
    RC_ASSERT(read.has_value());
    RC_ASSERT(*read == code);
}

// A payer's app may read one character wrong; the money must not go elsewhere.
RC_GTEST_PROP(BrCodeProperty, RefusesACodeWithAnyCharacterChanged, ()) {
    std::string text = *write_br_code(*any_code());
    const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
    const char other = *rc::gen::inRange(' ', '~');
    RC_PRE(other != text[at]);
    text[at] = other;
    RC_ASSERT_FALSE(read_br_code(text).has_value());
}

RC_GTEST_PROP(BrCodeProperty, SurvivesAnyBytes, ()) {
    const auto body = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
    (void)read_br_code(with_crc(body));
    (void)read_br_code("000201" + body);
}

TEST(BrCode, WritesNamesWithoutAccentsAndCutsThem) {
    StaticCode code = shop();
    code.merchant.name = "Associação Beneficente São João Batista";
    const auto read = read_br_code(*write_br_code(code));
    ASSERT_TRUE(read) << read.error().detail();
    EXPECT_EQ(std::get<StaticCode>(*read).merchant.name, "Associacao Beneficente Sa");
    EXPECT_EQ(std::get<StaticCode>(*read).merchant.city, "Sao Paulo");
}

TEST(BrCode, HidesTheTxidOfADynamicCode) {
    const std::string text = *write_br_code(charge());
    EXPECT_NE(text.find("62070503***"), std::string::npos);
    EXPECT_NE(text.find("010212"), std::string::npos);
}

TEST(BrCode, CarriesARecurrenceBesideACharge) {
    DynamicCode code = charge();
    code.recurrence = *PayloadUrl::parse("pix.example.com/qr/v2/rec/1");
    EXPECT_EQ(std::get<DynamicCode>(*read_br_code(*write_br_code(code))).recurrence,
              code.recurrence);
}

TEST(BrCode, RefusesToWriteWhatDoesNotFit) {
    struct Row {
        const char* name;
        void (*spoil)(StaticCode&);
        const char* path;
    };
    const Row rows[] = {
        {"no amount of zero", [](StaticCode& it) { it.amount = 0; }, "54"},
        {"eleven digits", [](StaticCode& it) { it.amount = 1'000'000'000'000; }, "54"},
        {"no name", [](StaticCode& it) { it.merchant.name = "…"; }, "59"},
        {"no city", [](StaticCode& it) { it.merchant.city.clear(); }, "60"},
        {"category", [](StaticCode& it) { it.merchant.category = "12"; }, "52"},
        {"postal code", [](StaticCode& it) { it.merchant.postal_code = "01310-100"; }, "61"},
        {"long info", [](StaticCode& it) { it.info = std::string(60, 'x'); }, "26"},
    };
    for (const Row& row : rows) {
        SCOPED_TRACE(row.name);
        StaticCode code = shop();
        row.spoil(code);
        const auto text = write_br_code(code);
        ASSERT_FALSE(text);
        EXPECT_TRUE(text.error().detail().starts_with(row.path)) << text.error().detail();
    }
}

TEST(BrCode, NamesThePathAndOffsetOfAnError) {
    struct Row {
        const char* name;
        std::string code;
        const char* detail;
    };
    const std::string head = "000201";
    const std::string account = "26370014br.gov.bcb.pix0115pix@example.com";
    const std::string tail = "5204000053039865802BR5901A6001X";
    const std::string txid = "62070503***";
    const Row rows[] = {
        {"cut inside a template",
         with_crc(head + "26100014br.gov" + tail + txid),
         "26-00 at 10: the value is cut"},
        {"tag twice", with_crc(head + head), "00 at 6: is there twice"},
        {"letters for a length", with_crc(head + "26xx"), "code at 6: a tag and a length"},
        {"empty", with_crc(head + "5200"), "52 at 6: the value is empty"},
        {"key",
         with_crc(head + "26250014br.gov.bcb.pix0103abc" + tail + txid),
         "26-01 at 28: a Pix key"},
        {"txid", with_crc(head + account + tail + "62070503a-b"), "62-05 at 82: txid must be"},
        {"scheme",
         with_crc(head + "26390014br.gov.bcb.pix2517https://e.com/pix" + tail + txid),
         "26-25 at 28: a payload's URL"},
        {"amount", with_crc(head + account + "54041,00" + tail + txid), "54 at 47: is not"},
        {"amount of a dynamic code",
         with_crc(head + "26310014br.gov.bcb.pix2509e.com/pix" + "54041,00" + tail + txid),
         "54 at 41: is not"},
        {"a key beside a URL",
         with_crc(head + "26500014br.gov.bcb.pix0115pix@example.com2509e.com/pix" + tail + txid),
         "26-25 at 47: must not stand beside a key"},
        {"letters for a category",
         with_crc(head + account + "5204ABCD53039865802BR5901A6001X" + txid),
         "52 at 47: must have four digits"},
        {"three digits for a category",
         with_crc(head + account + "520312353039865802BR5901A6001X" + txid),
         "52 at 47: must have four digits"},
        {"a short postal code",
         with_crc(head + account + tail + "61070131010" + txid),
         "61 at 78: must have eight digits"},
        {"a txid too long for a code, in a dynamic one",
         with_crc(head + "26310014br.gov.bcb.pix2509e.com/pix" + tail + "62300526" +
                  std::string(26, 'a')),
         "62-05 at 76: txid must be"},
        {"check", head + "63040000", "63 at 6: does not fit"},
        {"nothing", "", "63: the code does not end"},
    };
    for (const Row& row : rows) {
        SCOPED_TRACE(row.name);
        const auto read = read_br_code(row.code);
        ASSERT_FALSE(read);
        EXPECT_TRUE(read.error().detail().starts_with(row.detail)) << read.error().detail();
    }
}

TEST(BrCode, CountsCharactersAndNotBytes) {
    const auto read = read_br_code(
        with_crc("00020126370014br.gov.bcb.pix0115pix@example.com5204000053039865802BR5904José6001X"
                 "62070503***"));
    ASSERT_TRUE(read) << read.error().detail();
    EXPECT_EQ(std::get<StaticCode>(*read).merchant.name, "José");
}

TEST(BrCode, ReadsAPostalCodeWithItsHyphen) {
    for (const char* postal_code : {"610801310100", "610901310-100"}) {
        const auto read = read_br_code(
            with_crc("00020126370014br.gov.bcb.pix0115pix@example.com5204541153039865802BR"
                     "5901A6001X" +
                     std::string(postal_code) + "62070503***"));
        ASSERT_TRUE(read) << read.error().detail();
        EXPECT_EQ(std::get<StaticCode>(*read).merchant.postal_code, "01310100");
    }
}

// The payload behind the URL decides: a short txid in the code is one nobody uses.
TEST(BrCode, DoesNotBelieveTheTxidOfADynamicCode) {
    const auto read = read_br_code(
        with_crc("00020126310014br.gov.bcb.pix2509e.com/pix5204000053039865802BR5901A6001X"
                 "62070503abc"));
    ASSERT_TRUE(read) << read.error().detail();
    EXPECT_EQ(std::get<DynamicCode>(*read).url.text(), "e.com/pix");
}

TEST(BrCode, TakesDecimalsThatAreLeftOut) {
    for (const char* amount : {"540510.50", "540410.5"}) {
        const auto read =
            read_br_code(with_crc("00020126370014br.gov.bcb.pix0115pix@example.com52040000530398" +
                                  std::string("6") + amount + "5802BR5901A6001X62070503***"));
        ASSERT_TRUE(read) << read.error().detail();
        EXPECT_EQ(std::get<StaticCode>(*read).amount, 1050);
    }
}

TEST(PlainText, KeepsWhatACodeCanCarry) {
    struct Row {
        const char* name;
        const char* text;
        const char* plain;
    };
    const Row rows[] = {
        {"Portuguese", "Ação Ênfase Índio Óbvio Übung ç", "Acao Enfase Indio Obvio Ubung c"},
        {"Central Europe", "Łódź Šiška", "Lodz Siska"},
        {"punctuation", "L’Été – “Bar”", "L'Ete - \"Bar\""},
        {"foreign", "日本 Sushi 寿司", "Sushi"},
        {"blanks", "  a\t\n b  ", "a b"},
        {"broken UTF-8", "a\xC3", "a"},
    };
    for (const Row& row : rows)
        EXPECT_EQ(plain_text(row.text), row.plain) << row.name;
}

}  // namespace
}  // namespace causeway::connectors::pix
