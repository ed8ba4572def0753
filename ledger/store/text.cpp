// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/text.h"

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace causeway::ledger {
namespace {

// How a character that starts with `lead` goes on, and what its second byte may be.
struct Shape {
    std::size_t length;
    std::uint8_t second_min;
    std::uint8_t second_max;
};

Shape shape_of(std::uint8_t lead) {
    if (lead >= 0xC2 && lead <= 0xDF) return {2, 0x80, 0xBF};
    if (lead == 0xE0) return {3, 0xA0, 0xBF};
    if (lead == 0xED) return {3, 0x80, 0x9F};
    if (lead >= 0xE1 && lead <= 0xEF) return {3, 0x80, 0xBF};
    if (lead == 0xF0) return {4, 0x90, 0xBF};
    if (lead >= 0xF1 && lead <= 0xF3) return {4, 0x80, 0xBF};
    if (lead == 0xF4) return {4, 0x80, 0x8F};
    return {0, 0, 0};
}

// Eight bytes at once, all of them ASCII and none of them NUL: nearly every text is so.
bool is_plain_word(const char* at) {
    constexpr std::uint64_t kHigh = 0x8080808080808080ULL;
    constexpr std::uint64_t kOnes = 0x0101010101010101ULL;
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    // Below 0x80, taking one from a byte sets its high bit only when the byte is zero.
    return ((word | (word - kOnes)) & kHigh) == 0;
}

}  // namespace

bool is_storable(std::string_view text) noexcept {
    for (std::size_t at = 0; at < text.size();) {
        if (text.size() - at >= 8 && is_plain_word(text.data() + at)) {
            at += 8;
            continue;
        }
        const auto lead = static_cast<std::uint8_t>(text[at]);
        if (lead == 0) return false;
        if (lead < 0x80) {
            ++at;
            continue;
        }
        const Shape shape = shape_of(lead);
        if (shape.length == 0 || text.size() - at < shape.length) return false;
        const auto second = static_cast<std::uint8_t>(text[at + 1]);
        if (second < shape.second_min || second > shape.second_max) return false;
        for (std::size_t i = 2; i < shape.length; ++i) {
            if ((static_cast<std::uint8_t>(text[at + i]) & 0xC0U) != 0x80U) return false;
        }
        at += shape.length;
    }
    return true;
}

}  // namespace causeway::ledger
