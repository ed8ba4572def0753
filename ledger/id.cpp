// SPDX-License-Identifier: Apache-2.0
#include "ledger/id.h"

#include <algorithm>

namespace causeway {
namespace {

// All the bits of an id at once; g++ and clang both have it.
__extension__ using UnsignedInt128 = unsigned __int128;

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kTextLength = 26;
constexpr std::uint64_t kRandA = 0x0FFF;            // 12 bits after the version
constexpr std::uint64_t kRandB = (1ULL << 62) - 1;  // 62 bits after the variant

void put(std::array<std::uint8_t, 16>& bytes,
         std::size_t first,
         std::size_t last,
         std::uint64_t v) {
    for (std::size_t i = last; i-- > first; v >>= 8U)
        bytes[i] = static_cast<std::uint8_t>(v & 0xFFU);
}

Uuid assemble(std::int64_t milliseconds, std::uint64_t rand_a, std::uint64_t rand_b) {
    Uuid id;
    put(id.bytes, 0, 6, static_cast<std::uint64_t>(milliseconds));
    put(id.bytes, 6, 8, 0x7000U | rand_a);
    put(id.bytes, 8, 16, (1ULL << 63U) | rand_b);
    return id;
}

}  // namespace

Uuid IdSource::next() {
    const std::int64_t now_ms = to_microseconds(clock_.now()) / 1000;
    const std::lock_guard lock(mutex_);
    if (now_ms > last_ms_) {
        last_ms_ = now_ms;
        std::array<std::uint8_t, 8> random{};
        entropy_.fill(random);
        last_tail_ = 0;
        for (const std::uint8_t byte : random)
            last_tail_ = (last_tail_ << 8U) | byte;
        last_tail_ >>= 1U;  // room to count up without wrapping
    } else {
        // A step of random size keeps the next id hard to guess and the order strict.
        std::array<std::uint8_t, 4> random{};
        entropy_.fill(random);
        std::uint64_t step = 1;
        for (const std::uint8_t byte : random)
            step = (step << 8U) | byte;
        last_tail_ += step;
    }
    // 12 bits before the variant, 52 after it; the last ten are fresh each time.
    std::array<std::uint8_t, 2> low{};
    entropy_.fill(low);
    const std::uint64_t fresh = ((static_cast<std::uint64_t>(low[0]) << 8U) | low[1]) & 0x3FFU;
    const std::uint64_t rand_b = (((last_tail_ & ((1ULL << 52U) - 1)) << 10U) | fresh) & kRandB;
    return assemble(last_ms_, (last_tail_ >> 52U) & kRandA, rand_b);
}

std::string to_text(const Uuid& id) {
    // 128 bits in 26 groups of five; the first group holds the top three.
    std::string text(kTextLength, '0');
    UnsignedInt128 number = 0;
    for (const std::uint8_t byte : id.bytes)
        number = (number << 8U) | byte;
    for (std::size_t i = kTextLength; i-- > 0; number >>= 5U)
        text[i] = kAlphabet[static_cast<std::size_t>(number & 31U)];
    return text;
}

std::string to_text(std::string_view prefix, const Uuid& id) {
    std::string text(prefix);
    text += '_';
    text += to_text(id);
    return text;
}

Result<Uuid> parse_id(std::string_view text) {
    const Error wrong(ErrorCode::invalid_argument, "not an id");
    if (text.size() != kTextLength || text.front() > '7') return wrong;
    UnsignedInt128 number = 0;
    for (const char letter : text) {
        const std::size_t value = kAlphabet.find(letter);
        if (value == std::string_view::npos) return wrong;
        number = (number << 5U) | value;
    }
    Uuid id;
    for (std::size_t i = id.bytes.size(); i-- > 0; number >>= 8U)
        id.bytes[i] = static_cast<std::uint8_t>(number & 0xFFU);
    return id;
}

Result<Uuid> parse_id(std::string_view prefix, std::string_view text) {
    if (!text.starts_with(prefix) || text.substr(prefix.size(), 1) != "_") {
        return Error(ErrorCode::invalid_argument, "not an id of the kind " + std::string(prefix));
    }
    return parse_id(text.substr(prefix.size() + 1));
}

std::string to_rfc9562(const Uuid& id) {
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string text;
    for (std::size_t i = 0; i < id.bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
        text += kHex[id.bytes[i] >> 4U];
        text += kHex[id.bytes[i] & 15U];
    }
    return text;
}

Timestamp time_of(const Uuid& id) noexcept {
    std::int64_t milliseconds = 0;
    for (std::size_t i = 0; i < 6; ++i)
        milliseconds = (milliseconds << 8) | id.bytes[i];
    return Timestamp(std::chrono::milliseconds(milliseconds));
}

Result<Uuid> uuid_from_bytes(std::span<const std::uint8_t> bytes) {
    Uuid id;
    if (bytes.size() != id.bytes.size()) {
        return Error(ErrorCode::invalid_argument, "an id has 16 bytes");
    }
    std::ranges::copy(bytes, id.bytes.begin());
    return id;
}

}  // namespace causeway
