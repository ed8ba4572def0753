// SPDX-License-Identifier: Apache-2.0
#include "connectors/pix/tlv.h"

#include <algorithm>
#include <optional>

namespace causeway::connectors::pix {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool continues(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

// How many bytes the character has that begins with this one; 0 when none begins so.
std::size_t sequence_size(char first) {
    const auto byte = static_cast<unsigned char>(first);
    if (byte < 0x80U) return 1;
    if (byte >= 0xC2U && byte <= 0xDFU) return 2;
    if (byte >= 0xE0U && byte <= 0xEFU) return 3;
    if (byte >= 0xF0U && byte <= 0xF4U) return 4;
    return 0;
}

// Where `count` characters end that begin at `from`; nothing when the text is cut or not UTF-8.
std::optional<std::size_t> skip(std::string_view text, std::size_t from, std::size_t count) {
    std::size_t at = from;
    for (std::size_t i = 0; i < count; ++i) {
        if (at >= text.size()) return std::nullopt;
        const std::size_t size = sequence_size(text[at]);
        if (size == 0 || text.size() - at < size) return std::nullopt;
        if (!std::ranges::all_of(text.substr(at + 1, size - 1), continues)) return std::nullopt;
        at += size;
    }
    return at;
}

Error broken(const std::string& path, std::size_t offset, std::string_view why) {
    return Error(ErrorCode::invalid_argument,
                 (path.empty() ? std::string("code") : path) + " at " + std::to_string(offset) +
                     ": " + std::string(why));
}

}  // namespace

Result<std::vector<TlvField>> read_tlv(std::string_view text,
                                       const std::string& path,
                                       std::size_t offset) {
    std::vector<TlvField> fields;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::string_view head = text.substr(at, 4);
        if (head.size() < 4) return broken(path, offset + at, "a tag is cut");
        if (!std::ranges::all_of(head, is_digit)) {
            return broken(path, offset + at, "a tag and a length of two digits each are wanted");
        }
        const std::string tag(head.substr(0, 2));
        const std::string here = path.empty() ? tag : path + "-" + tag;
        const auto length = static_cast<std::size_t>((head[2] - '0') * 10 + (head[3] - '0'));
        if (length == 0) return broken(here, offset + at, "the value is empty");
        const auto end = skip(text, at + 4, length);
        if (!end) return broken(here, offset + at, "the value is cut or not UTF-8");
        if (find_field(fields, tag) != nullptr) return broken(here, offset + at, "is there twice");
        fields.push_back({tag, std::string(text.substr(at + 4, *end - at - 4)), offset + at});
        at = *end;
    }
    return fields;
}

const TlvField* find_field(const std::vector<TlvField>& fields, std::string_view tag) {
    const auto it = std::ranges::find(fields, tag, &TlvField::tag);
    return it == fields.end() ? nullptr : &*it;
}

Result<std::string> write_tlv(std::string_view path, std::string_view tag, std::string_view value) {
    const std::size_t length = character_count(value);
    if (length == 0 || length > kTlvValueMax) {
        return Error(ErrorCode::invalid_argument,
                     std::string(path) + ": must have 1 to 99 characters");
    }
    return std::string(tag) + (length < 10 ? "0" : "") + std::to_string(length) +
           std::string(value);
}

std::size_t character_count(std::string_view utf8) noexcept {
    return static_cast<std::size_t>(
        std::ranges::count_if(utf8, [](char byte) { return !continues(byte); }));
}

}  // namespace causeway::connectors::pix
