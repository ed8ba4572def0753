// SPDX-License-Identifier: Apache-2.0
#include "ledger/exports/beancount_exporter.h"

#include "ledger/exports/account_names.h"
#include "ledger/exports/entry_text.h"
#include "ledger/exports/text.h"

namespace causeway::ledger {

void BeancountExporter::begin(const ExportStart& start, std::string& out) {
    first_ = start.first;
    last_ = start.first;
    // Without it an unbalanced transaction passes when it is off by half a unit of the last digit.
    out +=
        "; Causeway journal for Beancount\n\n"
        "option \"title\" \"Causeway journal\"\n"
        "option \"inferred_tolerance_multiplier\" \"0\"\n\n";
}

void BeancountExporter::account(const AccountKey& account, std::string& out) {
    append_day(first_, out);
    out += " open ";
    append_beancount_account(account, out);
    out += ' ';
    out += account.currency.code();
    out += '\n';
}

Result<void> BeancountExporter::entry(const ExportedEntry& entry, std::string& out) {
    const StoredEntry& stored = entry.stored;
    const Result<Day> day = transaction_day(stored);
    if (!day) return day.error();
    last_ = *day;
    if (!moves_posted(stored.type)) {
        append_comment(entry, append_beancount_account, out);
        return {};
    }
    out += '\n';
    append_day(*day, out);
    out += " * \"";
    append_text(stored.kind, out);
    out += "\" \"";
    append_text(stored.reference, out);
    out += "\"\n  sequence: ";
    append_number(stored.sequence, out);
    out += "\n  entry: \"";
    append_entry_id(stored.id, out);
    out += "\"\n";
    if (const Day effective = day_of(stored.effective); has_plain_year(effective)) {
        out += "  effective: ";
        append_day(effective, out);
        out += '\n';
    }
    if (stored.pending) {
        out += "  posts: \"";
        append_entry_id(*stored.pending, out);
        out += "\"\n";
    }
    append_lines(entry, "  ", append_beancount_account, out);
    return {};
}

void BeancountExporter::balance(const AccountKey& account,
                                std::int64_t minor_units,
                                std::string& out) {
    if (!asserting_) out += '\n';
    asserting_ = true;
    // An assertion holds at the beginning of its day.
    append_day(last_ + std::chrono::days(1), out);
    out += " balance ";
    append_beancount_account(account, out);
    out += "  ";
    append_decimals(minor_units, account.currency, out);
    out += ' ';
    out += account.currency.code();
    out += '\n';
}

void BeancountExporter::end(std::int64_t entry_count, std::string& out) {
    out += "\n; The end: entries ";
    append_number(entry_count, out);
    out += '\n';
}

}  // namespace causeway::ledger
