// SPDX-License-Identifier: Apache-2.0
//
// The balances of all accounts in memory, with a way back: whatever was done since a mark can be
// undone exactly, in the reverse order.
#pragma once

#include "ledger/journal/account.h"
#include "ledger/journal/journal.h"

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace causeway::ledger {

/// Not noexcept on purpose: libstdc++ keeps the hash beside the key only when computing it again
/// might throw, and without that every look-up hashes its neighbours.
struct AccountKeyHash {
    std::size_t operator()(const AccountKey& key) const;
};

/// Threads: the writer's only.
class AccountMemory {
  public:
    struct Account {
        const AccountKey* key;  ///< Lives as long as the account.
        std::int64_t id;
        Balance balance;
        bool stored;   ///< The database has a row for it.
        bool touched;  ///< Its balance differs from that row.
    };
    using Index = std::size_t;
    using Mark = std::size_t;

    /// An account as the database has it.
    void load(std::int64_t id, AccountKey key, Balance balance);

    /// The account's place; a new account is opened with a number of its own.
    [[nodiscard]] Index find_or_open(const AccountKey& key);
    [[nodiscard]] const Account* find(const AccountKey& key) const;
    [[nodiscard]] const Account& at(Index index) const { return accounts_[index]; }

    /// Adds one line. False, with nothing changed, when a sum would not fit in 64 bits.
    [[nodiscard]] bool add(Index index, std::int64_t minor_units);

    [[nodiscard]] Mark mark() const noexcept { return undo_.size(); }
    void revert(Mark mark);
    /// What was done stays; the marks before are void.
    void keep() { undo_.clear(); }

    /// The accounts to write, in the order in which they were first touched.
    [[nodiscard]] const std::vector<Index>& touched() const noexcept { return touched_; }
    /// They have been written.
    void written();

  private:
    struct Undo {
        Index index;
        Balance balance;
        bool opened;   // the account was not there before
        bool touched;  // and now it is the last of touched_
    };

    std::vector<Account> accounts_;
    std::unordered_map<AccountKey, Index, AccountKeyHash> places_;
    std::vector<Index> touched_;
    std::vector<Undo> undo_;
    std::int64_t last_id_ = 0;
};

}  // namespace causeway::ledger
