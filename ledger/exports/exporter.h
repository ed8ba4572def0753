// SPDX-License-Identifier: Apache-2.0
//
// One format of an export: told the accounts, then the entries, then what the accounts have come
// to, it appends what its file shall say. It remembers no entry, so a journal of any length passes
// through it.
#pragma once

#include "ledger/clock.h"
#include "ledger/journal/stored_entry.h"
#include "ledger/result.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace causeway::ledger {

enum class ExportFormat { hledger, beancount, csv };

/// Errors: `invalid_argument`.
[[nodiscard]] Result<ExportFormat> parse_export_format(std::string_view text);

/// What a file begins with.
struct ExportStart {
    std::span<const Currency> currencies;  ///< Those that occur.
    Day first;                             ///< When the first entry was recorded.
};

/// An entry with the accounts of its lines beside it. Lifetime: borrowed for the call.
struct ExportedEntry {
    const StoredEntry& stored;
    std::span<const AccountKey* const> accounts;
};

/// Order: begin, account*, entry*, balance*, end. Each appends to `out`.
class Exporter {
  public:
    Exporter() = default;
    Exporter(const Exporter&) = delete;
    Exporter& operator=(const Exporter&) = delete;
    virtual ~Exporter() = default;

    virtual void begin(const ExportStart& start, std::string& out) = 0;
    virtual void account(const AccountKey& account, std::string& out) = 0;
    /// In order of `recorded`.
    ///
    /// Errors: `invalid_argument` for an entry that the format can not say.
    [[nodiscard]] virtual Result<void> entry(const ExportedEntry& entry, std::string& out) = 0;
    /// Units: minor units of the account's currency; debits - credits.
    virtual void balance(const AccountKey& account, std::int64_t minor_units, std::string& out) = 0;
    virtual void end(std::int64_t entry_count, std::string& out) = 0;
};

[[nodiscard]] std::unique_ptr<Exporter> make_exporter(ExportFormat format);

}  // namespace causeway::ledger
