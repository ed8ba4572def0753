// SPDX-License-Identifier: Apache-2.0
#include "ledger/chain/verify/lane_rows.h"

#include <algorithm>
#include <optional>
#include <set>

namespace causeway::ledger::verifier {
namespace {

bool read_hash(std::span<const std::uint8_t> bytes, ChainHash& hash) {
    if (bytes.size() != hash.size()) return false;
    std::ranges::copy(bytes, hash.begin());
    return true;
}

// Leaps from lane to lane: `sql` finds the first row at or after $1.
Result<void> leap(Transaction& snapshot, std::string_view sql, std::set<std::int64_t>& lanes) {
    for (std::int64_t lane = 0; lane < kLanesEnd;) {
        std::optional<std::int64_t> found;
        const Result<void> read =
            snapshot.query(sql, {first_of_lane(lane) - 1}, [&](const Row& row) {
                if (row.holds(0, ColumnType::number)) found = lane_of(row.integer(0));
            });
        if (!read) return read.error();
        if (!found) break;
        // A damaged tree can lead a search back to where it came from.
        if (*found < lane)
            return Error(ErrorCode::storage, "a search finds rows that lie before it");
        lanes.insert(*found);
        lane = *found + 1;
    }
    return {};
}

}  // namespace

Result<std::vector<LaneRow>> read_lane_rows(Transaction& snapshot) {
    std::vector<LaneRow> rows;
    const Result<void> read = snapshot.query(
        "SELECT lane, last_sequence, last_hash, last_recorded_us, accounts FROM journal_lanes"
        " ORDER BY lane",
        {},
        [&](const Row& row) {
            LaneRow& taken = rows.emplace_back();
            taken.sound = row.holds(0, ColumnType::number) && row.holds(1, ColumnType::number) &&
                          row.holds(2, ColumnType::bytes) && row.holds(3, ColumnType::number) &&
                          row.holds(4, ColumnType::number);
            taken.lane = row.integer(0);
            taken.last_sequence = row.integer(1);
            taken.sound = read_hash(row.bytes(2), taken.hash) && taken.sound;
            taken.recorded_us = row.integer(3);
            taken.accounts = row.integer(4);
        });
    if (!read) return read.error();
    return rows;
}

Result<std::vector<std::int64_t>> all_lanes(Transaction& snapshot,
                                            const std::vector<LaneRow>& rows) {
    std::set<std::int64_t> lanes;
    for (const LaneRow& row : rows)
        lanes.insert(row.lane);
    Result<void> done =
        leap(snapshot, "SELECT min(sequence) FROM journal_entries WHERE sequence >= $1", lanes);
    if (done) {
        done = leap(
            snapshot, "SELECT min(sequence) FROM journal_pendings WHERE sequence >= $1", lanes);
    }
    if (done) {
        done = snapshot.query("SELECT DISTINCT lane FROM journal_heads", {}, [&](const Row& row) {
            lanes.insert(row.integer(0));
        });
    }
    if (!done) return done.error();
    return std::vector<std::int64_t>(lanes.lower_bound(0), lanes.lower_bound(kLanesEnd));
}

Result<void> check_tip(Transaction& snapshot,
                       const LaneTip& tip,
                       const std::string& which,
                       Findings& findings) {
    std::optional<ChainHash> found;
    const Result<void> read =
        snapshot.query("SELECT hash FROM journal_entries WHERE sequence = $1",
                       {tip.last_sequence},
                       [&](const Row& row) { (void)read_hash(row.bytes(0), found.emplace()); });
    if (!read) return read.error();
    if (!found) {
        findings.add("cut_tail",
                     which + " speaks of " + entry_at(tip.last_sequence) + ", which is not there");
    } else if (*found != tip.hash) {
        findings.add("head_differs",
                     which + " knows " + entry_at(tip.last_sequence) + " by another hash");
    }
    return {};
}

Result<Sequence> last_of_lane(Transaction& snapshot, std::int64_t lane) {
    Sequence last = 0;
    const Result<void> read = snapshot.query(
        "SELECT max(sequence) FROM journal_entries WHERE sequence >= $1 AND sequence < $2",
        {first_of_lane(lane) - 1, first_of_lane(lane + 1) - 1},
        [&](const Row& row) { last = row.integer(0); });
    if (!read) return read.error();
    return last;
}

}  // namespace causeway::ledger::verifier
