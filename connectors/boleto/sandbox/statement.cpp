// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/sandbox/statement.h"

#include "connectors/codes/bank_statement.h"

#include <algorithm>

namespace causeway::connectors::boleto::sandbox {
namespace {

struct KindRow {
    std::string_view kind;
    std::string_view domain;
    std::string_view family;
    std::string_view sub_family;
    std::string_view text;
};

constexpr KindRow kKinds[] = {
    {"liquidacao", "PMNT", "DRFT", "STAM", "LIQUIDACAO DE COBRANCA"},
    {"tarifa_liquidacao", "ACMT", "MDOP", "CHRG", "TARIFA LIQUIDACAO COBRANCA"},
    {"tarifa_registro", "ACMT", "MDOP", "CHRG", "TARIFA REGISTRO COBRANCA"},
    {"tarifa_manutencao", "ACMT", "MDOP", "CHRG", "TARIFA MANUTENCAO"},
    {"tarifa_pix", "ACMT", "MDOP", "CHRG", "TARIFA PIX"},
    {"estorno", "PMNT", "DRFT", "UDFT", "ESTORNO DE LIQUIDACAO"},
    {"pix", "PMNT", "RRCT", "OTHR", "PIX RECEBIDO"},
};

const KindRow& row_of(std::string_view kind) {
    const auto* const row = std::find_if(
        std::begin(kKinds), std::end(kKinds), [&](const KindRow& it) { return it.kind == kind; });
    return row == std::end(kKinds) ? kKinds[0] : *row;
}

std::string account_id(const HouseConfig& house, const DayStatement& statement) {
    const cnab::Beneficiary& at = house.beneficiary;
    return std::string(cnab::layout_of(house.layout).bank) + "/" + at.branch + "/" + at.account +
           "-" + at.account_digit + (statement.account == "conta" ? "" : "/" + statement.account);
}

codes::StatementEntry entry_of(const Posting& posting) {
    const KindRow& row = row_of(posting.kind);
    return {.id = posting.id,
            .day = posting.day,
            .amount = posting.amount,
            .code = {row.domain, row.family, row.sub_family, posting.kind},
            .reference = posting.reference,
            .text = std::string(row.text),
            .count = posting.count,
            .end_to_end_id = {},
            .remittance = {}};
}

}  // namespace

std::string write_statement(const HouseConfig& house,
                            const DayStatement& statement,
                            Timestamp made) {
    codes::BankStatement told{.id = statement.account + "-" + to_text(statement.day),
                              .number = statement.number,
                              .made = made,
                              .clearing_system = "COMPE",
                              .bank = std::string(cnab::layout_of(house.layout).bank),
                              .account = account_id(house, statement),
                              .day = statement.day,
                              .opening = statement.opening,
                              .entries = {}};
    std::ranges::transform(statement.postings, std::back_inserter(told.entries), &entry_of);
    return codes::write_bank_statement(told);
}

}  // namespace causeway::connectors::boleto::sandbox
