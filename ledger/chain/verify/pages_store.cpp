// SPDX-License-Identifier: Apache-2.0
#include "ledger/chain/verify/pages.h"

#include <algorithm>

namespace causeway::ledger::verifier {
namespace {

constexpr std::size_t kEntriesInPage = 512;
constexpr std::size_t kRowsInPage = 256;

// Grows when it has to and never shrinks: what a row has allocated is used again.
template <class RowType>
RowType& next_row(std::vector<RowType>& rows, std::size_t& count) {
    if (count == rows.size()) rows.emplace_back();
    return rows[count++];
}

bool has_entry_types(const Row& row) {
    constexpr auto kNumber = ColumnType::number;
    constexpr auto kText = ColumnType::text;
    constexpr auto kBytes = ColumnType::bytes;
    return row.holds(0, kNumber) && row.holds(1, kBytes) && row.holds(2, kNumber) &&
           row.holds(3, kText) && row.holds(4, kText) && row.holds(5, kNumber) &&
           row.holds(6, kNumber) && row.holds(7, kBytes) && row.holds(8, kBytes);
}

void take_entry(const Row& row, EntryRow& taken) {
    taken.broken.clear();
    const bool typed = has_entry_types(row);
    const Result<void> sound = read_entry(row, taken.entry);
    const std::span<const std::uint8_t> hash = row.bytes(8);
    taken.hashed = hash.size() == taken.entry.hash.size();
    if (taken.hashed) std::ranges::copy(hash, taken.entry.hash.begin());
    if (!sound) taken.broken = sound.error().detail();
    if (!typed) {
        taken.broken = "entry " + std::to_string(taken.entry.sequence) +
                       ": a column holds a value of another type";
    }
}

}  // namespace

Result<std::size_t> read_page(Transaction& snapshot,
                              const PageRange& range,
                              std::vector<EntryRow>& rows) {
    std::size_t count = 0;
    const Result<void> read =
        snapshot.query("SELECT " CAUSEWAY_ENTRY_COLUMNS
                       " FROM journal_entries WHERE sequence > $1 AND sequence <= $2"
                       " ORDER BY sequence LIMIT $3",
                       {range.after, range.last, static_cast<std::int64_t>(kEntriesInPage)},
                       [&](const Row& row) { take_entry(row, next_row(rows, count)); });
    if (!read) return read.error();
    return count;
}

Result<std::size_t> read_page(Transaction& snapshot,
                              const PageRange& range,
                              std::vector<PendingRow>& rows) {
    std::size_t count = 0;
    const Result<void> read = snapshot.query(
        "SELECT sequence, state, expires_us, remaining FROM journal_pendings"
        " WHERE sequence > $1 AND sequence <= $2 ORDER BY sequence LIMIT $3",
        {range.after, range.last, static_cast<std::int64_t>(kRowsInPage)},
        [&](const Row& row) {
            PendingRow& taken = next_row(rows, count);
            taken.sound = row.holds(0, ColumnType::number) && row.holds(1, ColumnType::number) &&
                          row.holds(2, ColumnType::number) && row.holds(3, ColumnType::bytes);
            taken.at = row.integer(0);
            taken.state = row.integer(1);
            taken.expires_us = row.integer(2);
            const auto remaining = row.bytes(3);
            taken.remaining.assign(remaining.begin(), remaining.end());
        });
    if (!read) return read.error();
    return count;
}

Result<std::size_t> read_page(Transaction& snapshot,
                              const PageRange& range,
                              std::vector<HeadRow>& rows) {
    std::size_t count = 0;
    const Result<void> read = snapshot.query(
        "SELECT last_sequence, body, signature FROM journal_heads"
        " WHERE lane = $1 AND last_sequence > $2 AND last_sequence <= $3"
        " ORDER BY last_sequence LIMIT $4",
        {lane_of(range.last), range.after, range.last, static_cast<std::int64_t>(kRowsInPage)},
        [&](const Row& row) {
            HeadRow& taken = next_row(rows, count);
            taken.last_sequence = row.integer(0);
            const auto body = row.bytes(1);
            const auto signature = row.bytes(2);
            taken.sound = row.holds(0, ColumnType::number) && row.holds(1, ColumnType::bytes) &&
                          row.holds(2, ColumnType::bytes) &&
                          signature.size() == taken.head.signature.size();
            taken.head.body.assign(body.begin(), body.end());
            taken.head.signature.fill(0);
            std::copy_n(signature.begin(),
                        std::min(signature.size(), taken.head.signature.size()),
                        taken.head.signature.begin());
        });
    if (!read) return read.error();
    return count;
}

}  // namespace causeway::ledger::verifier
