// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/stored_entry.h"

#include "ledger/journal/packing.h"

#include <algorithm>

namespace causeway::ledger {
namespace {

constexpr std::uint8_t kVersion = 1;

bool names_pending(EntryType type) {
    return type == EntryType::post_pending || type == EntryType::void_pending ||
           type == EntryType::expire_pending;
}

Error broken(Sequence sequence) {
    return Error(ErrorCode::integrity,
                 "entry " + std::to_string(sequence) + ": its postings can not be read");
}

StoredLine read_line(Unpacker& bytes, Sequence sequence) {
    StoredLine line{};
    line.account_id = bytes.amount();
    line.minor_units = bytes.signed_number();
    const std::uint64_t previous = bytes.number();
    line.previous = previous == 0 ? 0 : sequence - unfold(previous - 1);
    line.balance.debits = bytes.amount();
    line.balance.credits = bytes.amount();
    line.balance.pending_debits = bytes.amount();
    line.balance.pending_credits = bytes.amount();
    return line;
}

}  // namespace

void pack_line(const StoredLine& line, Sequence sequence, std::vector<std::uint8_t>& out) {
    std::array<std::uint8_t, 7 * kPackedBytesMax> bytes;
    const std::uint64_t back = line.previous == 0 ? 0 : fold(sequence - line.previous) + 1;
    std::uint8_t* end = pack(static_cast<std::uint64_t>(line.account_id), bytes.data());
    end = pack(fold(line.minor_units), end);
    end = pack(back, end);
    end = pack(static_cast<std::uint64_t>(line.balance.debits), end);
    end = pack(static_cast<std::uint64_t>(line.balance.credits), end);
    end = pack(static_cast<std::uint64_t>(line.balance.pending_debits), end);
    end = pack(static_cast<std::uint64_t>(line.balance.pending_credits), end);
    out.insert(out.end(), bytes.data(), end);
}

void pack_postings_start(std::size_t line_count, std::vector<std::uint8_t>& out) {
    out.push_back(kVersion);
    pack(line_count, out);
}

void pack_postings_end(const PostingsEnd& end, std::vector<std::uint8_t>& out) {
    if (end.type == EntryType::pending)
        pack_signed(end.expires ? to_microseconds(*end.expires) : 0, out);
    if (names_pending(end.type) && end.pending) {
        out.insert(out.end(), end.pending->bytes.begin(), end.pending->bytes.end());
        pack(static_cast<std::uint64_t>(end.pending_sequence), out);
    }
}

void pack_postings(const StoredEntry& entry, std::vector<std::uint8_t>& out) {
    pack_postings_start(entry.lines.size(), out);
    for (const StoredLine& line : entry.lines)
        pack_line(line, entry.sequence, out);
    pack_postings_end({.type = entry.type,
                       .expires = entry.expires,
                       .pending = entry.pending,
                       .pending_sequence = entry.pending_sequence},
                      out);
}

Result<void> unpack_postings(std::span<const std::uint8_t> packed, StoredEntry& entry) {
    Unpacker bytes(packed);
    entry.lines.clear();
    entry.pending.reset();
    entry.pending_sequence = 0;
    entry.expires.reset();
    const auto version = bytes.take(1);
    if (version.empty() || version.front() != kVersion) return broken(entry.sequence);
    const std::uint64_t count = bytes.number();
    for (std::uint64_t i = 0; i < count && bytes.sound(); ++i)
        entry.lines.push_back(read_line(bytes, entry.sequence));
    if (entry.type == EntryType::pending) {
        const std::int64_t expires_us = bytes.signed_number();
        if (expires_us != 0) entry.expires = from_microseconds(expires_us);
    }
    if (names_pending(entry.type)) {
        const auto id = bytes.take(16);
        Uuid pending;
        std::ranges::copy(id, pending.bytes.begin());
        entry.pending = pending;
        entry.pending_sequence = bytes.amount();
    }
    if (!bytes.sound() || !bytes.at_end()) return broken(entry.sequence);
    return {};
}

Result<void> read_entry(const Row& row, StoredEntry& entry) {
    entry.sequence = row.integer(0);
    entry.id = row.uuid(1);
    const std::int64_t type = row.integer(2);
    if (type < 1 || type > static_cast<std::int64_t>(EntryType::account_terms)) {
        return Error(ErrorCode::integrity,
                     "entry " + std::to_string(entry.sequence) + ": there is no type " +
                         std::to_string(type));
    }
    entry.type = static_cast<EntryType>(type);
    entry.kind.assign(row.text(3));
    entry.reference.assign(row.text(4));
    entry.effective = row.moment(5);
    entry.recorded = row.moment(6);
    const std::span<const std::uint8_t> hash = row.bytes(8);
    if (hash.size() != entry.hash.size() || row.bytes(1).size() != entry.id.bytes.size()) {
        return Error(
            ErrorCode::integrity,
            "entry " + std::to_string(entry.sequence) + ": its id or its hash has a wrong length");
    }
    std::ranges::copy(hash, entry.hash.begin());
    return unpack_postings(row.bytes(7), entry);
}

Result<Entry> named(const StoredEntry& stored, const AccountNames& names) {
    Entry entry{.id = stored.id,
                .kind = stored.kind,
                .reference = stored.reference,
                .effective = stored.effective,
                .recorded = stored.recorded,
                .lines = {},
                .type = stored.type,
                .pending = stored.pending,
                .expires = stored.expires};
    entry.lines.reserve(stored.lines.size());
    for (const StoredLine& line : stored.lines) {
        const auto name = names.find(line.account_id);
        if (name == names.end()) {
            return Error(ErrorCode::integrity,
                         "entry " + std::to_string(stored.sequence) + ": there is no account " +
                             std::to_string(line.account_id));
        }
        entry.lines.push_back({.account = name->second, .minor_units = line.minor_units});
    }
    return entry;
}

}  // namespace causeway::ledger
