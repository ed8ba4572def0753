// SPDX-License-Identifier: Apache-2.0
//
// A whole journal in one of the formats, piece by piece, for whoever wants to carry it elsewhere.
#pragma once

#include "ledger/exports/exporter.h"
#include "ledger/exports/merged_entries.h"
#include "ledger/result.h"
#include "ledger/store/database.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace causeway::ledger {

/// An export under way. It speaks of the journal as it was when it began, whatever is posted
/// meanwhile, and holds no snapshot between two pieces.
///
/// Memory: bounded by the number of accounts, not of entries.
/// Lifetime: the database outlives it.
/// Threads: one at a time.
class JournalExport {
  public:
    /// Errors: `integrity`, `storage`.
    static Result<std::unique_ptr<JournalExport>> begin(Database& database, ExportFormat format);

    JournalExport(const JournalExport&) = delete;
    JournalExport& operator=(const JournalExport&) = delete;
    ~JournalExport() = default;

    /// Appends the next piece, of kPieceBytes and up to one entry more. False: it was the last.
    ///
    /// Errors: `invalid_argument` for an entry that the format can not say; `integrity`,
    /// `storage`. Then what was appended is to be thrown away, and there are no more pieces.
    [[nodiscard]] Result<bool> next(std::string& out);

    static constexpr std::size_t kPieceBytes = 262'144;

  private:
    // The posted sums only grow, so the largest there are in its lines are the last.
    struct Account {
        AccountKey key;
        std::int64_t debits = 0;
        std::int64_t credits = 0;
    };
    enum class Step { start, accounts, entries, balances, done };

    JournalExport(Database& database, ExportFormat format);
    Result<void> open(Transaction& snapshot);
    void take_accounts(AccountNames names);
    void write_start(std::string& out);
    Result<void> write_entries(Transaction& snapshot, std::size_t full, std::string& out);
    Result<void> write_entry(const StoredEntry& entry, std::string& out);

    Database& database_;
    std::unique_ptr<Exporter> exporter_;
    MergedEntries entries_;
    std::vector<Account> accounts_;  // in order of purpose, owner, currency
    std::unordered_map<std::int64_t, std::size_t> places_;
    std::vector<const AccountKey*> line_accounts_;  // used again for each entry
    Step step_ = Step::start;
    std::size_t next_account_ = 0;
    std::int64_t entry_count_ = 0;
    Day first_{};
};

}  // namespace causeway::ledger
