// SPDX-License-Identifier: Apache-2.0
//
// The journal: the one way to change a balance.
//
// On an engine that one process owns (SQLite) all balances, ids and open pending entries live in
// memory on the writer's thread, and what is stored of them is a snapshot that is brought up to
// date at start. On an engine that several processes share (PostgreSQL) a body locks the accounts
// it touches, and nothing is remembered beyond a batch.
#pragma once

#include "ledger/clock.h"
#include "ledger/id.h"
#include "ledger/journal/account.h"
#include "ledger/journal/entry.h"
#include "ledger/journal/published.h"
#include "ledger/journal/refusal.h"
#include "ledger/result.h"
#include "ledger/store/commit_queue.h"
#include "ledger/store/database.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::ledger {

class HeadSigner;

/// The tables of the journal, in steps numbered from 1; every database of ours has them.
[[nodiscard]] std::span<const Migration> journal_migrations();

struct JournalOptions {
    /// Signs a head every `head_every` entries of this process's lane; none: no heads are made.
    /// Lifetime: outlives the database's writer.
    const HeadSigner* signer = nullptr;
    std::int64_t head_every = 4096;
    /// Entries between two snapshots of the balances (SQLite). More make a slower start.
    std::int64_t flush_every = 65536;
    /// Ids in a row of the index of ids (SQLite). Rows of any size are read; tests make them small.
    std::int64_t ids_per_run = 65536;
    /// What the index of ids has room for (SQLite). Tests make it small; no larger.
    std::int64_t entries_max = UINT32_MAX;
};

/// What became of an entry.
struct Posted {
    Sequence sequence;
    bool replayed;  ///< The same entry was there already; nothing has changed.
};

/// What a body is going to touch, said when it is submitted: on a shared engine the accounts of a
/// whole batch are then locked with one statement, in an order that can not deadlock; on one of our
/// own they are fetched from memory for some bodies at once. Optional.
class PostHint final : public Hint {
  public:
    explicit PostHint(std::vector<AccountKey> accounts, std::vector<Uuid> ids = {})
        : accounts_(std::move(accounts)), ids_(std::move(ids)) {}
    /// One entry. Lifetime: borrowed, until the body's completion.
    explicit PostHint(const Entry& entry) : entry_(&entry) {}

    template <class Each>
    void each_account(const Each& each) const {
        for (const AccountKey& account : accounts_)
            each(account);
        if (entry_ == nullptr) return;
        for (const Line& line : entry_->lines)
            each(line.account);
    }
    /// Of entries to be posted.
    template <class Each>
    void each_id(const Each& each) const {
        for (const Uuid& id : ids_)
            each(id);
        if (entry_ != nullptr) each(entry_->id);
    }
    /// None unless it was made of one.
    [[nodiscard]] const Entry* entry() const noexcept { return entry_; }

  private:
    std::vector<AccountKey> accounts_;
    std::vector<Uuid> ids_;
    const Entry* entry_ = nullptr;
};

/// Posts entries and knows balances.
///
/// Invariants:
///  1. Every entry balances in each currency inside each fund.
///  2. An id stands for one content: posting it again changes nothing.
///  3. No account breaks its terms, pending amounts counted.
///  4. Entries of a lane are numbered without a gap; each carries the hash of its predecessor.
///  5. `recorded` never runs backwards in a lane nor in an account's history.
///  6. Each touched account is written at most once a batch.
///
/// Lifetime: make it before the first submit(); it must outlive the bodies that use it. What it
/// remembers is shared with the database's writer, so either may be destroyed first.
/// Threads: what takes a `body` on the writer's thread, inside one; what takes a `snapshot`
/// anywhere.
class Journal {
  public:
    /// Throws std::runtime_error when the books can not be read: there are none to keep.
    explicit Journal(Database& database, const JournalOptions& options = {});
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;
    ~Journal();

    /// Posts an entry of types 1 to 4.
    ///
    /// Errors: every Refusal; then nothing has changed and the body may go on.
    [[nodiscard]] Result<Posted> post(Transaction& body, const Entry& entry);

    /// All or none, in order; a later one sees what the earlier did. The first refusal is the
    /// answer and names its entry.
    [[nodiscard]] Result<std::vector<Posted>> post_linked(Transaction& body,
                                                          std::span<const Entry> entries);

    /// Lets at most `count_max` pending entries expire whose time is at or before `now`, each by
    /// an entry with an id from `ids`; says how many did.
    [[nodiscard]] Result<std::int64_t> expire(Transaction& body,
                                              Timestamp now,
                                              IdSource& ids,
                                              std::int64_t count_max = 1000);

    /// Sets the terms of an account, which is opened when it is new. The change is an entry of its
    /// own in the chain, with this id.
    ///
    /// Errors: `debits_exceed_credits`, `credits_exceed_debits` when the balance breaks the terms
    /// already; `currency_fixed` when there is an account in another currency; `id_reused`.
    [[nodiscard]] Result<Posted> set_terms(Transaction& body,
                                           const Uuid& id,
                                           const AccountKey& account,
                                           const AccountTerms& terms,
                                           Timestamp recorded);

    /// As this body sees it, its own entries included. Zero for an unknown account.
    [[nodiscard]] Result<Balance> balance(Transaction& body, const AccountKey& account);

    /// Signs a head of this process's lane now, if there are entries since the last one.
    ///
    /// Errors: `invalid_argument` when the journal has no signer.
    [[nodiscard]] Result<void> make_head(Transaction& body);

    /// Every account and its durable balance, in order of purpose, owner, currency.
    [[nodiscard]] Result<std::vector<AccountBalance>> balances(Transaction& snapshot) const;
    /// The same for one owner.
    [[nodiscard]] Result<std::vector<AccountBalance>> balances_of(Transaction& snapshot,
                                                                  std::string_view owner) const;
    /// Errors: `not_found`.
    [[nodiscard]] Result<AccountTerms> terms(Transaction& snapshot,
                                             const AccountKey& account) const;
    /// Errors: `not_found`.
    [[nodiscard]] Result<Entry> entry(Transaction& snapshot, const Uuid& id) const;
    /// Where the entry of that id stands. Errors: `not_found`.
    [[nodiscard]] Result<Sequence> find(Transaction& snapshot, const Uuid& id) const;

    /// Every account as it durably is, of one owner when there is one; in the order of balances().
    [[nodiscard]] Result<std::vector<PublishedAccount>> accounts(
        Transaction& snapshot, std::optional<std::string_view> owner = {}) const;
    /// One account as it durably is; none when it was never touched.
    [[nodiscard]] Result<std::optional<PublishedAccount>> account(Transaction& snapshot,
                                                                  const AccountKey& key) const;

    /// What is durable, without asking the database; none on a shared engine, where others write.
    ///
    /// Lifetime: the journal's.
    [[nodiscard]] const Published* published() const noexcept;

    class Memory;

  private:
    std::shared_ptr<Memory> memory_;
};

}  // namespace causeway::ledger
