// SPDX-License-Identifier: Apache-2.0
//
// What is written into the journal: entries of signed lines, and what they add up to.
//
// A debit is positive, a credit negative, so an entry balances when its lines sum to zero. Entries
// are appended and never edited. Amounts are either posted or pending: a pending entry reserves,
// and later entries post it (whole, or in parts), void it, or let it expire.
#pragma once

#include "ledger/clock.h"
#include "ledger/id.h"
#include "ledger/journal/account.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::ledger {

/// The number is stored and part of the canonical bytes; never change one.
enum class EntryType : std::uint8_t {
    posting = 1,         ///< Posts its lines at once.
    pending = 2,         ///< Reserves its lines; they count in every limit.
    post_pending = 3,    ///< Posts lines of a pending entry, at most what remains of each.
    void_pending = 4,    ///< Releases all that remains of a pending entry.
    expire_pending = 5,  ///< The same, because its time had come. Made by Journal::expire().
    account_terms = 6,   ///< Sets an account's terms. Made by Journal::set_terms().
};

[[nodiscard]] std::string_view to_string(EntryType type) noexcept;

/// Units: minor units of the account's currency; debit positive, credit negative, never zero.
struct Line {
    AccountKey account;
    std::int64_t minor_units;

    friend bool operator==(const Line&, const Line&) = default;
};

struct Entry {
    Uuid id;                ///< Made by the caller, once; the entry's name for ever.
    std::string kind;       ///< The business event, such as "capture" or "settlement".
    std::string reference;  ///< The thing it is about, such as "cap_01J...".
    Timestamp effective;    ///< When it happened.
    /// When we learnt of it. The journal moves it forward where that is needed for it never to run
    /// backwards, neither in a lane nor in the history of an account.
    Timestamp recorded;
    /// May be empty in a post_pending, which then posts all that remains; always empty in a
    /// void_pending.
    std::vector<Line> lines;
    EntryType type = EntryType::posting;
    /// The pending entry that is posted, voided or has expired; of types 3, 4 and 5 only.
    std::optional<Uuid> pending = {};
    /// From then on a pending entry can no longer be posted. Of type 2 only; none: never.
    std::optional<Timestamp> expires = {};

    friend bool operator==(const Entry&, const Entry&) = default;
};

/// Units: minor units; no sum is negative. The balance is debits - credits.
struct Balance {
    std::int64_t debits = 0;
    std::int64_t credits = 0;
    std::int64_t pending_debits = 0;
    std::int64_t pending_credits = 0;

    [[nodiscard]] std::int64_t net() const noexcept { return debits - credits; }
    /// What may still be debited when debits must not exceed credits. May be negative, but not
    /// below the smallest number.
    [[nodiscard]] std::int64_t available_to_debit() const noexcept;
    /// What may still be credited when credits must not exceed debits. The same holds.
    [[nodiscard]] std::int64_t available_to_credit() const noexcept;
    friend bool operator==(const Balance&, const Balance&) = default;
};

/// Adds what a line of an entry does. False, and nothing changed, when a sum
/// would leave [0, 2^63).
[[nodiscard]] bool apply(Balance& balance, EntryType type, std::int64_t minor_units) noexcept;

struct AccountBalance {
    AccountKey account;
    Balance balance;
};

/// What an account will not let happen. All off: anything that balances may be posted.
struct AccountTerms {
    /// debits + pending_debits <= credits, after every entry that debits it.
    bool debits_within_credits = false;
    /// credits + pending_credits <= debits, after every entry that credits it.
    bool credits_within_debits = false;
    /// No line at all, but pending entries may still be voided or expire.
    bool closed = false;
    /// The owner has no account of the same purpose in another currency.
    bool currency_fixed = false;

    friend bool operator==(const AccountTerms&, const AccountTerms&) = default;
};

/// "closed,debits_within_credits": the names of those that are on, in alphabetical order; "none".
[[nodiscard]] std::string to_text(const AccountTerms& terms);
/// Errors: `invalid_argument`.
[[nodiscard]] Result<AccountTerms> parse_terms(std::string_view text);
/// Bits 0 to 3 in the order of the members; how terms are stored.
[[nodiscard]] std::int64_t to_bits(const AccountTerms& terms) noexcept;
[[nodiscard]] AccountTerms terms_from_bits(std::int64_t bits) noexcept;

/// Where an entry stands: lane * 2^40 + n, with n = 1, 2, 3, ... and no gap in each lane. A lane
/// belongs to one process; SQLite has lane 0 alone.
using Sequence = std::int64_t;
inline constexpr int kLaneBits = 40;
[[nodiscard]] constexpr std::int64_t lane_of(Sequence sequence) noexcept {
    return sequence >> kLaneBits;
}
[[nodiscard]] constexpr std::int64_t place_in_lane(Sequence sequence) noexcept {
    return sequence & ((std::int64_t{1} << kLaneBits) - 1);
}
[[nodiscard]] constexpr Sequence first_of_lane(std::int64_t lane) noexcept {
    return (lane << kLaneBits) + 1;
}

}  // namespace causeway::ledger
