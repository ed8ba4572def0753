// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/pending_memory.h"

#include "ledger/journal/packing.h"

#include <algorithm>

namespace causeway::ledger {

std::vector<std::uint8_t> pack_pending(const Pending& pending) {
    std::vector<std::uint8_t> bytes(pending.id.bytes.begin(), pending.id.bytes.end());
    pack(pending.parts.size(), bytes);
    for (const PendingPart& part : pending.parts) {
        pack(static_cast<std::uint64_t>(part.account_id), bytes);
        pack_signed(part.remaining, bytes);
    }
    return bytes;
}

Result<void> unpack_pending(std::span<const std::uint8_t> packed, Pending& pending) {
    Unpacker bytes(packed);
    std::ranges::copy(bytes.take(pending.id.bytes.size()), pending.id.bytes.begin());
    const std::uint64_t count = bytes.number();
    pending.parts.clear();
    for (std::uint64_t i = 0; i < count && bytes.sound(); ++i) {
        const std::int64_t account_id = bytes.amount();
        pending.parts.push_back({.account_id = account_id, .remaining = bytes.signed_number()});
    }
    if (bytes.sound() && bytes.at_end()) return {};
    return Error(ErrorCode::integrity, "what remains of a pending entry can not be read");
}

bool take_from(Pending& pending, std::int64_t account_id, std::int64_t minor_units) {
    const auto on_side = [&](const PendingPart& part) {
        return part.account_id == account_id && (part.remaining > 0) == (minor_units > 0) &&
               part.remaining != 0;
    };
    // An account may stand there twice, so the sum decides. Of one sign and each within the sums
    // of an account's pending amounts, they can not overflow.
    std::int64_t remaining = 0;
    for (const PendingPart& part : pending.parts)
        remaining += on_side(part) ? part.remaining : 0;
    if (minor_units > 0 ? minor_units > remaining : minor_units < remaining) return false;
    std::int64_t missing = minor_units;
    for (PendingPart& part : pending.parts) {
        if (!on_side(part) || missing == 0) continue;
        const std::int64_t taken =
            missing > 0 ? std::min(missing, part.remaining) : std::max(missing, part.remaining);
        part.remaining -= taken;
        missing -= taken;
    }
    return true;
}

bool nothing_remains(const Pending& pending) {
    return std::ranges::all_of(pending.parts,
                               [](const PendingPart& part) { return part.remaining == 0; });
}

void PendingMemory::load(Sequence sequence, Pending pending) {
    set(sequence, std::move(pending));
}

const Pending* PendingMemory::find(Sequence sequence) const {
    const auto found = all_.find(sequence);
    return found == all_.end() ? nullptr : &found->second;
}

void PendingMemory::put(Sequence sequence, Pending pending) {
    const Pending* const before = find(sequence);
    undo_.emplace_back(sequence, before == nullptr ? std::nullopt : std::optional(*before));
    touched_.insert(sequence);
    set(sequence, std::move(pending));
}

void PendingMemory::revert(Mark mark) {
    while (undo_.size() > mark) {
        // It stays among the touched; those that are gone are not written.
        if (!undo_.back().second) touched_.erase(undo_.back().first);
        set(undo_.back().first, std::move(undo_.back().second));
        undo_.pop_back();
    }
}

void PendingMemory::end_batch(bool everything) {
    for (const Sequence sequence : touched_) {
        const Pending* const pending = find(sequence);
        if (pending != nullptr && pending->state != PendingState::open) set(sequence, std::nullopt);
    }
    touched_.clear();
    if (!everything) return;
    all_.clear();
    expiring_.clear();
}

std::vector<Sequence> PendingMemory::due(Timestamp now, std::int64_t count_max) const {
    std::vector<Sequence> found;
    for (const auto& [expires_us, sequence] : expiring_) {
        if (expires_us > to_microseconds(now)) break;
        if (static_cast<std::int64_t>(found.size()) >= count_max) break;
        found.push_back(sequence);
    }
    return found;
}

void PendingMemory::set(Sequence sequence, std::optional<Pending> pending) {
    const auto place = all_.find(sequence);
    if (place != all_.end()) {
        expiring_.erase({place->second.expires_us, sequence});
        if (!pending) {
            all_.erase(place);
            return;
        }
        place->second = *std::move(pending);
    } else if (pending) {
        all_.emplace(sequence, *std::move(pending));
    } else {
        return;
    }
    const Pending& now = all_.find(sequence)->second;
    if (now.state == PendingState::open && now.expires_us != 0)
        expiring_.insert({now.expires_us, sequence});
}

}  // namespace causeway::ledger
