// SPDX-License-Identifier: Apache-2.0
#include "ledger/chain/verify/pending_book.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace causeway::ledger::verifier {
namespace {

PendingState state_after(EntryType type) {
    switch (type) {
        case EntryType::void_pending: return PendingState::voided;
        case EntryType::expire_pending: return PendingState::expired;
        default: return PendingState::posted;
    }
}

}  // namespace

// Amounts of one account on one side are added up later: they must not overflow.
bool PendingBook::fits(const StoredEntry& entry) {
    Int128 all = 0;
    for (const StoredLine& line : entry.lines)
        all += line.minor_units < 0 ? -Int128{line.minor_units} : Int128{line.minor_units};
    if (all <= INT64_MAX) return true;
    for (const StoredLine& line : entry.lines) {
        Int128 same = 0;
        for (const StoredLine& other : entry.lines) {
            if (other.account_id == line.account_id &&
                (other.minor_units < 0) == (line.minor_units < 0)) {
                same += other.minor_units;
            }
        }
        if (same > INT64_MAX || same < -INT64_MAX) return false;
    }
    return true;
}

void PendingBook::open(const StoredEntry& entry, std::optional<PendingRow> claim) {
    if (!claim) {
        findings_.add("pending_missing", name_of(entry) + " has no row in journal_pendings");
    }
    if (!fits(entry)) {
        findings_.add("balance_overflow", name_of(entry) + ": its lines do not fit an account");
        return;
    }
    OpenPending open{.pending = {.id = entry.id,
                                 .state = PendingState::open,
                                 .expires_us = entry.expires ? to_microseconds(*entry.expires) : 0,
                                 .parts = {}},
                     .claim = std::move(claim)};
    for (const StoredLine& line : entry.lines)
        open.pending.parts.push_back(
            {.account_id = line.account_id, .remaining = line.minor_units});
    open_.insert_or_assign(entry.sequence, std::move(open));
}

void PendingBook::resolve(const StoredEntry& entry) {
    const auto found = open_.find(entry.pending_sequence);
    if (found == open_.end() || found->second.pending.id != entry.pending) {
        findings_.add("pending_unknown",
                      name_of(entry) + " is about " + entry_at(entry.pending_sequence) +
                          ", which is no open pending entry of that id");
        return;
    }
    Pending& pending = found->second.pending;
    check_times(entry, pending);
    for (const StoredLine& line : entry.lines) {
        if (take_from(pending, line.account_id, line.minor_units)) continue;
        findings_.add("pending_exceeded",
                      name_of(entry) + " takes " + std::to_string(line.minor_units) +
                          " of account " + std::to_string(line.account_id) + " from " +
                          entry_at(entry.pending_sequence) + ", where less remains");
    }
    const bool over = nothing_remains(pending);
    if (!over && entry.type != EntryType::post_pending) {
        findings_.add("pending_not_released",
                      name_of(entry) + " leaves something of " + entry_at(entry.pending_sequence));
    }
    if (!over && entry.type == EntryType::post_pending) return;
    pending.state = state_after(entry.type);
    check_claim(found->first, found->second);
    open_.erase(found);
}

void PendingBook::check_times(const StoredEntry& entry, const Pending& pending) {
    const bool late =
        pending.expires_us != 0 && to_microseconds(entry.recorded) >= pending.expires_us;
    if (entry.type == EntryType::post_pending && late) {
        findings_.add(
            "pending_expired",
            name_of(entry) + " posts " + entry_at(entry.pending_sequence) + " after its time");
    }
    if (entry.type == EntryType::expire_pending && !late) {
        findings_.add(
            "expired_early",
            name_of(entry) + " ends " + entry_at(entry.pending_sequence) + " before its time");
    }
}

void PendingBook::check_claim(Sequence sequence, const OpenPending& open) {
    if (!open.claim) return;  // reported when it was opened
    const PendingRow& claim = *open.claim;
    const auto differs = [&](std::string_view what) {
        findings_.add("pending_differs",
                      entry_at(sequence) + " (" + to_text("je", open.pending.id) +
                          "): its row in journal_pendings says otherwise of " + std::string(what));
    };
    if (!claim.sound) return differs("its types");
    if (claim.state != static_cast<std::int64_t>(open.pending.state)) differs("its state");
    if (claim.expires_us != open.pending.expires_us) differs("when it expires");
    if (claim.remaining != pack_pending(open.pending)) differs("what remains");
}

void PendingBook::finish() {
    std::vector<Sequence> order;
    order.reserve(open_.size());
    for (const auto& [sequence, open] : open_)
        order.push_back(sequence);
    std::ranges::sort(order);
    for (const Sequence sequence : order)
        check_claim(sequence, open_.at(sequence));
    open_.clear();
}

}  // namespace causeway::ledger::verifier
