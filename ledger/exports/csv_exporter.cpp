// SPDX-License-Identifier: Apache-2.0
#include "ledger/exports/csv_exporter.h"

#include "ledger/csv.h"
#include "ledger/exports/entry_text.h"
#include "ledger/exports/text.h"

namespace causeway::ledger {
namespace {

constexpr std::string_view kColumns =
    "sequence,entry_id,type,kind,reference,effective,recorded,pending_id,expires,"
    "line_no,owner,purpose,currency,minor_units,amount,hash\n";

void append_hex(const ChainHash& hash, std::string& out) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    for (const std::uint8_t byte : hash) {
        out += kDigits[byte >> 4U];
        out += kDigits[byte & 15U];
    }
}

// The cells that are the same for each line of an entry.
void append_entry_cells(const StoredEntry& entry, std::string& cell, std::string& out) {
    CsvWriter row(out);
    const auto put = [&row, &cell] {
        row.cell(cell);
        cell.clear();
    };
    row.cell(entry.sequence);
    cell.clear();
    append_entry_id(entry.id, cell);
    put();
    row.cell(to_string(entry.type)).cell(entry.kind).cell(entry.reference);
    append_moment(entry.effective, cell);
    put();
    append_moment(entry.recorded, cell);
    put();
    if (entry.pending) append_entry_id(*entry.pending, cell);
    put();
    if (entry.expires) append_moment(*entry.expires, cell);
    put();
}

}  // namespace

void CsvExporter::begin(const ExportStart& /*start*/, std::string& out) {
    out += kColumns;
}

void CsvExporter::account(const AccountKey& /*account*/, std::string& /*out*/) {}

Result<void> CsvExporter::entry(const ExportedEntry& entry, std::string& out) {
    const StoredEntry& stored = entry.stored;
    head_.clear();
    append_entry_cells(stored, cell_, head_);
    tail_.assign(1, ',');
    append_hex(stored.hash, tail_);
    tail_ += '\n';
    for (std::size_t i = 0; i < stored.lines.size(); ++i) {
        const AccountKey& account = *entry.accounts[i];
        out += head_;
        out += ',';
        append_number(static_cast<std::int64_t>(i) + 1, out);
        out += ',';
        CsvWriter(out).cell(account.owner).cell(to_string(account.purpose));
        out += ',';
        out += account.currency.code();
        out += ',';
        append_number(stored.lines[i].minor_units, out);
        out += ',';
        append_decimals(stored.lines[i].minor_units, account.currency, out);
        out += tail_;
    }
    return {};
}

void CsvExporter::balance(const AccountKey& /*account*/,
                          std::int64_t /*minor_units*/,
                          std::string& /*out*/) {}

void CsvExporter::end(std::int64_t /*entry_count*/, std::string& /*out*/) {}

}  // namespace causeway::ledger
