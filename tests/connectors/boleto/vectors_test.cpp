// SPDX-License-Identifier: Apache-2.0
//
// What libraries in Ruby, PHP and JavaScript agree on (each line names them).
#include "tests/support/vectors.h"

#include "connectors/boleto/collection.h"
#include "connectors/boleto/due_factor.h"
#include "connectors/boleto/title.h"
#include "connectors/codes/check_digit.h"
#include "connectors/codes/symbol.h"
#include "tests/support/amounts.h"

#include <date/date.h>

#include <map>

namespace causeway::connectors::boleto {
namespace {

using boost::json::object;
using test::text_of;

Day day_of_text(const std::string& text) {
    const auto day = parse_day(text);
    EXPECT_TRUE(day) << text;
    return day ? *day : Day{};
}

std::string to_text(Day day) {
    return date::format("%F", date::sys_days(day.time_since_epoch()));
}

BankAccount account_of(const object& input) {
    const BankRules* rules = find_bank(text_of(input, "banco"));
    EXPECT_NE(rules, nullptr);
    return {.bank = rules == nullptr ? Bank::itau : rules->bank,
            .branch = text_of(input, "agencia"),
            .account = text_of(input, "conta"),
            .wallet = text_of(input, "carteira"),
            .agreement = text_of(input, "convenio"),
            .client = text_of(input, "codigo_cliente")};
}

void check_compose(const object& input, const object& expect) {
    test::expect_known(input,
                       {"banco",
                        "convenio",
                        "agencia",
                        "conta",
                        "carteira",
                        "codigo_cliente",
                        "nosso_numero",
                        "seu_numero",
                        "vencimento",
                        "valor_centavos"});
    const Title title{.at = account_of(input),
                      .our_number = text_of(input, "nosso_numero"),
                      .your_number = text_of(input, "seu_numero"),
                      .due = day_of_text(text_of(input, "vencimento")),
                      .amount = ledger::Money(input.at("valor_centavos").to_number<std::int64_t>(),
                                              test::currency("BRL"))};
    const auto barcode = compose(title);
    ASSERT_TRUE(barcode) << barcode.error().detail();
    EXPECT_EQ(barcode->digits(), text_of(expect, "codigo_barras"));
    EXPECT_EQ(barcode->free_field(), text_of(expect, "campo_livre"));
    EXPECT_EQ(to_line(*barcode).digits(), text_of(expect, "linha_digitavel"));
    EXPECT_EQ(to_line(*barcode).printed(), text_of(expect, "linha_formatada"));
    const auto number = our_number(title.at, title.our_number);
    ASSERT_TRUE(number) << number.error().detail();
    EXPECT_EQ(number->printed, text_of(expect, "nosso_numero_impresso"));
    EXPECT_EQ(number->check ? std::string(1, *number->check) : "",
              text_of(expect, "nosso_numero_dv"));
    const auto decoded = decode(*barcode, title.due);
    ASSERT_TRUE(decoded) << decoded.error().detail();
    EXPECT_EQ(decoded->amount, title.amount);
    EXPECT_TRUE(!decoded->due || *decoded->due == title.due);
}

void check_convert(const object& input, const object& expect) {
    const auto barcode = Barcode::parse(text_of(input, "codigo_barras"));
    ASSERT_TRUE(barcode) << barcode.error().detail();
    EXPECT_EQ(to_line(*barcode).digits(), text_of(expect, "linha_digitavel"));
    EXPECT_EQ(to_line(*barcode).printed(), text_of(expect, "linha_formatada"));
    const auto read = parse_line(text_of(expect, "linha_formatada"));
    ASSERT_TRUE(read) << read.error().detail();
    EXPECT_EQ(read->digits(), barcode->digits());
}

void check_factor(const object& input, const object& expect) {
    const auto factor = due_factor(day_of_text(text_of(input, "vencimento")));
    EXPECT_EQ(factor ? std::to_string(*factor) : "", text_of(expect, "value"));
}

void check_factor_to_date(const object& input, const object& expect) {
    const Day reference = day_of_text(text_of(input, "data_de_referencia"));
    const auto due = due_day(std::stoi(text_of(input, "fator")), reference);
    EXPECT_EQ(due ? to_text(*due) : "", text_of(expect, "value"));
    const auto barcode = parse_line(text_of(input, "linha_digitavel"));
    if (!barcode) return;
    const auto decoded = decode(*barcode, reference);
    EXPECT_EQ(decoded && decoded->due ? to_text(*decoded->due) : "", text_of(expect, "value"));
}

void check_general_digit(const object& input, const object& expect) {
    EXPECT_EQ(std::string(1, codes::mod11_barcode_digit(text_of(input, "digits43"))),
              text_of(expect, "value"));
}

void check_our_number(const object& input, const object& expect) {
    const std::string whole = text_of(input, "nosso_numero_11");
    if (!whole.empty()) {
        EXPECT_EQ(std::string(1, codes::mod11_banco_do_brasil_digit(whole)),
                  text_of(expect, "value"));
        return;
    }
    BankAccount at = account_of(input);
    // Not part of Bradesco's rule, so the vectors leave them out.
    if (at.branch.empty()) at.branch = "1";
    if (at.account.empty()) at.account = "1";
    const auto number = our_number(at, text_of(input, "nosso_numero"));
    ASSERT_TRUE(number) << number.error().detail();
    EXPECT_EQ(std::string(1, number->check.value_or('-')), text_of(expect, "value"));
}

void check_validate(const object& input, const object& expect) {
    const auto barcode = parse_line(text_of(input, "linha_digitavel"));
    EXPECT_EQ(barcode.has_value(), expect.at("value").as_bool())
        << (barcode ? "" : barcode.error().detail());
}

void check_collection(const object& input, const object& expect) {
    const auto slip = parse_collection(text_of(input, "linha48"));
    EXPECT_EQ(slip.has_value(), expect.at("value").as_bool())
        << (slip ? "" : slip.error().detail());
    if (slip && expect.contains("id_valor")) {
        EXPECT_EQ(std::string(1, slip->value_kind), text_of(expect, "id_valor"));
    }
}

void check_bars(const object& input, const object& expect) {
    const auto bars = codes::interleaved_2_of_5(text_of(input, "codigo_barras"));
    ASSERT_TRUE(bars) << bars.error().detail();
    std::string elements;
    for (const int width : bars->widths)
        elements += width == 1 ? '1' : '2';
    EXPECT_EQ(elements, text_of(expect, "value"));
}

TEST(BoletoVectors, AgreesWithOtherPeoplesLibraries) {
    using Check = void (*)(const object& input, const object& expect);
    const std::map<std::string, Check, std::less<>> checks{
        {"arrecadacao", check_collection},
        {"compose", check_compose},
        {"convert", check_convert},
        {"factor", check_factor},
        {"factor_to_date", check_factor_to_date},
        {"general_dv", check_general_digit},
        {"nosso_numero_dv", check_our_number},
        {"itf25", check_bars},
        {"validate", check_validate},
    };
    const int lines = test::for_each_vector("boleto-", [&](const object& line) {
        const std::string kind = text_of(line, "kind");
        const auto check = checks.find(kind);
        ASSERT_TRUE(check != checks.end()) << "a kind that no test knows: " << kind;
        if (test::either_way(line)) return;
        check->second(line.at("input").as_object(), line.at("expect").as_object());
    });
    EXPECT_GT(lines, 0) << "no vector was read in " << test::vectors_folder();
    RecordProperty("vectors", lines);
}

}  // namespace
}  // namespace causeway::connectors::boleto
