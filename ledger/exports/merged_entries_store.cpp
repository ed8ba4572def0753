// SPDX-License-Identifier: Apache-2.0
#include "ledger/exports/merged_entries.h"

#include <optional>
#include <tuple>

namespace causeway::ledger {
namespace {

constexpr std::size_t kPage = 512;  // entries

Error missing(Sequence sequence) {
    return Error(ErrorCode::integrity,
                 "entry " + std::to_string(sequence) + " is missing; run ledger verify");
}

// 0 when there is none.
Result<Sequence> lone_sequence(Transaction& snapshot, std::string_view sql, Sequence bound) {
    Sequence found = 0;
    const Result<void> read =
        snapshot.query(sql, {bound}, [&found](const Row& row) { found = row.integer(0); });
    if (!read) return read.error();
    return found;
}

}  // namespace

Result<MergedEntries> MergedEntries::open(Transaction& snapshot) {
    MergedEntries merged;
    Sequence behind = 0;
    while (true) {
        const Result<Sequence> first = lone_sequence(
            snapshot, "SELECT min(sequence) FROM journal_entries WHERE sequence > $1", behind);
        if (!first) return first.error();
        if (*first == 0) return merged;
        // A damaged tree can lead a search back to where it came from.
        if (*first <= behind) {
            return Error(ErrorCode::storage, "a search for entries finds what lies before it");
        }
        const std::int64_t lane = lane_of(*first);
        behind = first_of_lane(lane + 1) - 1;
        const Result<Sequence> last = lone_sequence(
            snapshot, "SELECT max(sequence) FROM journal_entries WHERE sequence <= $1", behind);
        if (!last) return last.error();
        merged.lanes_.push_back({.next = first_of_lane(lane), .last = *last, .page = {}});
    }
}

Result<void> MergedEntries::refill(Transaction& snapshot, Lane& lane) {
    lane.page.resize(kPage);
    lane.at = 0;
    lane.count = 0;
    std::optional<Error> broken;
    const Result<void> read =
        snapshot.query("SELECT " CAUSEWAY_ENTRY_COLUMNS
                       " FROM journal_entries WHERE sequence >= $1 AND sequence <= $2"
                       " ORDER BY sequence LIMIT $3",
                       {lane.next, lane.last, static_cast<std::int64_t>(kPage)},
                       [&](const Row& row) {
                           if (broken) return;
                           StoredEntry& entry = lane.page[lane.count];
                           const Result<void> sound = read_entry(row, entry);
                           if (!sound) {
                               broken = sound.error();
                           } else if (entry.sequence != lane.next) {
                               broken = missing(lane.next);
                           } else {
                               ++lane.count;
                               ++lane.next;
                           }
                       });
    if (!read) return read.error();
    if (broken) return *broken;
    if (lane.count == 0) return missing(lane.next);
    return {};
}

Result<const StoredEntry*> MergedEntries::front(Transaction& snapshot) {
    const StoredEntry* found = nullptr;
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
        Lane& lane = lanes_[i];
        if (lane.at == lane.count) {
            if (lane.next > lane.last) continue;
            const Result<void> read = refill(snapshot, lane);
            if (!read) return read.error();
        }
        const StoredEntry& entry = lane.page[lane.at];
        if (found == nullptr ||
            std::tie(entry.recorded, entry.sequence) < std::tie(found->recorded, found->sequence)) {
            found = &entry;
            front_ = i;
        }
    }
    return found;
}

}  // namespace causeway::ledger
