// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/cnab/text.h"

#include <algorithm>
#include <cstdint>

namespace causeway::connectors::cnab {
namespace {

struct Decoded {
    std::uint32_t character;
    std::size_t bytes;
    bool utf8;
};

bool is_continuation(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

// The character at the front, and whether it was well-formed UTF-8; else one ISO 8859-1 byte.
// Overlong forms pass: they are only ever written as '?' or as the letter they stand for.
Decoded decode_front(std::string_view text) {
    const auto lead = static_cast<unsigned char>(text.front());
    if (lead < 0x80) return {lead, 1, true};
    std::size_t bytes = 0;
    if (lead >= 0xC2 && lead < 0xE0) bytes = 2;
    if (lead >= 0xE0 && lead < 0xF0) bytes = 3;
    if (lead >= 0xF0 && lead < 0xF5) bytes = 4;
    if (bytes == 0 || text.size() < bytes) return {lead, 1, false};
    std::uint32_t character = lead & (0xFFU >> (bytes + 1));
    for (std::size_t i = 1; i < bytes; ++i) {
        if (!is_continuation(text[i])) return {lead, 1, false};
        character = character << 6U | (static_cast<unsigned char>(text[i]) & 0x3FU);
    }
    return {character, bytes, true};
}

// The letters of ISO 8859-1 from À (0xC0) on, upper case; '?' where there is none.
constexpr std::string_view kLetters =
    "AAAAAA?CEEEEIIII?NOOOOO?OUUUUY??"
    "AAAAAA?CEEEEIIII?NOOOOO?OUUUUY?Y";

std::string_view spelt_out(std::uint32_t character) {
    switch (character) {
        case 0xC6:
        case 0xE6: return "AE";
        case 0xDF: return "SS";
        case 0x152:
        case 0x153: return "OE";
        case 0xAA: return "A";  // ª
        case 0xBA: return "O";  // º
        case 0xA0: return " ";
        case 0x2010:
        case 0x2011:
        case 0x2013:
        case 0x2014: return "-";
        case 0x2018:
        case 0x2019: return "'";
        default: return "";
    }
}

void append_character(std::string& out, std::uint32_t character) {
    if (const auto letters = spelt_out(character); !letters.empty()) {
        out += letters;
    } else if (character >= 'a' && character <= 'z') {
        out += static_cast<char>(character - 'a' + 'A');
    } else if (character >= 0x20 && character < 0x7F) {
        out += static_cast<char>(character);
    } else if (character >= 0xC0 && character <= 0xFF) {
        out += kLetters[character - 0xC0];
    } else if (character < 0x300 || character >= 0x370) {
        out += '?';
    }
    // Else a combining accent, which the letter in front of it does without.
}

}  // namespace

std::string to_cnab(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const Decoded front = decode_front(text);
        append_character(out, front.character);
        text.remove_prefix(front.bytes);
    }
    return out;
}

std::string from_latin1(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size());
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            out += c;
        } else {
            out += static_cast<char>(0xC0U | byte >> 6U);
            out += static_cast<char>(0x80U | (byte & 0x3FU));
        }
    }
    return out;
}

bool is_printable_ascii(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

bool has_control_characters(std::string_view bytes) noexcept {
    return std::any_of(bytes.begin(), bytes.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || (byte >= 0x7F && byte < 0xA0);
    });
}

bool is_reencoded(std::string_view line, int length) noexcept {
    const std::size_t bytes = line.size();
    int characters = 0;
    while (!line.empty()) {
        const Decoded front = decode_front(line);
        if (!front.utf8) return false;
        line.remove_prefix(front.bytes);
        ++characters;
    }
    return characters == length && bytes > static_cast<std::size_t>(length);
}

std::string_view trimmed(std::string_view text) noexcept {
    const auto first = text.find_first_not_of(' ');
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::string_view without_leading_zeros(std::string_view text) noexcept {
    const auto first = text.find_first_not_of('0');
    return first == std::string_view::npos ? std::string_view{} : text.substr(first);
}

bool is_digits(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace causeway::connectors::cnab
