// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/printable.h"

#include <algorithm>
#include <cstdint>

namespace causeway::connectors::boleto {
namespace {

struct Character {
    std::uint32_t code = 0;
    std::size_t size = 0;  // Zero: not UTF-8.
};

struct Lead {
    std::uint32_t mask;
    std::uint32_t mark;
    std::size_t size;
    std::uint32_t least;  // Shorter forms of smaller codes are not UTF-8.
};
constexpr Lead kLeads[]{
    {0x80, 0x00, 1, 0}, {0xe0, 0xc0, 2, 0x80}, {0xf0, 0xe0, 3, 0x800}, {0xf8, 0xf0, 4, 0x10000}};

Character first_character(std::string_view text) noexcept {
    const std::uint32_t first = static_cast<unsigned char>(text.front());
    for (const Lead& lead : kLeads) {
        if ((first & lead.mask) != lead.mark) continue;
        if (text.size() < lead.size) return {};
        std::uint32_t code = first & ~lead.mask;
        for (std::size_t i = 1; i < lead.size; ++i) {
            const std::uint32_t next = static_cast<unsigned char>(text[i]);
            if ((next & 0xc0U) != 0x80U) return {};
            code = code << 6U | (next & 0x3fU);
        }
        const bool surrogate = code >= 0xd800 && code <= 0xdfff;
        if (code < lead.least || code > 0x10ffff || surrogate) return {};
        return {.code = code, .size = lead.size};
    }
    return {};
}

bool is_control(std::uint32_t code) noexcept {
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x2028 || code == 0x2029;
}

bool turns_direction(std::uint32_t code) noexcept {
    return (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

}  // namespace

std::string printable(std::string_view text) {
    std::string clean;
    while (!text.empty()) {
        const Character character = first_character(text);
        if (character.size == 0) {
            clean += '?';
        } else if (is_control(character.code)) {
            clean += ' ';
        } else if (!turns_direction(character.code)) {
            clean += text.substr(0, character.size);
        }
        text.remove_prefix(std::max<std::size_t>(character.size, 1));
    }
    return clean;
}

std::size_t characters_of(std::string_view text) noexcept {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) {
        return (static_cast<unsigned char>(byte) & 0xc0U) != 0x80U;
    }));
}

}  // namespace causeway::connectors::boleto
