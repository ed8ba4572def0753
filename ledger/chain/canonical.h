// SPDX-License-Identifier: Apache-2.0
//
// The bytes of an entry that are hashed and shown to others, and the hash that chains them.
//
// Accounts stand there by name and not by number, so that somebody who holds nothing but an export
// can compute the same hash. docs/chain.md is the contract: change nothing here without a new
// version byte.
#pragma once

#include "ledger/journal/entry.h"
#include "ledger/journal/stored_entry.h"
#include "ledger/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace causeway::ledger {

/// All of an entry but its lines.
///
/// Lifetime: the texts are borrowed.
struct CanonicalHeader {
    Sequence sequence;
    EntryType type;
    Uuid id;
    std::string_view kind;
    std::string_view reference;
    Timestamp effective;
    Timestamp recorded;
    std::optional<Timestamp> expires = {};
    std::optional<Uuid> pending = {};
};

[[nodiscard]] CanonicalHeader header_of(const Entry& entry, Sequence sequence);
[[nodiscard]] CanonicalHeader header_of(const StoredEntry& entry);

/// The name of an account as each of its lines begins: owner, purpose, currency. Built once an
/// account. Requires an owner of at most 65,535 bytes.
[[nodiscard]] std::vector<std::uint8_t> canonical_account(const AccountKey& account);

/// The parts of what canonical_account() made. Lifetime: borrowed.
struct CanonicalAccount {
    std::string_view owner;
    std::string_view purpose;
    std::string_view currency;
};
/// Requires what canonical_account() made.
[[nodiscard]] CanonicalAccount read_canonical_account(std::span<const std::uint8_t> bytes) noexcept;

/// canonical_account() by the account's number.
using AccountBytes = std::unordered_map<std::int64_t, std::vector<std::uint8_t>>;
[[nodiscard]] AccountBytes account_bytes(const AccountNames& names);

/// Builds the canonical bytes of one entry after the other, and their hashes, in a buffer that is
/// used again: once it has grown to the largest entry nothing is allocated.
///
/// Order: begin, line for each line, then bytes and hash as often as wanted.
class CanonicalWriter {
  public:
    CanonicalWriter();

    /// Requires texts of at most 65,535 bytes.
    void begin(const CanonicalHeader& header);
    /// `account`: what canonical_account() made. Requires at most 65,535 lines.
    void line(std::span<const std::uint8_t> account, std::int64_t minor_units);

    /// The whole entry.
    ///
    /// Errors: `integrity` when it names an account that is not in `accounts`.
    [[nodiscard]] Result<void> write(const StoredEntry& entry, const AccountBytes& accounts);

    /// Lifetime: until the next begin().
    [[nodiscard]] std::span<const std::uint8_t> bytes() noexcept;

    /// The entry's hash in the chain. `previous`: that of its predecessor in the lane, zeros for
    /// the first.
    [[nodiscard]] ChainHash hash(const ChainHash& previous) noexcept;

  private:
    void make_room(std::size_t more);

    std::vector<std::uint8_t> buffer_;  // the previous hash, then the canonical bytes
    std::size_t used_ = 0;              // of buffer_
    std::size_t count_at_ = 0;          // where in buffer_ the count of lines stands
    std::size_t line_count_ = 0;
};

/// Appends the canonical bytes of `entry` as they stand at `sequence`. Its lines must be those that
/// were booked: a post or a void with the amounts it moved. Where speed counts use CanonicalWriter.
void append_canonical(const Entry& entry, Sequence sequence, std::vector<std::uint8_t>& out);

struct CanonicalEntry {
    Sequence sequence;
    Entry entry;

    friend bool operator==(const CanonicalEntry&, const CanonicalEntry&) = default;
};

/// The inverse of append_canonical(), strictly: whatever it accepts is written the same again.
///
/// Errors: `integrity`.
[[nodiscard]] Result<CanonicalEntry> parse_canonical(std::span<const std::uint8_t> bytes);

/// The hash of an entry from its canonical bytes.
[[nodiscard]] ChainHash entry_hash(const ChainHash& previous,
                                   std::span<const std::uint8_t> canonical);

}  // namespace causeway::ledger
