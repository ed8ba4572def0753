// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/account_memory.h"

#include <algorithm>
#include <functional>
#include <string_view>

namespace causeway::ledger {

std::size_t AccountKeyHash::operator()(const AccountKey& key) const {
    const auto rest = static_cast<std::size_t>(key.currency.numeric()) * 64 +
                      static_cast<std::size_t>(key.purpose);
    return std::hash<std::string_view>{}(key.owner) ^ (rest * 0x9E3779B97F4A7C15ULL);
}

void AccountMemory::load(std::int64_t id, AccountKey key, Balance balance) {
    const auto place = places_.emplace(std::move(key), accounts_.size()).first;
    accounts_.push_back(
        {.key = &place->first, .id = id, .balance = balance, .stored = true, .touched = false});
    last_id_ = std::max(last_id_, id);
}

AccountMemory::Index AccountMemory::find_or_open(const AccountKey& key) {
    const auto [place, opened] = places_.try_emplace(key, accounts_.size());
    if (!opened) return place->second;
    accounts_.push_back(
        {.key = &place->first, .id = ++last_id_, .balance = {}, .stored = false, .touched = false});
    undo_.push_back({.index = place->second, .balance = {}, .opened = true, .touched = false});
    return place->second;
}

const AccountMemory::Account* AccountMemory::find(const AccountKey& key) const {
    const auto place = places_.find(key);
    return place == places_.end() ? nullptr : &accounts_[place->second];
}

bool AccountMemory::add(Index index, std::int64_t minor_units) {
    Account& account = accounts_[index];
    Balance sum = account.balance;
    const bool overflow = minor_units > 0
                              ? __builtin_add_overflow(sum.debits, minor_units, &sum.debits)
                              : __builtin_sub_overflow(sum.credits, minor_units, &sum.credits);
    if (overflow) return false;
    undo_.push_back(
        {.index = index, .balance = account.balance, .opened = false, .touched = !account.touched});
    if (!account.touched) touched_.push_back(index);
    account.touched = true;
    account.balance = sum;
    return true;
}

void AccountMemory::revert(Mark mark) {
    for (; undo_.size() > mark; undo_.pop_back()) {
        const Undo& step = undo_.back();
        if (step.opened) {
            // Everything later is undone already, so it is the last account.
            places_.erase(*accounts_.back().key);
            accounts_.pop_back();
            --last_id_;
            continue;
        }
        accounts_[step.index].balance = step.balance;
        if (step.touched) {
            accounts_[step.index].touched = false;
            touched_.pop_back();
        }
    }
}

void AccountMemory::written() {
    for (const Index index : touched_) {
        accounts_[index].touched = false;
        accounts_[index].stored = true;
    }
    touched_.clear();
}

}  // namespace causeway::ledger
