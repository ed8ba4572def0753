// SPDX-License-Identifier: Apache-2.0
//
// The journal: entries that balance, and the balances they add up to.
//
// Entries are appended and never edited; a mistake is mended by another entry. Lines are signed:
// a debit is positive, a credit negative, so an entry balances when its lines sum to zero.
#pragma once

#include "ledger/clock.h"
#include "ledger/id.h"
#include "ledger/journal/account.h"
#include "ledger/result.h"
#include "ledger/store/database.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::ledger {

/// Units: minor units of the account's currency; debit positive, credit negative, never zero.
struct Line {
    AccountKey account;
    std::int64_t minor_units;
};

struct Entry {
    Uuid id;                ///< Version 7; made by the caller; the entry's name for ever.
    std::string kind;       ///< The business event, such as "capture" or "settlement".
    std::string reference;  ///< The thing it is about, such as "cap_01J...".
    Timestamp effective;    ///< When it happened.
    Timestamp recorded;     ///< When we learnt of it.
    std::vector<Line> lines;
};

/// Units: minor units; both sums are not negative. balance = debits - credits.
struct Balance {
    std::int64_t debits = 0;
    std::int64_t credits = 0;
    [[nodiscard]] std::int64_t net() const noexcept { return debits - credits; }
};

struct AccountBalance {
    AccountKey account;
    Balance balance;
};

/// The tables of the journal; every database of ours starts with them.
[[nodiscard]] std::span<const Migration> journal_migrations();

/// Posts entries and knows balances.
///
/// Balances live in memory on the writer's thread and each touched account is written once a
/// batch, however many entries touched it.
/// Lifetime: make it before the first submit(); it must outlive the bodies that use it. What it
/// remembers is shared with the database's writer, so either may be destroyed first.
/// Threads: post() and balance() on the writer's thread, inside a body; the static readers
/// anywhere.
class Journal {
  public:
    /// Throws std::runtime_error when the accounts can not be read: there are no books to keep.
    explicit Journal(Database& database);
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;
    ~Journal();

    /// Errors: `invalid_argument` for fewer than two lines, a zero line, an empty owner or kind,
    /// or an entry that does not balance in each currency and each fund; `amount_overflow` when a
    /// balance would not fit; `conflict` when the id exists.
    [[nodiscard]] Result<void> post(Transaction& transaction, const Entry& entry);

    /// The balance as this body sees it, its own entries included. Zero for an unknown account.
    [[nodiscard]] Result<Balance> balance(Transaction& transaction, const AccountKey& account);

    /// Every account and its stored balance, in order of purpose, owner, currency.
    [[nodiscard]] static Result<std::vector<AccountBalance>> balances(Transaction& snapshot);

    /// The same for one owner.
    [[nodiscard]] static Result<std::vector<AccountBalance>> balances_of(Transaction& snapshot,
                                                                         std::string_view owner);

    /// Errors: `not_found`.
    [[nodiscard]] static Result<Entry> entry(Transaction& snapshot, const Uuid& id);

  private:
    class Memory;
    std::shared_ptr<Memory> memory_;
};

/// One thing that `ledger verify` found wrong.
struct Finding {
    std::string rule;    ///< "unbalanced_entry", "balance_differs", "client_money", ...
    std::string detail;  ///< Names the entry or the account and both amounts.
};

struct VerifyReport {
    std::int64_t entries = 0;
    std::int64_t lines = 0;
    std::int64_t accounts = 0;
    std::vector<Finding> findings;  ///< At most 100; the first is the first broken entry.
};

/// Reads everything once and checks that every entry balances in each currency and each fund,
/// that every stored balance equals the sum of its lines, and that client money is whole: per
/// currency, what stands at banks and providers equals what merchants and buyers are owed plus
/// the operator's share, and the share equals the operator's claim.
///
/// `progress` is called now and then with (lines done, lines in all).
/// Errors: `storage`. Broken books are findings, not errors.
[[nodiscard]] Result<VerifyReport> verify(
    Transaction& snapshot, const std::function<void(std::int64_t, std::int64_t)>& progress = {});

}  // namespace causeway::ledger
