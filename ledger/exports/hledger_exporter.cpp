// SPDX-License-Identifier: Apache-2.0
#include "ledger/exports/hledger_exporter.h"

#include "ledger/exports/account_names.h"
#include "ledger/exports/entry_text.h"
#include "ledger/exports/text.h"

namespace causeway::ledger {

void HledgerExporter::begin(const ExportStart& start, std::string& out) {
    out += "; Causeway journal for hledger\n\ndecimal-mark .\n";
    for (const Currency currency : start.currencies) {
        // "1000." says that there are no decimals.
        out += "commodity 1000.";
        out.append(static_cast<std::size_t>(currency.exponent()), '0');
        out += ' ';
        out += currency.code();
        out += '\n';
    }
    out += '\n';
}

void HledgerExporter::account(const AccountKey& account, std::string& out) {
    out += "account ";
    append_hledger_account(account, out);
    out += "  ; type:";
    out += hledger_account_type(account.purpose);
    out += '\n';
}

Result<void> HledgerExporter::entry(const ExportedEntry& entry, std::string& out) {
    const StoredEntry& stored = entry.stored;
    const Result<Day> day = transaction_day(stored);
    if (!day) return day.error();
    if (!moves_posted(stored.type)) {
        append_comment(entry, append_hledger_account, out);
        return {};
    }
    out += '\n';
    append_day(*day, out);
    if (const Day effective = day_of(stored.effective); has_plain_year(effective)) {
        out += '=';
        append_day(effective, out);
    }
    out += " * (";
    append_number(stored.sequence, out);
    out += ") ";
    append_text(stored.kind, out);
    out += " | ";
    append_text(stored.reference, out);
    out += "\n    ; entry: ";
    append_entry_id(stored.id, out);
    if (stored.pending) {
        out += ", posts: ";
        append_entry_id(*stored.pending, out);
    }
    out += '\n';
    append_lines(entry, "    ", append_hledger_account, out);
    return {};
}

void HledgerExporter::balance(const AccountKey& /*account*/,
                              std::int64_t /*minor_units*/,
                              std::string& /*out*/) {}

void HledgerExporter::end(std::int64_t entry_count, std::string& out) {
    out += "\n; The end: entries ";
    append_number(entry_count, out);
    out += '\n';
}

}  // namespace causeway::ledger
