// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/cnab/remessa.h"

#include "connectors/boleto/cnab/text.h"

#include <gtest/gtest.h>

#include <functional>

namespace causeway::connectors::cnab {
namespace {

Remessa remessa(LayoutId layout) {
    Instruction title{
        .control = "ORDER-1",
        .our_number = layout == LayoutId::itau400 ? "12345678" : "12345678901",
        .document = "7",
        .due_on = Date{std::chrono::year(2027), std::chrono::month(2), std::chrono::day(28)},
        .amount_minor_units = 1'000,
        .payer = {.name = "José d'Ávila", .document = "12ABC34501DE35"}};
    return {.layout = layout, .beneficiary = {.name = "SHOP"}, .instructions = {title}};
}

TEST(CnabRemessa, RefusesWhatWouldBeLost) {
    struct Row {
        const char* name;
        LayoutId layout;
        std::function<void(Instruction&)> change;
        const char* error;
    };
    const Row rows[] = {
        {"an amount of 14 digits",
         LayoutId::itau400,
         [](Instruction& i) { i.amount_minor_units = 10'000'000'000'000; },
         "line 2 column 127 (valor_do_titulo): too long"},
        {"a negative amount",
         LayoutId::itau400,
         [](Instruction& i) { i.amount_minor_units = -1; },
         "line 2 column 127 (valor_do_titulo): negative"},
        {"a control number of 26",
         LayoutId::bradesco400,
         [](Instruction& i) { i.control = std::string(26, 'A'); },
         "line 2 column 38 (numero_controle_do_participante): too long"},
        {"a control number with an accent",
         LayoutId::bb240,
         [](Instruction& i) { i.control = "É"; },
         "line 3 column 196 (identificacao_do_titulo_na_empresa): not printable ASCII"},
        {"a fine as an amount at Bradesco",
         LayoutId::bradesco400,
         [](Instruction& i) { i.fine = Charge{.value = 5}; },
         "line 2 column 67 (percentual_de_multa): this bank takes a percentage here"},
        {"interest as a rate at Itaú",
         LayoutId::itau400,
         [](Instruction& i) { i.interest = Charge{.basis = Charge::Basis::percent, .value = 5}; },
         "line 2 column 161 (juros_de_1_dia): this bank takes an amount here"},
        {"a Pix key in an ordinary registration",
         LayoutId::itau400,
         [](Instruction& i) { i.pix_key = "shop@example.com"; },
         "line 2 column 109 (cod_de_ocorrencia): a Pix key or location goes with "
         "register_with_pix alone"},
        {"a command the bank does not take",
         LayoutId::bradesco400,
         [](Instruction& i) {
             i.command = Command::register_with_pix;
             i.pix_key = "k";
         },
         "line 2 column 109 (identificacao_da_ocorrencia): this bank takes no such command"},
        {"a due date in 1960",
         LayoutId::itau400,
         [](Instruction& i) {
             i.due_on = Date{std::chrono::year(1960), std::chrono::month(1), std::chrono::day(1)};
         },
         "line 2 column 121 (vencimento): a year that the field can not hold"},
    };
    for (const Row& row : rows) {
        SCOPED_TRACE(row.name);
        Remessa file = remessa(row.layout);
        row.change(file.instructions[0]);
        const auto bytes = write_remessa(file);
        ASSERT_FALSE(bytes);
        EXPECT_EQ(bytes.error().detail(), row.error);
    }
}

TEST(CnabRemessa, CutsNamesAndKeepsLettersOfACnpj) {
    Remessa file = remessa(LayoutId::itau400);
    file.instructions[0].payer.name = "Conceição Assunção Informática e Serviços";
    const auto bytes = write_remessa(file);
    ASSERT_TRUE(bytes) << bytes.error().detail();
    const auto read = read_remessa(itau400(), *bytes);
    ASSERT_TRUE(read) << read.error().detail();
    EXPECT_EQ(read->instructions[0].payer.name, "CONCEICAO ASSUNCAO INFORMATICA");
    EXPECT_EQ(read->instructions[0].payer.document, "12ABC34501DE35");
}

TEST(CnabRemessa, ABoletoPixHasItsThirdRecord) {
    Remessa file = remessa(LayoutId::itau400);
    file.instructions[0].command = Command::register_with_pix;
    file.instructions[0].pix_key = "shop@example.com";
    const auto bytes = write_remessa(file);
    ASSERT_TRUE(bytes) << bytes.error().detail();
    EXPECT_EQ(bytes->substr(402 + 108, 2), "71");
    EXPECT_EQ(bytes->substr(804, 17), "3shop@example.com");
}

TEST(CnabRemessa, EndsAsTheBankWantsIt) {
    const auto bradesco = write_remessa(remessa(LayoutId::bradesco400));
    const auto itau = write_remessa(remessa(LayoutId::itau400));
    ASSERT_TRUE(bradesco && itau);
    EXPECT_TRUE(bradesco->ends_with("\r\n\x1A"));
    EXPECT_TRUE(itau->ends_with("000003\r\n"));
}

TEST(CnabRemessa, ABankReadsNoHalfFile) {
    const auto bytes = write_remessa(remessa(LayoutId::bb240));
    ASSERT_TRUE(bytes);
    EXPECT_TRUE(read_remessa(bb240(), *bytes));
    for (std::size_t cut = 0; cut + 2 < bytes->size(); ++cut) {
        EXPECT_FALSE(read_remessa(bb240(), bytes->substr(0, cut))) << cut;
    }
}

TEST(CnabText, WritesWhatCanNotBeWrittenAsAQuestionMark) {
    EXPECT_EQ(to_cnab("ção ªº"), "CAO AO");
    EXPECT_EQ(to_cnab("c\xCC\xA7"
                      "a"),
              "CA");  // A combining cedilla.
    EXPECT_EQ(to_cnab("Stra\xC3\x9F"
                      "e"),
              "STRASSE");
    EXPECT_EQ(to_cnab("\xE7\xE3o"), "CAO");  // ISO 8859-1.
    EXPECT_EQ(to_cnab("\xE2\x82\xAC"
                      "5"),
              "?5");
    EXPECT_EQ(to_cnab("a\nb"), "A?B");
    EXPECT_EQ(from_latin1("\xC3"), "\xC3\x83");
}

}  // namespace
}  // namespace causeway::connectors::cnab
