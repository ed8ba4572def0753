// SPDX-License-Identifier: Apache-2.0
//
// What the journal asks of the database while a body runs: entries and pending entries that it
// does not hold in memory.
#include "ledger/journal/journal_memory.h"

#include <algorithm>
#include <utility>

namespace causeway::ledger {

// Where an id may stand that is not published yet: the batch in hand and the two before.
std::array<const JournalBatch*, 3> Journal::Memory::unpublished() const {
    return {now_, leaving_[0], leaving_[1]};
}

Result<std::optional<Posted>> Journal::Memory::replay(Transaction& body, const Entry& entry) {
    const auto judged = [&](const StoredEntry& stored) -> Result<std::optional<Posted>> {
        if (!same_content(entry, stored)) return refused(Refusal::id_reused, about(entry.id));
        return std::optional(Posted{.sequence = stored.sequence, .replayed = true});
    };
    for (const JournalBatch* const batch : unpublished()) {
        const Draft* const draft = batch == nullptr ? nullptr : batch->entries.find(entry.id);
        if (draft != nullptr) return judged(stored(batch->entries, *draft));
    }
    const Result<std::optional<Sequence>> sequence = find_sequence(body, entry.id);
    if (!sequence) return sequence.error();
    if (!*sequence) return std::optional<Posted>();
    const Result<StoredEntry> found = load_entry(body, **sequence);
    if (!found) return found.error();
    // On a shared engine the accounts of a replay need not be in memory yet.
    if (shared_) {
        for (const StoredLine& line : found->lines) {
            const Result<Index> index = place_by_id(body, line.account_id);
            if (!index) return index.error();
        }
    }
    return judged(*found);
}

Result<std::optional<Sequence>> Journal::Memory::find_sequence(Transaction& body, const Uuid& id) {
    for (const JournalBatch* const batch : unpublished()) {
        const Draft* const draft = batch == nullptr ? nullptr : batch->entries.find(id);
        if (draft != nullptr) return std::optional(draft->sequence);
    }
    Sequence found = 0;
    if (shared_) {
        if (!std::ranges::binary_search(absent_ids_, id)) {
            const Result<void> read =
                body.query("SELECT sequence FROM journal_entry_ids WHERE entry_id = $1",
                           {id},
                           [&](const Row& row) { found = row.integer(0); });
            if (!read) return read.error();
        }
    } else {
        // Fingerprints may collide: the row decides.
        for (const std::uint32_t place : published_.candidates(id)) {
            const Result<void> read =
                body.query("SELECT entry_id FROM journal_entries WHERE sequence = $1",
                           {std::int64_t{place}},
                           [&](const Row& row) {
                               if (row.uuid(0) == id) found = place;
                           });
            if (!read) return read.error();
        }
    }
    if (found == 0) return std::optional<Sequence>();
    return std::optional(found);
}

Result<Pending> Journal::Memory::find_pending(Transaction& body,
                                              Sequence sequence,
                                              const Uuid& id) {
    const Pending* const known = pendings_.find(sequence);
    if (known != nullptr) return *known;
    std::optional<Pending> found;
    std::optional<Error> broken;
    const Result<void> read = body.query(
        "SELECT state, expires_us, remaining FROM journal_pendings WHERE sequence = $1/*locked*/",
        {sequence},
        [&](const Row& row) {
            Pending pending{.state = static_cast<PendingState>(row.integer(0)),
                            .expires_us = row.integer(1)};
            const Result<void> sound = unpack_pending(row.bytes(2), pending);
            if (!sound) broken = sound.error();
            found = std::move(pending);
        });
    if (!read) return read.error();
    if (broken) return *broken;
    if (!found) return refused(Refusal::not_pending, about(id));
    return *std::move(found);
}

Result<std::vector<Sequence>> Journal::Memory::find_due(Transaction& body,
                                                        Timestamp now,
                                                        std::int64_t count_max) {
    std::vector<Sequence> known = pendings_.due(now, count_max);
    if (!shared_) return known;
    // What the batch has changed is not written yet: of these, memory alone knows.
    std::vector<std::pair<std::int64_t, Sequence>> due;
    for (const Sequence sequence : known)
        due.emplace_back(pendings_.find(sequence)->expires_us, sequence);
    const auto changed = static_cast<std::int64_t>(pendings_.touched().size());
    const std::int64_t limit = std::min(count_max, INT64_MAX - changed) + changed;
    const Result<void> read = body.query(
        "SELECT expires_us, sequence FROM journal_pendings"
        " WHERE state = 1 AND expires_us > 0 AND expires_us <= $1"
        " ORDER BY expires_us, sequence LIMIT $2",
        {now, limit},
        [&](const Row& row) {
            if (pendings_.find(row.integer(1)) == nullptr)
                due.emplace_back(row.integer(0), row.integer(1));
        });
    if (!read) return read.error();
    std::ranges::sort(due);
    if (static_cast<std::int64_t>(due.size()) > count_max)
        due.resize(static_cast<std::size_t>(count_max));
    std::vector<Sequence> sequences;
    for (const auto& [expires_us, sequence] : due)
        sequences.push_back(sequence);
    return sequences;
}

Result<AccountMemory::Index> Journal::Memory::place(Transaction& body, const AccountKey& key) {
    if (shared_) {
        Result<Index> known = shared_place(body, key);
        // One that was never used is as good as new: a refused entry has left it.
        if (known && accounts_.at(*known).state.line_count == 0) {
            const Result<void> fixed = check_fixed(body, key, false);
            if (!fixed) return fixed.error();
        }
        if (known || known.error().code() != ErrorCode::not_found) return known;
        const Result<void> opened = shared_open(body, key);
        if (!opened) return opened.error();
        return shared_place(body, key);
    }
    const Index known = accounts_.find(key);
    if (known != AccountMemory::kNone) return known;
    const Result<void> fixed = check_fixed(body, key, false);
    if (!fixed) return fixed.error();
    return accounts_.find_or_open(key, lane_.lane);
}

Result<AccountMemory::Index> Journal::Memory::place_by_id(Transaction& body,
                                                          std::int64_t account_id) {
    const Index known = accounts_.find(account_id);
    if (known != AccountMemory::kNone) {
        if (shared_) {
            const Result<void> locked = lock_account(body, known);
            if (!locked) return locked.error();
        }
        return known;
    }
    std::optional<Result<AccountKey>> key;
    const Result<void> read =
        body.query("SELECT owner, purpose, currency FROM journal_accounts WHERE account_id = $1",
                   {account_id},
                   [&](const Row& row) { key.emplace(account_key(row, 0)); });
    if (!read) return read.error();
    if (!key) {
        return Error(ErrorCode::integrity, "there is no account " + std::to_string(account_id));
    }
    if (!*key) return key->error();
    return shared_place(body, **key);
}

}  // namespace causeway::ledger
