// SPDX-License-Identifier: Apache-2.0
//
// The start of a journal that owns its database: the last snapshot of balances and ids, then every
// entry after it.
#include "ledger/journal/account_row.h"
#include "ledger/journal/journal_memory.h"

#include <algorithm>
#include <cstring>

namespace causeway::ledger {

Result<void> Journal::Memory::load(Transaction& snapshot) {
    if (shared_) return {};
    Result<void> done = load_accounts(snapshot);
    if (done) done = load_lane(snapshot);
    if (done) done = load_id_runs(snapshot);
    if (done) done = load_pendings(snapshot);
    if (done) done = load_tail(snapshot);
    if (done) done = load_segment(snapshot);
    if (!done) return done.error();
    accounts_.keep();
    accounts_.end_batch();
    for (Index index = 0; index < accounts_.size(); ++index) {
        const AccountMemory::Account& account = accounts_.at(index);
        if (terms_from_bits(account.state.terms).currency_fixed) ++fixed_accounts_;
    }
    const auto lock = published_.begin();
    for (Index index = 0; index < accounts_.size(); ++index) {
        published_.open(accounts_.at(index).id, accounts_.key(index));
        published_.put(index, accounts_.at(index).state);
    }
    published_.put_last(lane_.last);
    return {};
}

Result<void> Journal::Memory::load_accounts(Transaction& snapshot) {
    const Result<std::vector<PublishedAccount>> stored = account_rows(snapshot);
    if (!stored) return stored.error();
    for (const PublishedAccount& account : *stored)
        accounts_.load(account.id, account.key, account.state);
    return {};
}

Result<void> Journal::Memory::load_lane(Transaction& snapshot) {
    Sequence beyond = 0;
    const Result<void> looked =
        snapshot.query("SELECT max(sequence) FROM journal_entries WHERE sequence > $1",
                       {options_.entries_max},
                       [&beyond](const Row& row) { beyond = row.integer(0); });
    if (!looked) return looked;
    if (beyond != 0 && lane_of(beyond) == 0) {
        return Error(ErrorCode::integrity,
                     "the books have more entries than SQLite has room for: restore them into "
                     "PostgreSQL");
    }
    if (beyond != 0) {
        return Error(ErrorCode::integrity,
                     "several processes have posted to these books, each in a lane of its own, and "
                     "SQLite has one lane: restore them into PostgreSQL");
    }
    return snapshot.query(
        "SELECT last_sequence, last_hash, last_recorded_us FROM journal_lanes WHERE lane = $1",
        {lane_.lane},
        [this](const Row& row) {
            lane_.last = row.integer(0);
            const auto hash = row.bytes(1);
            std::copy_n(hash.begin(), std::min(hash.size(), lane_.hash.size()), lane_.hash.begin());
            lane_.recorded_us = row.integer(2);
            flushed_ = lane_.last;
        });
}

Result<void> Journal::Memory::load_id_runs(Transaction& snapshot) {
    Sequence next = 1;
    bool gap = false;
    const Result<void> read = snapshot.query(
        "SELECT first_sequence, fingerprints FROM journal_id_runs ORDER BY first_sequence",
        {},
        [&](const Row& row) {
            gap = gap || row.integer(0) != next;
            const std::span<const std::uint8_t> bytes = row.bytes(1);
            for (std::size_t at = 0; at + 8 <= bytes.size() && !gap; at += 8) {
                std::uint64_t id = 0;
                std::memcpy(&id, bytes.data() + at, sizeof id);
                published_.put_id(id, static_cast<std::uint32_t>(next++));
            }
        });
    if (!read) return read.error();
    if (gap) {
        return Error(ErrorCode::integrity,
                     "the index of ids has no run from entry " + std::to_string(next));
    }
    indexed_ = next - 1;
    return {};
}

Result<void> Journal::Memory::load_pendings(Transaction& snapshot) {
    std::optional<Error> broken;
    const Result<void> read = snapshot.query(
        "SELECT sequence, expires_us, remaining FROM journal_pendings WHERE state = 1"
        " ORDER BY sequence",
        {},
        [&](const Row& row) {
            Pending pending{.state = PendingState::open, .expires_us = row.integer(1)};
            const Result<void> sound = unpack_pending(row.bytes(2), pending);
            if (!sound) broken = sound.error();
            pendings_.load(row.integer(0), std::move(pending));
        });
    if (!read) return read.error();
    if (broken) return *broken;
    return {};
}

Result<void> Journal::Memory::load_tail(Transaction& snapshot) {
    return each_entry(
        snapshot, std::min(flushed_, indexed_), [this](const StoredEntry& entry) -> Result<bool> {
            if (entry.sequence > indexed_) {
                const std::uint64_t id = fingerprint(entry.id);
                published_.put_id(id, static_cast<std::uint32_t>(entry.sequence));
                fingerprints_.push_back(id);
            }
            if (entry.sequence > flushed_) {
                const Result<void> added = add_tail_entry(entry);
                if (!added) return added.error();
            }
            return true;
        });
}

Result<void> Journal::Memory::add_tail_entry(const StoredEntry& entry) {
    const auto broken = [&](const std::string& why) {
        return Error(
            ErrorCode::integrity,
            "entry " + std::to_string(entry.sequence) + ": " + why + "; `ledger verify` says more");
    };
    if (entry.sequence != lane_.last + 1) return broken("its predecessor is missing");
    for (const StoredLine& line : entry.lines) {
        const Index index = accounts_.find(line.account_id);
        if (index == AccountMemory::kNone) return broken("an account of it is missing");
        AccountState& state = accounts_.change(index);
        if (entry.type == EntryType::account_terms) {
            const Result<AccountTerms> terms = parse_terms(entry.reference);
            if (!terms) return broken("its terms can not be read");
            state.terms = to_bits(*terms);
        }
        const LineAdded added = add_line(state,
                                         {.sequence = entry.sequence,
                                          .type = entry.type,
                                          .minor_units = line.minor_units,
                                          .effective_us = to_microseconds(entry.effective),
                                          .recorded_us = to_microseconds(entry.recorded)});
        if (!added.fits || state.balance != line.balance) {
            return broken("the balance after it is not what its lines add up to");
        }
    }
    accounts_.keep();
    lane_.last = entry.sequence;
    lane_.hash = entry.hash;
    lane_.recorded_us = to_microseconds(entry.recorded);
    return {};
}

}  // namespace causeway::ledger
