// SPDX-License-Identifier: Apache-2.0
#include "connectors/codes/tax_number.h"

#include "connectors/codes/digits.h"
#include "tests/support/vectors.h"

#include <algorithm>
#include <array>
#include <map>
#include <rapidcheck/gtest.h>

namespace causeway::connectors::codes {
namespace {

TEST(TaxNumber, ReadsThePrintedFormAndTheBareOne) {
    struct Row {
        const char* name;
        const char* text;
        TaxNumberKind kind;
        const char* bare;
        const char* printed;
    };
    const Row rows[] = {
        {"CPF", "49473289596", TaxNumberKind::cpf, "49473289596", "494.732.895-96"},
        {"CPF printed", "494.732.895-96", TaxNumberKind::cpf, "49473289596", "494.732.895-96"},
        {"CNPJ", "54981626401222", TaxNumberKind::cnpj, "54981626401222", "54.981.626/4012-22"},
        {"CNPJ with letters",
         "12.abc.345/01de-35",
         TaxNumberKind::cnpj,
         "12ABC34501DE35",
         "12.ABC.345/01DE-35"},
    };
    for (const Row& row : rows) {
        const auto number = TaxNumber::parse(row.text);
        ASSERT_TRUE(number) << row.name << ": " << number.error().detail();
        EXPECT_EQ(number->kind(), row.kind) << row.name;
        EXPECT_EQ(number->text(), row.bare) << row.name;
        EXPECT_EQ(number->printed(), row.printed) << row.name;
    }
}

TEST(TaxNumber, SaysWhatIsWrongWithoutRepeatingIt) {
    struct Row {
        const char* name;
        const char* text;
        const char* said;
    };
    const Row rows[] = {
        {"nothing", "", "11 digits"},
        {"too short", "4947328959", "11 digits"},
        {"a letter in a CPF", "4947328959A", "digits alone"},
        {"a wrong digit", "49473289597", "do not fit"},
        {"the first digit wrong alone", "49473289586", "do not fit"},
        {"one digit repeated", "11111111111", "repeated"},
        {"zeros for a company", "00000000000000", "repeated"},
        {"letters as check digits", "12ABC34501DEAB", "must be digits"},
        {"a sign in a CNPJ", "12ABC*4501DE35", "A to Z"},
        {"points everywhere", "4.9.4.7.3.2.8.9.5.9.6", "too many"},
        {"a letter beyond ASCII",
         "49473289\xc3\xa9"
         "5",
         "digits alone"},
    };
    for (const Row& row : rows) {
        const auto number = TaxNumber::parse(row.text);
        ASSERT_FALSE(number) << row.name;
        EXPECT_EQ(number.error().code(), ErrorCode::invalid_argument) << row.name;
        const std::string& detail = number.error().detail();
        EXPECT_NE(detail.find(row.said), std::string::npos) << row.name << ": " << detail;
        const std::string_view text = row.text;
        EXPECT_TRUE(text.empty() || detail.find(text) == std::string::npos) << row.name;
    }
}

// Not true of every number: where both check digits are 0 they stand for two remainders each.
TEST(TaxNumber, RefusesThisCpfWithAnyOneDigitChanged) {
    const std::string cpf = "41469212285";
    for (std::size_t at = 0; at < cpf.size(); ++at) {
        for (char other = '0'; other <= '9'; ++other) {
            std::string changed = cpf;
            changed[at] = other;
            EXPECT_EQ(TaxNumber::parse(changed).has_value(), changed == cpf) << changed;
        }
    }
}

RC_GTEST_PROP(TaxNumberProperties, ReadsWhatItPrints, ()) {
    const auto bytes = *rc::gen::container<std::string>(rc::gen::element('0', '1', '7', 'A', '/'));
    const auto number = TaxNumber::parse(bytes);
    if (number) RC_ASSERT(*TaxNumber::parse(number->printed()) == *number);
}

// Numbers of the same files that nothing in Causeway reads yet: their tests come with the code.
constexpr std::array<std::string_view, 12> kOfLaterWork = {
    "bic",
    "card",
    "cn_ric",
    "cn_uscc",
    "eu_vat",
    "iban",
    "luhn",
    "mrz",
    "mx_clabe",
    "mx_curp",
    "mx_rfc",
    "ru_inn",
};

TEST(TaxNumberVectors, AgreesWithOtherPeoplesLibraries) {
    int checked = 0;
    std::map<std::string, int> later;
    test::for_each_vector("ids-", [&](const boost::json::object& line) {
        const std::string kind = test::text_of(line, "kind");
        if (std::ranges::find(kOfLaterWork, kind) != kOfLaterWork.end()) {
            ++later[kind];
            return;
        }
        ASSERT_TRUE(kind == "cpf" || kind == "cnpj") << "a kind that no test knows: " << kind;
        if (test::either_way(line)) return;
        const std::string value = test::text_of(line.at("input").as_object(), "value");
        const auto number = TaxNumber::parse(value);
        const bool valid = number && to_string(number->kind()) == kind;
        EXPECT_EQ(valid, line.at("expect").as_object().at("valid").as_bool());
        ++checked;
    });
    EXPECT_GT(checked, 0) << "no vector was read in " << test::vectors_folder();
    RecordProperty("vectors", checked);
    for (const auto& [kind, lines] : later) {
        GTEST_LOG_(WARNING) << lines << " lines not judged, nothing here reads them: " << kind;
    }
}

}  // namespace
}  // namespace causeway::connectors::codes
