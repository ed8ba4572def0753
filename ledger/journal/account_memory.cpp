// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/account_memory.h"

#include <algorithm>
#include <utility>

namespace causeway::ledger {

LineAdded add_line(AccountState& state, const LineFacts& line) noexcept {
    LineAdded added{.fits = true, .displaced = false, .marked = false};
    added.displaced =
        line.effective_us < state.watermark_us || line.effective_us > line.recorded_us;
    added.fits = apply(state.balance, line.type, line.minor_units);
    if (!added.displaced) {
        added.fits =
            added.fits && add_signed(state.ordered, change_of(line.type, line.minor_units));
        state.block_max_us = std::max(state.block_max_us, line.effective_us);
    }
    ++state.line_count;
    state.last_sequence = line.sequence;
    state.last_recorded_us = line.recorded_us;
    added.marked = state.line_count % kLinesPerMark == 0;
    if (added.marked) state.watermark_us = std::max(state.watermark_us, state.block_max_us);
    return added;
}

Balance change_of(EntryType type, std::int64_t minor_units) noexcept {
    const std::int64_t debit = std::max<std::int64_t>(minor_units, 0);
    const std::int64_t credit = -std::min<std::int64_t>(minor_units, 0);
    switch (type) {
        case EntryType::posting: return {.debits = debit, .credits = credit};
        case EntryType::pending: return {.pending_debits = debit, .pending_credits = credit};
        case EntryType::post_pending:
            return {.debits = debit,
                    .credits = credit,
                    .pending_debits = -debit,
                    .pending_credits = -credit};
        case EntryType::void_pending:
        case EntryType::expire_pending:
            return {.pending_debits = -debit, .pending_credits = -credit};
        case EntryType::account_terms: break;
    }
    return {};
}

std::int64_t displaced_bucket(std::int64_t effective_us, int level) noexcept {
    std::int64_t bucket = day_of(from_microseconds(effective_us)).time_since_epoch().count();
    for (int up = 1; up < level; ++up)
        bucket >>= 5;
    return bucket;
}

bool add_signed(Balance& sum, const Balance& change) noexcept {
    Balance next;
    if (__builtin_add_overflow(sum.debits, change.debits, &next.debits) ||
        __builtin_add_overflow(sum.credits, change.credits, &next.credits) ||
        __builtin_add_overflow(sum.pending_debits, change.pending_debits, &next.pending_debits) ||
        __builtin_add_overflow(
            sum.pending_credits, change.pending_credits, &next.pending_credits)) {
        return false;
    }
    sum = next;
    return true;
}

AccountMemory::Index AccountMemory::append(AccountKey key, std::int64_t id) {
    const Index index = keys_.add(std::move(key));
    accounts_.push_back({.id = id});
    places_by_id_.emplace(id, index);
    return index;
}

AccountMemory::Index AccountMemory::load(std::int64_t id,
                                         AccountKey key,
                                         const AccountState& state) {
    const Index index = append(std::move(key), id);
    accounts_[index].state = state;
    accounts_[index].stored = true;
    last_number_ = std::max(last_number_, place_in_lane(id));
    return index;
}

AccountMemory::Index AccountMemory::find_or_open(const AccountKey& key, std::int64_t lane) {
    const Index known = keys_.find(key);
    if (known != kNone) return known;
    const Index index = append(key, first_of_lane(lane) + last_number_);
    ++last_number_;
    undo_.push_back({.index = index, .state = {}, .opened = true, .touched = false});
    return index;
}

AccountMemory::Index AccountMemory::find(std::int64_t id) const {
    const auto place = places_by_id_.find(id);
    return place == places_by_id_.end() ? kNone : place->second;
}

void AccountMemory::fetch(Index index) const noexcept {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): an address, and nothing is read
    const auto* const first = reinterpret_cast<const char*>(&accounts_[index]);
    for (std::size_t at = 0; at < sizeof(Account); at += 64)
        __builtin_prefetch(first + at);
    keys_.fetch_name(index);
}

AccountState& AccountMemory::change(Index index) {
    Account& account = accounts_[index];
    const bool first = !account.touched;
    undo_.push_back({.index = index, .state = account.state, .opened = false, .touched = first});
    if (first) {
        account.touched = true;
        touched_.push_back(index);
        if (!account.unflushed) {
            account.unflushed = true;
            unflushed_.push_back(index);
        }
    }
    return account.state;
}

void AccountMemory::refresh(Index index, const AccountState& state, std::uint64_t batch) {
    accounts_[index].state = state;
    accounts_[index].fresh = batch;
    accounts_[index].stored = true;
}

void AccountMemory::forget(Index index) {
    if (accounts_[index].id == 0) return;
    places_by_id_.erase(accounts_[index].id);
    keys_.forget(index);
    accounts_[index].id = 0;
}

void AccountMemory::forget_newest() {
    if (accounts_.back().unflushed) std::erase(unflushed_, accounts_.size() - 1);
    places_by_id_.erase(accounts_.back().id);
    keys_.drop_last();
    accounts_.pop_back();
    --last_number_;
}

void AccountMemory::revert(Mark mark) {
    while (undo_.size() > mark) {
        const Undo& undo = undo_.back();
        if (undo.opened) {
            forget_newest();
        } else {
            // It stays among the unflushed: writing it once more does no harm.
            accounts_[undo.index].state = undo.state;
            if (undo.touched) {
                accounts_[undo.index].touched = false;
                touched_.pop_back();
            }
        }
        undo_.pop_back();
    }
}

void AccountMemory::opened() {
    for (const Index index : touched_)
        accounts_[index].stored = true;
}

void AccountMemory::flushed() {
    for (const Index index : unflushed_)
        accounts_[index].unflushed = false;
    unflushed_.clear();
}

void AccountMemory::end_batch() {
    for (const Index index : touched_)
        accounts_[index].touched = false;
    touched_.clear();
}

}  // namespace causeway::ledger
