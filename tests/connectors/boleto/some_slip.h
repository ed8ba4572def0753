// SPDX-License-Identifier: Apache-2.0
//
// A slip with everything that a document can say.
#pragma once

#include "connectors/boleto/document.h"
#include "tests/support/amounts.h"

namespace causeway::connectors::boleto {

constexpr std::string_view kSomePix =
    "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-426655440000"
    "5204000053039865802BR5913Fulano de Tal6008BRASILIA62070503***63041D3D";

inline Party some_party(std::string name, std::string_view tax_number) {
    return {.name = std::move(name),
            .tax_number = *codes::TaxNumber::parse(tax_number),
            .address = {.street = "Rua das Flores, 100",
                        .district = "Centro",
                        .city = "Recife",
                        .state = "PE",
                        .postal_code = "50010000"}};
}

inline Slip some_slip() {
    using namespace std::chrono_literals;
    Party payer = some_party("João da Conceição", "49473289596");
    payer.address.street = "Travessa do Pagador, 7";
    return {
        .title = {.at = {.bank = Bank::itau, .branch = "0057", .account = "72192", .wallet = "109"},
                  .our_number = "98712345",
                  .your_number = {},
                  .due = Day(2026y / 12 / 31),
                  .amount = ledger::Money(1'234'567'89, test::currency("BRL"))},
        .beneficiary = some_party("Loja de Shenzhen Ltda", "12ABC34501DE35"),
        .payer = payer,
        .guarantor = some_party("Avalista S.A.", "54981626401222"),
        .issued = Day(2026y / 11 / 20),
        .document_number = "NF-4711",
        .terms = {.fine = 200,
                  .monthly_interest = 100,
                  .discount = Discount{.amount = ledger::Money(10'00, test::currency("BRL")),
                                       .until = Day(2026y / 12 / 1)}},
        .instructions = {"Não receber após 30 dias."},
        .pix_code = std::string(kSomePix)};
}

}  // namespace causeway::connectors::boleto
