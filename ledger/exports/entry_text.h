// SPDX-License-Identifier: Apache-2.0
//
// What hledger and beancount share. Only posted amounts are transactions there: neither knows an
// amount that is reserved, so everything else is a comment, as complete as a transaction would be.
#pragma once

#include "ledger/exports/exporter.h"
#include "ledger/journal/entry.h"

#include <string>

namespace causeway::ledger {

/// Whether an entry of this type moves what is posted.
[[nodiscard]] bool moves_posted(EntryType type) noexcept;

/// The entry's id, as commands show and take it.
void append_entry_id(const Uuid& id, std::string& out);

/// Each line on a line of its own: indent, account, two spaces, amount, currency.
void append_lines(const ExportedEntry& entry,
                  std::string_view indent,
                  void (*append_account)(const AccountKey&, std::string&),
                  std::string& out);

/// An entry that is no transaction, after an empty line.
void append_comment(const ExportedEntry& entry,
                    void (*append_account)(const AccountKey&, std::string&),
                    std::string& out);

/// Errors: `invalid_argument` when the day of `recorded` has no plain year.
[[nodiscard]] Result<Day> transaction_day(const StoredEntry& entry);

}  // namespace causeway::ledger
