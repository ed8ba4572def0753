// SPDX-License-Identifier: Apache-2.0
#include "connectors/pix/plain_text.h"

#include <array>
#include <cstdint>

namespace causeway::connectors::pix {
namespace {

// U+00C0 to U+00FF, and U+0100 to U+017F, one entry a code point.
constexpr std::array<std::string_view, 64> kLatin1 = {
    "A", "A", "A", "A", "A", "A", "AE", "C", "E", "E", "E", "E", "I", "I", "I",  "I",
    "D", "N", "O", "O", "O", "O", "O",  "x", "O", "U", "U", "U", "U", "Y", "Th", "ss",
    "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i",  "i",
    "d", "n", "o", "o", "o", "o", "o",  "/", "o", "u", "u", "u", "u", "y", "th", "y"};
constexpr std::string_view kLatinA =
    "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiIiJjKkkLlLlLlLlLlNnNnNnnNnOoOoOoOoRrRrRr"
    "SsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";
static_assert(kLatinA.size() == 128);

struct Decoded {
    std::uint32_t point;
    std::size_t size;
};

// Lenient: a byte that fits nowhere is taken by itself and becomes a space.
Decoded decode(std::string_view text) {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<std::uint32_t>(static_cast<unsigned char>(text[i]))
                               : 0U;
    };
    const std::uint32_t first = byte(0);
    if (first < 0x80U) return {first, 1};
    const bool second = (byte(1) & 0xC0U) == 0x80U;
    const bool third = second && (byte(2) & 0xC0U) == 0x80U;
    if (first >= 0xC2U && first < 0xE0U && second) {
        return {(first & 0x1FU) << 6U | (byte(1) & 0x3FU), 2};
    }
    if (first >= 0xE0U && first < 0xF0U && third) {
        return {(first & 0xFU) << 12U | (byte(1) & 0x3FU) << 6U | (byte(2) & 0x3FU), 3};
    }
    return {0, 1};
}

std::string_view plain(std::uint32_t point) {
    if (point >= 0xC0U && point <= 0xFFU) return kLatin1[point - 0xC0U];
    if (point >= 0x100U && point <= 0x17FU) return kLatinA.substr(point - 0x100U, 1);
    if (point == 0xAAU) return "a";  // Feminine and masculine ordinals, as in "1º".
    if (point == 0xBAU) return "o";
    if (point >= 0x2010U && point <= 0x2015U) return "-";
    if (point == 0x2018U || point == 0x2019U) return "'";
    if (point == 0x201CU || point == 0x201DU) return "\"";
    return " ";
}

}  // namespace

std::string plain_text(std::string_view utf8) {
    std::string text;
    const auto add = [&](char c) {
        const bool doubled = c == ' ' && (text.empty() || text.back() == ' ');
        if (!doubled) text += c;
    };
    while (!utf8.empty()) {
        const Decoded next = decode(utf8);
        if (next.point > 0x20U && next.point < 0x7FU) {
            add(static_cast<char>(next.point));
        } else {
            for (const char c : plain(next.point))
                add(c);
        }
        utf8.remove_prefix(next.size);
    }
    if (!text.empty() && text.back() == ' ') text.pop_back();
    return text;
}

std::string plain_text(std::string_view utf8, std::size_t characters_max) {
    std::string text = plain_text(utf8);
    if (text.size() > characters_max) text.resize(characters_max);
    if (!text.empty() && text.back() == ' ') text.pop_back();
    return text;
}

}  // namespace causeway::connectors::pix
