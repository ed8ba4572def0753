// SPDX-License-Identifier: Apache-2.0
#include "connectors/codes/bank_statement.h"

#include <cstdlib>

namespace causeway::connectors::codes {
namespace {

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

std::string details_of(const StatementEntry& entry) {
    if (entry.end_to_end_id.empty()) {
        return in("Btch",
                  in("MsgId", entry.reference) + in("NbOfTxs", std::to_string(entry.count)) +
                      amount_of("TtlAmt", entry.amount) + side_of(entry.amount));
    }
    std::string of_it =
        in("Refs", in("AcctSvcrRef", entry.reference) + in("EndToEndId", entry.end_to_end_id)) +
        amount_of("Amt", entry.amount) + side_of(entry.amount);
    if (!entry.remittance.empty()) of_it += in("RmtInf", in("Ustrd", entry.remittance));
    return in("TxDtls", of_it);
}

std::string entry_text(const StatementEntry& entry) {
    const std::string family = in("Cd", entry.code.family) + in("SubFmlyCd", entry.code.sub_family);
    const std::string code = in("Domn", in("Cd", entry.code.domain) + in("Fmly", family)) +
                             in("Prtry", in("Cd", entry.code.own));
    const std::string day = in("Dt", to_text(entry.day));
    return in("Ntry",
              in("NtryRef", entry.id) + amount_of("Amt", entry.amount) + side_of(entry.amount) +
                  in("Sts", in("Cd", "BOOK")) + in("BookgDt", day) + in("ValDt", day) +
                  in("AcctSvcrRef", entry.reference) + in("BkTxCd", code) +
                  in("NtryDtls", details_of(entry)) + in("AddtlNtryInf", entry.text)) +
           "\n";
}

}  // namespace

std::int64_t BankStatement::closing() const noexcept {
    std::int64_t sum = opening;
    for (const StatementEntry& entry : entries)
        sum += entry.amount;
    return sum;
}

std::string write_bank_statement(const BankStatement& statement) {
    const std::string day = to_text(statement.day);
    const std::string made = in("CreDtTm", to_rfc3339(statement.made));
    // Some readers know a bank by `Othr` alone.
    const std::string member =
        in("ClrSysMmbId",
           in("ClrSysId", in("Prtry", statement.clearing_system)) + in("MmbId", statement.bank));
    const std::string bank = in("FinInstnId", member + in("Othr", in("Id", statement.bank)));
    std::string content =
        in("Id", statement.id) + in("ElctrncSeqNb", std::to_string(statement.number)) + made +
        in("FrToDt",
           in("FrDtTm", day + "T00:00:00-03:00") + in("ToDtTm", day + "T23:59:59-03:00")) +
        in("Acct",
           in("Id", in("Othr", in("Id", statement.account))) + in("Ccy", "BRL") +
               in("Svcr", bank)) +
        "\n" + balance("OPBD", statement.opening, statement.day) + "\n" +
        balance(statement.closed ? "CLBD" : "ITBD", statement.closing(), statement.day) + "\n";
    for (const StatementEntry& entry : statement.entries)
        content += entry_text(entry);
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
           "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\">" +
           in("BkToCstmrStmt",
              in("GrpHdr", in("MsgId", statement.id) + made) + "\n" + in("Stmt", content)) +
           "</Document>\n";
}

}  // namespace causeway::connectors::codes
