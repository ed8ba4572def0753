// SPDX-License-Identifier: Apache-2.0
//
// From an account's name to its place, in a flat table: every line of every entry asks it.
#pragma once

#include "ledger/journal/account.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

namespace causeway::ledger {

[[nodiscard]] std::uint64_t hash_of(const AccountKey& key) noexcept;

/// Places are 0, 1, 2, ... in the order of add(). Threads: none of its own.
class AccountIndex {
  public:
    static constexpr std::size_t kNone = SIZE_MAX;

    /// The key's place, or kNone.
    [[nodiscard]] std::size_t find(const AccountKey& key) const noexcept;
    // find() in steps that wait for nothing, for those who look many keys up: fetch_slot() for
    // all, then guess() for all, then fetch_name().

    /// Asks memory for what find() reads first. `hash`: hash_of() the key.
    void fetch_slot(std::uint64_t hash) const noexcept {
        __builtin_prefetch(&slots_[hash & (slots_.size() - 1)]);
    }
    /// The first place with that hash, or kNone.
    [[nodiscard]] std::size_t guess(std::uint64_t hash) const noexcept;
    /// Asks memory for what find() compares and canonical() shows.
    void fetch_name(std::size_t place) const noexcept {
        __builtin_prefetch(names_.data() + name_ends_[place]);
    }
    /// Requires a key that find() does not know.
    std::size_t add(AccountKey key);
    /// find() no longer knows the key; its place is not given to another.
    void forget(std::size_t place);
    /// Takes back the last add().
    void drop_last();

    /// Lifetime: until drop_last().
    [[nodiscard]] const AccountKey& key(std::size_t place) const { return keys_[place]; }
    /// canonical_account() of the key. Lifetime: until add().
    [[nodiscard]] std::span<const std::uint8_t> canonical(std::size_t place) const {
        return std::span(names_).subspan(name_ends_[place],
                                         name_ends_[place + 1] - name_ends_[place]);
    }
    [[nodiscard]] std::size_t size() const noexcept { return keys_.size(); }

  private:
    struct Slot {
        std::uint64_t hash = 0;
        std::uint64_t place = kFree;
    };
    static constexpr std::uint64_t kFree = UINT64_MAX;
    static constexpr std::uint64_t kGone = UINT64_MAX - 1;

    [[nodiscard]] bool is_at(std::size_t place, const AccountKey& key) const noexcept;
    [[nodiscard]] Slot* slot_of(std::size_t place) noexcept;
    void put(std::uint64_t hash, std::uint64_t place) noexcept;
    void grow();

    std::deque<AccountKey> keys_;
    // The canonical names one behind the other: what find() compares and what is hashed, close by.
    std::vector<std::uint8_t> names_;
    std::vector<std::size_t> name_ends_ = std::vector<std::size_t>(1);
    std::vector<Slot> slots_ = std::vector<Slot>(64);  // a power of two
    std::size_t used_ = 0;                             // slots that are not free
};

}  // namespace causeway::ledger
