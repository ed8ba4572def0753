// SPDX-License-Identifier: Apache-2.0
#include "ledger/exports/entry_text.h"

#include "ledger/exports/text.h"

namespace causeway::ledger {

bool moves_posted(EntryType type) noexcept {
    return type == EntryType::posting || type == EntryType::post_pending;
}

void append_entry_id(const Uuid& id, std::string& out) {
    out += "je_";
    out += to_text(id);
}

void append_lines(const ExportedEntry& entry,
                  std::string_view indent,
                  void (*append_account)(const AccountKey&, std::string&),
                  std::string& out) {
    for (std::size_t i = 0; i < entry.stored.lines.size(); ++i) {
        const AccountKey& account = *entry.accounts[i];
        out += indent;
        append_account(account, out);
        out += "  ";
        append_decimals(entry.stored.lines[i].minor_units, account.currency, out);
        out += ' ';
        out += account.currency.code();
        out += '\n';
    }
}

void append_comment(const ExportedEntry& entry,
                    void (*append_account)(const AccountKey&, std::string&),
                    std::string& out) {
    const StoredEntry& stored = entry.stored;
    out += "\n; ";
    out += to_string(stored.type);
    out += ' ';
    append_number(stored.sequence, out);
    out += ' ';
    append_text(stored.kind, out);
    out += " | ";
    append_text(stored.reference, out);
    out += "\n;   entry ";
    append_entry_id(stored.id, out);
    if (stored.pending) {
        out += ", of ";
        append_entry_id(*stored.pending, out);
    }
    out += "\n;   recorded ";
    append_moment(stored.recorded, out);
    out += ", effective ";
    append_moment(stored.effective, out);
    if (stored.expires) {
        out += "\n;   expires ";
        append_moment(*stored.expires, out);
    }
    out += '\n';
    append_lines(entry, ";   ", append_account, out);
}

Result<Day> transaction_day(const StoredEntry& entry) {
    const Day day = day_of(entry.recorded);
    if (has_plain_year(day)) return day;
    return Error(ErrorCode::invalid_argument,
                 "entry " + std::to_string(entry.sequence) +
                     " was recorded in a year that the format can not say");
}

}  // namespace causeway::ledger
