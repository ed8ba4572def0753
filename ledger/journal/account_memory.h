// SPDX-License-Identifier: Apache-2.0
//
// The accounts as the writer knows them, with a way back: whatever was done since a mark can be
// undone exactly, in the reverse order.
#pragma once

#include "ledger/journal/account.h"
#include "ledger/journal/account_index.h"
#include "ledger/journal/entry.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace causeway::ledger {

/// Lines of an account between two marks in its history.
inline constexpr std::int64_t kLinesPerMark = 256;

/// Displaced lines are summed by day, by 32 days and by 1,024 days.
inline constexpr int kDisplacedLevels = 3;
/// The bucket of a moment. `level`: 1 for days since 1970-01-01, one more for each factor of 32.
[[nodiscard]] std::int64_t displaced_bucket(std::int64_t effective_us, int level) noexcept;

/// All that is known of an account at one moment; a row of journal_balances.
///
/// The history by effective time counts a line as ordered when
/// watermark_us <= effective <= recorded; the others are displaced and have rows of their own.
struct AccountState {
    Balance balance;
    std::int64_t terms = 0;       ///< Bits of AccountTerms.
    std::int64_t line_count = 0;  ///< Lines ever written.
    Sequence last_sequence = 0;   ///< The last entry that touched it.
    std::int64_t last_recorded_us = INT64_MIN;
    Balance ordered;                        ///< What the ordered lines add up to; may be negative.
    std::int64_t watermark_us = INT64_MIN;  ///< No ordered line of a later block is before it.
    std::int64_t block_max_us = INT64_MIN;  ///< The latest ordered line so far.

    friend bool operator==(const AccountState&, const AccountState&) = default;
};

/// What one line does to its account, beside the balance.
struct LineFacts {
    Sequence sequence;
    EntryType type;
    std::int64_t minor_units;
    std::int64_t effective_us;
    std::int64_t recorded_us;
};

/// What add_line() has to report.
struct LineAdded {
    bool fits;       ///< False: a sum would not fit in 64 bits.
    bool displaced;  ///< Out of the order of effective times.
    bool marked;     ///< The line closes a block: a mark is due.
};

/// Adds a line to `state`, which is good for nothing any more when the line does not fit.
[[nodiscard]] LineAdded add_line(AccountState& state, const LineFacts& line) noexcept;

/// What a line changes, with its sign: a post takes from pending what it adds to posted.
[[nodiscard]] Balance change_of(EntryType type, std::int64_t minor_units) noexcept;
/// False, and nothing changed, on overflow. The sums may be negative.
[[nodiscard]] bool add_signed(Balance& sum, const Balance& change) noexcept;

/// Threads: the writer's only.
class AccountMemory {
  public:
    struct Account {
        std::int64_t id = 0;  ///< 0: opened, and has no number yet.
        AccountState state;
        bool stored = false;      ///< There is a row in journal_accounts.
        bool touched = false;     ///< In this batch.
        bool unflushed = false;   ///< Its state differs from its row in journal_balances.
        std::uint64_t fresh = 0;  ///< The batch of locks in which it was read (shared engines).
    };
    using Index = std::size_t;
    static constexpr Index kNone = AccountIndex::kNone;
    using Mark = std::size_t;

    /// An account as the database has it.
    Index load(std::int64_t id, AccountKey key, const AccountState& state);

    /// The account's place; a new one is opened. `lane`: whose numbers a new account takes.
    [[nodiscard]] Index find_or_open(const AccountKey& key, std::int64_t lane);
    /// kNone when it is not known.
    [[nodiscard]] Index find(const AccountKey& key) const { return keys_.find(key); }
    [[nodiscard]] Index find(std::int64_t id) const;
    /// To fetch accounts from memory before they are needed, see AccountIndex.
    [[nodiscard]] const AccountIndex& keys() const noexcept { return keys_; }
    void fetch(Index index) const noexcept;
    [[nodiscard]] const AccountKey& key(Index index) const { return keys_.key(index); }
    /// As ledger/chain/canonical.h spells the account. Lifetime: until an account is opened.
    [[nodiscard]] std::span<const std::uint8_t> canonical(Index index) const {
        return keys_.canonical(index);
    }
    [[nodiscard]] const Account& at(Index index) const { return accounts_[index]; }
    [[nodiscard]] std::size_t size() const noexcept { return accounts_.size(); }
    /// For changes that undo() can take back.
    [[nodiscard]] AccountState& change(Index index);
    /// For what the database says; not undone.
    void refresh(Index index, const AccountState& state, std::uint64_t batch);
    /// Forgets an account that turned out not to be there. Its place stays empty.
    void forget(Index index);

    [[nodiscard]] Mark mark() const noexcept { return undo_.size(); }
    void revert(Mark mark);
    /// What was done stays; the marks before are void.
    void keep() { undo_.clear(); }

    /// The accounts of this batch, in the order in which they were first touched.
    [[nodiscard]] const std::vector<Index>& touched() const noexcept { return touched_; }
    /// All accounts whose state differs from their row.
    [[nodiscard]] const std::vector<Index>& unflushed() const noexcept { return unflushed_; }
    /// Those touched have rows in journal_accounts now.
    void opened();
    void flushed();
    /// The batch is over: the next one begins with no account touched or locked.
    void end_batch();

  private:
    struct Undo {
        Index index;
        AccountState state;
        bool opened;   // the account was not there before
        bool touched;  // and now it is the last of touched_
    };
    Index append(AccountKey key, std::int64_t id);
    void forget_newest();

    std::vector<Account> accounts_;
    AccountIndex keys_;
    std::unordered_map<std::int64_t, Index> places_by_id_;
    std::vector<Index> touched_;
    std::vector<Index> unflushed_;
    std::vector<Undo> undo_;
    std::int64_t last_number_ = 0;  // of the lane's own accounts
};

}  // namespace causeway::ledger
