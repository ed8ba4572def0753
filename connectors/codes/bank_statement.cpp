// SPDX-License-Identifier: Apache-2.0
#include "connectors/codes/bank_statement.h"

#include <cstdlib>
#include <pugixml.hpp>
#include <sstream>

namespace causeway::connectors::codes {
namespace {

using pugi::xml_node;

xml_node add(xml_node parent, const char* tag, const std::string& text) {
    xml_node node = parent.append_child(tag);
    node.text().set(text.c_str());
    return node;
}

xml_node add(xml_node parent, const char* tag) {
    return parent.append_child(tag);
}

std::string amount_text(std::int64_t centavos) {
    const std::int64_t whole = std::abs(centavos);
    std::string cents = std::to_string(whole % 100);
    if (cents.size() == 1) cents.insert(0, 1, '0');
    return std::to_string(whole / 100) + "." + cents;
}

// An amount has no sign; the side says which way it went.
void add_amount(xml_node parent, const char* tag, std::int64_t centavos) {
    add(parent, tag, amount_text(centavos)).append_attribute("Ccy").set_value("BRL");
    add(parent, "CdtDbtInd", centavos < 0 ? "DBIT" : "CRDT");
}

void add_balance(xml_node parent, const char* code, std::int64_t centavos, Day day) {
    const xml_node balance = add(parent, "Bal");
    add(add(add(balance, "Tp"), "CdOrPrtry"), "Cd", code);
    add_amount(balance, "Amt", centavos);
    add(add(balance, "Dt"), "Dt", to_text(day));
}

void add_account(xml_node parent, const BankStatement& statement) {
    const xml_node account = add(parent, "Acct");
    add(add(add(account, "Id"), "Othr"), "Id", statement.account);
    add(account, "Ccy", "BRL");
    const xml_node bank = add(add(account, "Svcr"), "FinInstnId");
    const xml_node member = add(bank, "ClrSysMmbId");
    add(add(member, "ClrSysId"), "Prtry", statement.clearing_system);
    add(member, "MmbId", statement.bank);
    // Some readers know a bank by `Othr` alone.
    add(add(bank, "Othr"), "Id", statement.bank);
}

void add_details(xml_node parent, const StatementEntry& entry) {
    const xml_node details = add(parent, "NtryDtls");
    if (entry.end_to_end_id.empty()) {
        const xml_node batch = add(details, "Btch");
        add(batch, "MsgId", entry.reference);
        add(batch, "NbOfTxs", std::to_string(entry.count));
        add_amount(batch, "TtlAmt", entry.amount);
        return;
    }
    const xml_node one = add(details, "TxDtls");
    const xml_node names = add(one, "Refs");
    add(names, "AcctSvcrRef", entry.reference);
    add(names, "EndToEndId", entry.end_to_end_id);
    add_amount(one, "Amt", entry.amount);
    if (!entry.remittance.empty()) add(add(one, "RmtInf"), "Ustrd", entry.remittance);
}

void add_entry(xml_node parent, const StatementEntry& entry) {
    const xml_node row = add(parent, "Ntry");
    add(row, "NtryRef", entry.id);
    add_amount(row, "Amt", entry.amount);
    add(add(row, "Sts"), "Cd", "BOOK");
    add(add(row, "BookgDt"), "Dt", to_text(entry.day));
    add(add(row, "ValDt"), "Dt", to_text(entry.day));
    add(row, "AcctSvcrRef", entry.reference);
    const xml_node code = add(row, "BkTxCd");
    const xml_node domain = add(code, "Domn");
    add(domain, "Cd", std::string(entry.code.domain));
    const xml_node family = add(domain, "Fmly");
    add(family, "Cd", std::string(entry.code.family));
    add(family, "SubFmlyCd", std::string(entry.code.sub_family));
    add(add(code, "Prtry"), "Cd", entry.code.own);
    add_details(row, entry);
    add(row, "AddtlNtryInf", entry.text);
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
    const std::string made = to_rfc3339(statement.made);
    pugi::xml_document document;
    xml_node root = document.append_child("Document");
    root.append_attribute("xmlns").set_value("urn:iso:std:iso:20022:tech:xsd:camt.053.001.08");
    const xml_node message = add(root, "BkToCstmrStmt");
    const xml_node header = add(message, "GrpHdr");
    add(header, "MsgId", statement.id);
    add(header, "CreDtTm", made);
    const xml_node body = add(message, "Stmt");
    add(body, "Id", statement.id);
    add(body, "ElctrncSeqNb", std::to_string(statement.number));
    add(body, "CreDtTm", made);
    const xml_node span = add(body, "FrToDt");
    add(span, "FrDtTm", day + "T00:00:00-03:00");
    add(span, "ToDtTm", day + "T23:59:59-03:00");
    add_account(body, statement);
    add_balance(body, "OPBD", statement.opening, statement.day);
    add_balance(body, statement.closed ? "CLBD" : "ITBD", statement.closing(), statement.day);
    for (const StatementEntry& entry : statement.entries)
        add_entry(body, entry);
    std::ostringstream text;
    document.save(text, "", pugi::format_raw, pugi::encoding_utf8);
    return std::move(text).str();
}

}  // namespace causeway::connectors::codes
