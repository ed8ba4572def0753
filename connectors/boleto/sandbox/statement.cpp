// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/sandbox/statement.h"

#include <algorithm>
#include <cstdlib>

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

std::string in(std::string_view tag, std::string_view content) {
    std::string out = "<";
    out.append(tag).append(">").append(content).append("</").append(tag).append(">");
    return out;
}

std::string amount_text(std::int64_t centavos) {
    const std::int64_t whole = std::abs(centavos);
    std::string cents = std::to_string(whole % 100);
    if (cents.size() == 1) cents.insert(0, 1, '0');
    return std::to_string(whole / 100) + "." + cents;
}

std::string amount_of(std::string_view tag, std::int64_t centavos) {
    std::string out = "<";
    out.append(tag).append(" Ccy=\"BRL\">").append(amount_text(centavos));
    return out.append("</").append(tag).append(">");
}

std::string side_of(std::int64_t centavos) {
    return in("CdtDbtInd", centavos < 0 ? "DBIT" : "CRDT");
}

std::string balance(std::string_view code, std::int64_t centavos, Day day) {
    return in("Bal",
              in("Tp", in("CdOrPrtry", in("Cd", code))) + amount_of("Amt", centavos) +
                  side_of(centavos) + in("Dt", in("Dt", to_text(day))));
}

std::string account_id(const HouseConfig& house, const DayStatement& statement) {
    const cnab::Beneficiary& at = house.beneficiary;
    return std::string(cnab::layout_of(house.layout).bank) + "/" + at.branch + "/" + at.account +
           "-" + at.account_digit + (statement.account == "conta" ? "" : "/" + statement.account);
}

std::string entry(const Posting& posting) {
    const KindRow& row = row_of(posting.kind);
    const std::string family = in("Cd", row.family) + in("SubFmlyCd", row.sub_family);
    const std::string code =
        in("Domn", in("Cd", row.domain) + in("Fmly", family)) + in("Prtry", in("Cd", posting.kind));
    const std::string batch =
        in("Btch",
           in("MsgId", posting.reference) + in("NbOfTxs", std::to_string(posting.count)) +
               amount_of("TtlAmt", posting.amount) + side_of(posting.amount));
    const std::string day = in("Dt", to_text(posting.day));
    return in("Ntry",
              in("NtryRef", posting.id) + amount_of("Amt", posting.amount) +
                  side_of(posting.amount) + in("Sts", in("Cd", "BOOK")) + in("BookgDt", day) +
                  in("ValDt", day) + in("AcctSvcrRef", posting.reference) + in("BkTxCd", code) +
                  in("NtryDtls", batch) + in("AddtlNtryInf", row.text)) +
           "\n";
}

}  // namespace

std::string write_statement(const HouseConfig& house,
                            const DayStatement& statement,
                            Timestamp made) {
    const std::string day = to_text(statement.day);
    const std::string id = statement.account + "-" + day;
    const std::string made_text = in("CreDtTm", to_rfc3339(made));
    const std::string bank = in(
        "FinInstnId",
        in("ClrSysMmbId",
           in("ClrSysId", in("Prtry", "COMPE")) + in("MmbId", cnab::layout_of(house.layout).bank)));
    std::string content =
        in("Id", id) + in("ElctrncSeqNb", std::to_string(statement.number)) + made_text +
        in("FrToDt",
           in("FrDtTm", day + "T00:00:00-03:00") + in("ToDtTm", day + "T23:59:59-03:00")) +
        in("Acct",
           in("Id", in("Othr", in("Id", account_id(house, statement)))) + in("Ccy", "BRL") +
               in("Svcr", bank)) +
        "\n" + balance("OPBD", statement.opening, statement.day) + "\n" +
        balance("CLBD", statement.closing, statement.day) + "\n";
    for (const Posting& posting : statement.postings)
        content += entry(posting);
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
           "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\">" +
           in("BkToCstmrStmt",
              in("GrpHdr", in("MsgId", id) + made_text) + "\n" + in("Stmt", content)) +
           "</Document>\n";
}

}  // namespace causeway::connectors::boleto::sandbox
