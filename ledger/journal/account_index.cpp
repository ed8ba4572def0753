// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/account_index.h"

#include "ledger/chain/canonical.h"

#include <functional>
#include <string_view>
#include <utility>

namespace causeway::ledger {

std::uint64_t hash_of(const AccountKey& key) noexcept {
    const auto rest = static_cast<std::uint64_t>(key.currency.numeric()) * 64 +
                      static_cast<std::uint64_t>(key.purpose);
    return std::hash<std::string_view>{}(key.owner) ^ (rest * 0x9E3779B97F4A7C15ULL);
}

std::size_t AccountIndex::find(const AccountKey& key) const noexcept {
    const std::uint64_t hash = hash_of(key);
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t at = hash & mask; slots_[at].place != kFree; at = (at + 1) & mask) {
        const Slot& slot = slots_[at];
        if (slot.hash == hash && slot.place != kGone && is_at(slot.place, key)) return slot.place;
    }
    return kNone;
}

std::size_t AccountIndex::guess(std::uint64_t hash) const noexcept {
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t at = hash & mask; slots_[at].place != kFree; at = (at + 1) & mask) {
        if (slots_[at].hash == hash && slots_[at].place != kGone) return slots_[at].place;
    }
    return kNone;
}

bool AccountIndex::is_at(std::size_t place, const AccountKey& key) const noexcept {
    const CanonicalAccount name = read_canonical_account(canonical(place));
    return name.owner == key.owner && name.purpose == to_string(key.purpose) &&
           name.currency == key.currency.code();
}

std::size_t AccountIndex::add(AccountKey key) {
    if ((used_ + 1) * 2 > slots_.size()) grow();
    const std::size_t place = keys_.size();
    put(hash_of(key), place);
    ++used_;
    const std::vector<std::uint8_t> name = canonical_account(key);
    names_.insert(names_.end(), name.begin(), name.end());
    name_ends_.push_back(names_.size());
    keys_.push_back(std::move(key));
    return place;
}

void AccountIndex::forget(std::size_t place) {
    Slot* const slot = slot_of(place);
    if (slot != nullptr) slot->place = kGone;
}

void AccountIndex::drop_last() {
    forget(keys_.size() - 1);
    keys_.pop_back();
    name_ends_.pop_back();
    names_.resize(name_ends_.back());
}

AccountIndex::Slot* AccountIndex::slot_of(std::size_t place) noexcept {
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t at = hash_of(keys_[place]) & mask; slots_[at].place != kFree;
         at = (at + 1) & mask) {
        if (slots_[at].place == place) return &slots_[at];
    }
    return nullptr;
}

void AccountIndex::put(std::uint64_t hash, std::uint64_t place) noexcept {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = hash & mask;
    while (slots_[at].place != kFree)
        at = (at + 1) & mask;
    slots_[at] = {.hash = hash, .place = place};
}

void AccountIndex::grow() {
    const std::vector<Slot> before = std::exchange(slots_, std::vector<Slot>(slots_.size() * 2));
    used_ = 0;
    for (const Slot& slot : before) {
        if (slot.place == kFree || slot.place == kGone) continue;
        put(slot.hash, slot.place);
        ++used_;
    }
}

}  // namespace causeway::ledger
