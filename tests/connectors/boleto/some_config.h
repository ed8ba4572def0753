// SPDX-License-Identifier: Apache-2.0
//
// A contract with each bank, a buyer, and what is asked of him.
#pragma once

#include "connectors/boleto/agreement.h"
#include "connectors/boleto/config.h"
#include "tests/support/amounts.h"

#include <string>
#include <vector>

namespace causeway::connectors::boleto {

inline BoletoConfig some_config(Bank bank) {
    BoletoConfig config;
    config.common.name = "boletos";
    config.common.answer_max = std::chrono::seconds(5);
    config.beneficiary_name = "Loja de Shenzhen Ltda";
    config.beneficiary_tax_id = "12ABC34501DE35";
    config.beneficiary_address = {.street = "Rua das Flores, 100",
                                  .district = "Centro",
                                  .city = "Recife",
                                  .state = "PE",
                                  .postal_code = "50010000"};
    switch (bank) {
        case Bank::banco_do_brasil:
            config.at = {.bank = bank,
                         .branch = "1234",
                         .account = "56789",
                         .wallet = "17",
                         .agreement = "1234567"};
            config.wallet_variation = "19";
            config.branch_digit = "3";
            config.account_digit = "1";
            config.number_last = 9'999'999'999;
            break;
        case Bank::itau:
            config.at = {.bank = bank, .branch = "0057", .account = "72192", .wallet = "109"};
            config.account_digit = "8";
            config.number_last = 99'999'999;
            break;
        case Bank::bradesco:
            config.at = {.bank = bank, .branch = "1234", .account = "56789", .wallet = "09"};
            config.account_digit = "1";
            config.company_code = "4711";
            config.number_last = 99'999'999'999;
            break;
    }
    return config;
}

inline connectors::Payer some_payer() {
    return {.name = "João da Conceição",
            .tax_id = "494.732.895-96",
            .email = "joao@example.com",
            .address = {.line1 = "Travessa do Pagador, 7",
                        .line2 = "ap. 12",
                        .district = "Boa Vista",
                        .city = "Recife",
                        .state = "PE",
                        .postal_code = "50010-000",
                        .country = "BR"}};
}

inline ledger::Money reais(std::int64_t centavos) {
    return {centavos, test::currency("BRL")};
}

/// A sunday evening in Brazil that is monday in UTC.
inline Timestamp some_moment() {
    return *parse_rfc3339("2026-11-23T01:30:00Z");
}

/// Begun as the gateway begins it.
inline Operation some_collect(const BoletoConfig& config,
                              std::int64_t sequence,
                              ledger::Money amount,
                              const CollectionWish& wish = {}) {
    std::vector<FieldFault> faults;
    CollectionTerms terms = agree_on(config, wish, some_payer(), amount, some_moment(), faults);
    terms.seller = "Flores do Recife";
    Operation operation{.kind = OperationKind::collect,
                        .reference = number_of(config, sequence),
                        .amount = amount,
                        .payment_id = "pay_" + std::to_string(sequence)};
    operation.collection = connectors::Collection{.payer = some_payer(), .terms = terms};
    return operation;
}

inline Operation some_withdrawal(const Operation& collect, std::int64_t sequence) {
    Operation operation = collect;
    operation.kind = OperationKind::withdraw;
    operation.reference = "baixa-" + std::to_string(sequence);
    operation.original = Original{.kind = collect.kind,
                                  .reference = collect.reference,
                                  .approval_code = {},
                                  .amount = collect.amount};
    return operation;
}

}  // namespace causeway::connectors::boleto
