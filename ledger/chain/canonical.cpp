// SPDX-License-Identifier: Apache-2.0
#include "ledger/chain/canonical.h"

#include "ledger/chain/bytes.h"
#include "ledger/chain/hash.h"
#include "ledger/store/text.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

namespace causeway::ledger {
namespace {

constexpr std::string_view kMagic = "CWJE";
constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kHashSize = sizeof(ChainHash);
/// All fields of a header but its texts, type 3's sixteen bytes included.
constexpr std::size_t kHeaderSizeMax = 4 + 1 + 1 + 8 + 16 + 8 + 8 + 16 + 2 + 2 + 2;

bool names_pending(EntryType type) {
    return type == EntryType::post_pending || type == EntryType::void_pending ||
           type == EntryType::expire_pending;
}

std::uint8_t* put_bytes(std::uint8_t* out, const void* bytes, std::size_t count) noexcept {
    if (count != 0) std::memcpy(out, bytes, count);
    return out + count;
}

template <std::size_t count>
std::uint8_t* put_number(std::uint8_t* out, std::uint64_t value) noexcept {
    put_big_endian<count>(out, value);
    return out + count;
}

std::uint8_t* put_moment(std::uint8_t* out, Timestamp moment) noexcept {
    return put_number<8>(out, static_cast<std::uint64_t>(to_microseconds(moment)));
}

Error broken(std::string_view what) {
    return Error(ErrorCode::integrity, "canonical entry: " + std::string(what));
}

Result<Line> read_line(FieldReader& reader) {
    const std::string_view owner = reader.text(reader.unsigned_number<2>());
    const Result<Purpose> purpose = parse_purpose(reader.text(reader.unsigned_number<1>()));
    const Result<Currency> currency = Currency::from_code(reader.text(3));
    const std::int64_t minor_units = reader.number();
    if (reader.is_cut()) return broken("cut short in a line");
    if (owner.empty() || !is_storable(owner)) return broken("a line's owner");
    if (!purpose) return broken("a line's purpose");
    if (!currency) return broken("a line's currency");
    return Line{AccountKey{std::string(owner), *purpose, *currency}, minor_units};
}

}  // namespace

CanonicalHeader header_of(const Entry& entry, Sequence sequence) {
    return {.sequence = sequence,
            .type = entry.type,
            .id = entry.id,
            .kind = entry.kind,
            .reference = entry.reference,
            .effective = entry.effective,
            .recorded = entry.recorded,
            .expires = entry.expires,
            .pending = entry.pending};
}

CanonicalHeader header_of(const StoredEntry& entry) {
    return {.sequence = entry.sequence,
            .type = entry.type,
            .id = entry.id,
            .kind = entry.kind,
            .reference = entry.reference,
            .effective = entry.effective,
            .recorded = entry.recorded,
            .expires = entry.expires,
            .pending = entry.pending};
}

std::vector<std::uint8_t> canonical_account(const AccountKey& account) {
    const std::string_view purpose = to_string(account.purpose);
    const std::string_view currency = account.currency.code();
    std::vector<std::uint8_t> bytes;
    bytes.reserve(2 + account.owner.size() + 1 + purpose.size() + currency.size());
    append_big_endian<2>(bytes, account.owner.size());
    bytes.insert(bytes.end(), account.owner.begin(), account.owner.end());
    append_big_endian<1>(bytes, purpose.size());
    bytes.insert(bytes.end(), purpose.begin(), purpose.end());
    bytes.insert(bytes.end(), currency.begin(), currency.end());
    return bytes;
}

CanonicalAccount read_canonical_account(std::span<const std::uint8_t> bytes) noexcept {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes seen as text
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    const std::size_t owner = static_cast<std::size_t>(bytes[0]) * 256 + bytes[1];
    const std::size_t purpose = bytes[2 + owner];
    return {.owner = text.substr(2, owner),
            .purpose = text.substr(3 + owner, purpose),
            .currency = text.substr(3 + owner + purpose)};
}

AccountBytes account_bytes(const AccountNames& names) {
    AccountBytes bytes;
    bytes.reserve(names.size());
    for (const auto& [id, key] : names) {
        bytes.emplace(id, canonical_account(key));
    }
    return bytes;
}

CanonicalWriter::CanonicalWriter() : buffer_(1024) {}

void CanonicalWriter::make_room(std::size_t more) {
    const std::size_t wanted = used_ + more;
    if (wanted > buffer_.size()) buffer_.resize(std::max(wanted, buffer_.size() * 2));
}

void CanonicalWriter::begin(const CanonicalHeader& header) {
    used_ = kHashSize;
    line_count_ = 0;
    make_room(kHeaderSizeMax + header.kind.size() + header.reference.size());
    std::uint8_t* out = buffer_.data() + used_;
    out = put_bytes(out, kMagic.data(), kMagic.size());
    out = put_number<1>(out, kVersion);
    out = put_number<1>(out, static_cast<std::uint64_t>(header.type));
    out = put_number<8>(out, static_cast<std::uint64_t>(header.sequence));
    out = put_bytes(out, header.id.bytes.data(), header.id.bytes.size());
    out = put_moment(out, header.effective);
    out = put_moment(out, header.recorded);
    if (header.type == EntryType::pending) {
        out = put_moment(out, header.expires.value_or(Timestamp()));
    } else if (names_pending(header.type)) {
        const Uuid pending = header.pending.value_or(Uuid());
        out = put_bytes(out, pending.bytes.data(), pending.bytes.size());
    }
    out = put_number<2>(out, header.kind.size());
    out = put_bytes(out, header.kind.data(), header.kind.size());
    out = put_number<2>(out, header.reference.size());
    out = put_bytes(out, header.reference.data(), header.reference.size());
    count_at_ = static_cast<std::size_t>(out - buffer_.data());
    used_ = count_at_ + 2;
}

void CanonicalWriter::line(std::span<const std::uint8_t> account, std::int64_t minor_units) {
    make_room(account.size() + 8);
    std::uint8_t* const out = put_bytes(buffer_.data() + used_, account.data(), account.size());
    put_big_endian<8>(out, static_cast<std::uint64_t>(minor_units));
    used_ += account.size() + 8;
    ++line_count_;
}

Result<void> CanonicalWriter::write(const StoredEntry& entry, const AccountBytes& accounts) {
    begin(header_of(entry));
    for (const StoredLine& it : entry.lines) {
        const auto found = accounts.find(it.account_id);
        if (found == accounts.end()) {
            return Error(ErrorCode::integrity,
                         "entry " + std::to_string(entry.sequence) + " names the unknown account " +
                             std::to_string(it.account_id));
        }
        line(found->second, it.minor_units);
    }
    return {};
}

std::span<const std::uint8_t> CanonicalWriter::bytes() noexcept {
    put_big_endian<2>(buffer_.data() + count_at_, line_count_);
    return {buffer_.data() + kHashSize, used_ - kHashSize};
}

ChainHash CanonicalWriter::hash(const ChainHash& previous) noexcept {
    put_big_endian<2>(buffer_.data() + count_at_, line_count_);
    std::memcpy(buffer_.data(), previous.data(), kHashSize);
    return chain_hash(kEntryPersonal, {buffer_.data(), used_});
}

void append_canonical(const Entry& entry, Sequence sequence, std::vector<std::uint8_t>& out) {
    CanonicalWriter writer;
    writer.begin(header_of(entry, sequence));
    for (const Line& it : entry.lines) {
        writer.line(canonical_account(it.account), it.minor_units);
    }
    append_bytes(out, writer.bytes());
}

Result<CanonicalEntry> parse_canonical(std::span<const std::uint8_t> bytes) {
    FieldReader reader(bytes);
    if (reader.text(kMagic.size()) != kMagic) return broken("not one");
    if (reader.unsigned_number<1>() != kVersion) return broken("an unknown version");
    const std::uint64_t type = reader.unsigned_number<1>();
    if (type < 1 || type > 6) return broken("an unknown type");

    CanonicalEntry result{.sequence = reader.number(), .entry = {}};
    Entry& entry = result.entry;
    entry.type = static_cast<EntryType>(type);
    entry.id.bytes = reader.array<16>();
    entry.effective = from_microseconds(reader.number());
    entry.recorded = from_microseconds(reader.number());
    if (entry.type == EntryType::pending) {
        const std::int64_t expires_us = reader.number();
        if (expires_us != 0) entry.expires = from_microseconds(expires_us);
    } else if (names_pending(entry.type)) {
        entry.pending = Uuid{reader.array<16>()};
    }
    entry.kind = reader.text(reader.unsigned_number<2>());
    entry.reference = reader.text(reader.unsigned_number<2>());
    const std::uint64_t line_count = reader.unsigned_number<2>();
    if (reader.is_cut()) return broken("cut short");
    if (place_in_lane(result.sequence) < 1 || result.sequence < 0) return broken("its sequence");
    if (entry.kind.empty() || !is_storable(entry.kind)) return broken("its kind");
    if (!is_storable(entry.reference)) return broken("its reference");

    for (std::uint64_t i = 0; i < line_count; ++i) {
        Result<Line> line = read_line(reader);
        if (!line) return line.error();
        entry.lines.push_back(std::move(*line));
    }
    if (!reader.at_end()) return broken("bytes after its last line");
    return result;
}

ChainHash entry_hash(const ChainHash& previous, std::span<const std::uint8_t> canonical) {
    std::vector<std::uint8_t> bytes(previous.begin(), previous.end());
    append_bytes(bytes, canonical);
    return chain_hash(kEntryPersonal, bytes);
}

}  // namespace causeway::ledger
