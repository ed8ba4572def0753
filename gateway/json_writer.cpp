// SPDX-License-Identifier: Apache-2.0
#include "gateway/json_writer.h"

#include <array>
#include <charconv>

namespace causeway::gateway {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";

bool is_plain(char letter) noexcept {
    return static_cast<unsigned char>(letter) >= 0x20 && letter != '"' && letter != '\\';
}

void append_escaped(std::string& out, char letter) {
    switch (letter) {
        case '"': out += "\\\""; return;
        case '\\': out += "\\\\"; return;
        case '\b': out += "\\b"; return;
        case '\f': out += "\\f"; return;
        case '\n': out += "\\n"; return;
        case '\r': out += "\\r"; return;
        case '\t': out += "\\t"; return;
        default: break;
    }
    const auto code = static_cast<unsigned char>(letter);
    out += "\\u00";
    out += kHex[code >> 4U];
    out += kHex[code & 0x0FU];
}

}  // namespace

void append_quoted(std::string& out, std::string_view text) {
    out += '"';
    std::size_t begin = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (is_plain(text[at])) continue;
        out += text.substr(begin, at - begin);
        append_escaped(out, text[at]);
        begin = at + 1;
    }
    out += text.substr(begin);
    out += '"';
}

void JsonWriter::separate() {
    if (!first_) out_ += ',';
    first_ = false;
}

void JsonWriter::begin(char bracket) {
    separate();
    out_ += bracket;
    first_ = true;
}

void JsonWriter::end(char bracket) {
    out_ += bracket;
    first_ = false;
}

JsonWriter& JsonWriter::name(std::string_view name) {
    separate();
    out_ += '"';
    out_ += name;
    out_ += "\":";
    first_ = true;
    return *this;
}

void JsonWriter::text(std::string_view text) {
    separate();
    append_quoted(out_, text);
}

void JsonWriter::text_or_null(const std::optional<std::string>& text) {
    if (text) {
        this->text(*text);
    } else {
        null();
    }
}

void JsonWriter::text_or_null(std::string_view text) {
    if (text.empty()) {
        null();
    } else {
        this->text(text);
    }
}

void JsonWriter::id(std::string_view prefix, const Uuid& id) {
    text(to_text(prefix, id));
}

void JsonWriter::id_or_null(std::string_view prefix, const std::optional<Uuid>& id) {
    if (id) {
        this->id(prefix, *id);
    } else {
        null();
    }
}

void JsonWriter::number(std::int64_t number) {
    separate();
    std::array<char, 24> digits{};
    const auto [last, failed] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
    out_.append(digits.data(), last);
}

void JsonWriter::raw(std::string_view json) {
    separate();
    out_ += json;
}

}  // namespace causeway::gateway
