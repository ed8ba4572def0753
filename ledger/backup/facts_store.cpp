// SPDX-License-Identifier: Apache-2.0
#include "ledger/backup/facts.h"

#include <algorithm>

namespace causeway::ledger {
namespace {

// The last entry at or before `end`; a tip with the sequence 0 when there is none.
Result<LaneTip> last_entry(Transaction& snapshot, Sequence end) {
    LaneTip tip{.lane = 0, .last_sequence = 0, .hash = {}};
    const Result<void> read = snapshot.query(
        "SELECT sequence, hash FROM journal_entries WHERE sequence <= $1"
        " ORDER BY sequence DESC LIMIT 1",
        {end},
        [&tip](const Row& row) {
            tip.lane = lane_of(row.integer(0));
            tip.last_sequence = row.integer(0);
            const std::span<const std::uint8_t> hash = row.bytes(1);
            std::copy_n(hash.begin(), std::min(hash.size(), tip.hash.size()), tip.hash.begin());
        });
    if (!read) return read.error();
    return tip;
}

Result<std::int64_t> schema_version(Transaction& snapshot) {
    std::int64_t version = 0;
    const Result<void> read =
        snapshot.query("SELECT max(version) FROM schema_version", {}, [&version](const Row& row) {
            version = row.integer(0);
        });
    if (!read) return read.error();
    return version;
}

}  // namespace

Result<Origin> origin_of(Transaction& snapshot, std::int64_t known) {
    Origin origin;
    const Result<std::int64_t> version = schema_version(snapshot);
    if (!version) return version.error();
    origin.schema_version = *version;
    if (*version != known) return origin;
    bool ids = false;
    Result<void> read = snapshot.query(
        "SELECT 1 FROM journal_entry_ids LIMIT 1", {}, [&ids](const Row&) { ids = true; });
    if (!read) return read.error();
    bool opened = false;
    read = snapshot.query(
        "SELECT count(*), sum(accounts) FROM journal_lanes", {}, [&](const Row& row) {
            origin.lanes = row.integer(0);
            opened = row.integer(1) > 0;
        });
    if (!read) return read.error();
    // SQLite keeps no ids and counts no accounts there.
    origin.shared = ids || opened;
    return origin;
}

Result<CopyReport> facts_of(Transaction& snapshot, bool shared) {
    const Result<std::int64_t> version = schema_version(snapshot);
    if (!version) return version.error();
    Result<VerifyReport> verified = verify(snapshot, {.shared = shared});
    if (!verified) return verified.error();
    CopyReport report{.bytes = 0,
                      .schema_version = *version,
                      .shared = shared,
                      .verified = *std::move(verified),
                      .tips = {}};
    for (Sequence end = INT64_MAX; end > 0;) {
        const Result<LaneTip> tip = last_entry(snapshot, end);
        if (!tip) return tip.error();
        if (tip->last_sequence == 0) break;
        report.tips.push_back(*tip);
        end = first_of_lane(tip->lane) - 1;
    }
    std::ranges::reverse(report.tips);
    return report;
}

}  // namespace causeway::ledger
