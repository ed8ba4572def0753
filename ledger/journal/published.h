// SPDX-License-Identifier: Apache-2.0
//
// What is durable of the journal's memory, for everybody else in the process. The writer brings it
// up to date after each commit; readers see the books as they were between two commits.
#pragma once

#include "ledger/id.h"
#include "ledger/journal/account_memory.h"
#include "ledger/journal/id_index.h"

#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <span>
#include <string_view>
#include <vector>

namespace causeway::ledger {

struct PublishedAccount {
    std::int64_t id;
    AccountKey key;
    AccountState state;
};

/// Threads: any; writing excludes reading.
class Published {
  public:
    /// For the writer: what happens between begin() and the lock's end is seen as one step.
    [[nodiscard]] std::unique_lock<std::shared_mutex> begin() { return std::unique_lock(mutex_); }
    /// Inside begin(): an account gets the next place.
    void open(std::int64_t id, const AccountKey& key);
    void put(AccountMemory::Index index, const AccountState& state) {
        accounts_[index].state = state;
    }
    void put_id(std::uint64_t fingerprint, std::uint32_t place) { ids_.insert(fingerprint, place); }
    void put_last(Sequence last) { last_ = last; }

    /// What is durable at one moment: the accounts, or the one, and the last entry they count.
    struct Moment {
        std::vector<PublishedAccount> accounts;
        Sequence last;
    };
    [[nodiscard]] Moment now() const;
    [[nodiscard]] Moment now(const AccountKey& key) const;

    /// Every account in order of purpose, owner, currency; of one owner when there is one.
    [[nodiscard]] std::vector<PublishedAccount> accounts(
        std::optional<std::string_view> owner = {}) const;
    [[nodiscard]] std::optional<PublishedAccount> account(const AccountKey& key) const;
    /// Places whose id may be this one.
    [[nodiscard]] std::vector<std::uint32_t> candidates(const Uuid& id) const;
    /// The last entry.
    [[nodiscard]] Sequence last() const;

    /// Asks memory for what candidates() will read.
    void fetch(std::span<const std::uint64_t> fingerprints) const;
    /// The same for put().
    void fetch(AccountMemory::Index index) const noexcept {
        __builtin_prefetch(&accounts_[index].state, 1);
        __builtin_prefetch(&accounts_[index].state.ordered, 1);
    }

    /// Without a lock: for who alone changes it.
    [[nodiscard]] const IdIndex& ids() const noexcept { return ids_; }

  private:
    mutable std::shared_mutex mutex_;
    std::vector<PublishedAccount> accounts_;
    AccountIndex places_;
    IdIndex ids_;
    Sequence last_ = 0;
};

}  // namespace causeway::ledger
