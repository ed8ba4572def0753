// SPDX-License-Identifier: Apache-2.0
//
// An entry as its row holds it: accounts by number, and with each line where the account's history
// goes on and what its balance was afterwards. The bytes of a row are our own affair; what is
// hashed and shown to others are the canonical bytes (ledger/chain/canonical.h).
#pragma once

#include "ledger/clock.h"
#include "ledger/id.h"
#include "ledger/journal/entry.h"
#include "ledger/result.h"
#include "ledger/store/database.h"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace causeway::ledger {

struct StoredLine {
    std::int64_t account_id;
    std::int64_t minor_units;
    Sequence previous;  ///< The entry before this one that touched the account; 0: none. A second
                        ///< line on the same account names its own entry.
    Balance balance;    ///< The account's, after this line.

    friend bool operator==(const StoredLine&, const StoredLine&) = default;
};

using ChainHash = std::array<std::uint8_t, 32>;

/// One row of journal_entries.
struct StoredEntry {
    Sequence sequence = 0;
    Uuid id;
    EntryType type = EntryType::posting;
    std::string kind;
    std::string reference;
    Timestamp effective;
    Timestamp recorded;
    std::optional<Uuid> pending;
    Sequence pending_sequence = 0;  ///< Where `pending` stands; 0 without one.
    std::optional<Timestamp> expires;
    std::vector<StoredLine> lines;
    ChainHash hash{};
};

/// What follows an entry's lines in the column `postings`.
struct PostingsEnd {
    EntryType type;
    std::optional<Timestamp> expires;
    std::optional<Uuid> pending;
    Sequence pending_sequence;
};

// pack_postings() in steps: the start, each line, the end.
void pack_postings_start(std::size_t line_count, std::vector<std::uint8_t>& out);
void pack_line(const StoredLine& line, Sequence sequence, std::vector<std::uint8_t>& out);
void pack_postings_end(const PostingsEnd& end, std::vector<std::uint8_t>& out);

/// Appends the bytes of the column `postings` to `out`.
void pack_postings(const StoredEntry& entry, std::vector<std::uint8_t>& out);

/// Fills lines, pending, pending_sequence and expires from the column `postings`; `entry` has its
/// sequence and type already.
///
/// Errors: `integrity` for bytes that pack_postings() does not write.
[[nodiscard]] Result<void> unpack_postings(std::span<const std::uint8_t> bytes, StoredEntry& entry);

/// The columns of journal_entries in the order that read_entry() wants.
#define CAUSEWAY_ENTRY_COLUMNS \
    "sequence, entry_id, type, kind, reference, effective_us, recorded_us, postings, hash"

/// Reads a row of CAUSEWAY_ENTRY_COLUMNS into `entry`, whose buffers are used again.
///
/// Errors: `integrity` for a row that no journal of ours writes.
[[nodiscard]] Result<void> read_entry(const Row& row, StoredEntry& entry);

/// Errors: `not_found`, `integrity`, `storage`.
[[nodiscard]] Result<StoredEntry> load_entry(Transaction& snapshot, Sequence sequence);

/// An account from the columns owner, purpose, currency, of which owner is column `first`.
///
/// Errors: `integrity` for a purpose or a currency that we do not know.
[[nodiscard]] Result<AccountKey> account_key(const Row& row, int first);

/// The accounts by number.
using AccountNames = std::unordered_map<std::int64_t, AccountKey>;
/// Errors: `integrity`, `storage`.
[[nodiscard]] Result<AccountNames> load_account_names(Transaction& snapshot);

/// The entry as its caller made it. Errors: `integrity` when it names an unknown account.
[[nodiscard]] Result<Entry> named(const StoredEntry& stored, const AccountNames& names);

/// Hands over every entry after `after`, lane by lane and in order inside each, reading in pages so
/// that memory stays bounded; stops early when `each` returns false or an error.
///
/// Lifetime: the entry is used again for the next.
/// Errors: those of `each`; `integrity`, `storage`.
[[nodiscard]] Result<void> each_entry(Transaction& snapshot,
                                      Sequence after,
                                      const std::function<Result<bool>(const StoredEntry&)>& each);

}  // namespace causeway::ledger
