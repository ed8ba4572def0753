// SPDX-License-Identifier: Apache-2.0
#include "connectors/card/wire.h"

namespace causeway::connectors::card {
namespace {

constexpr std::string_view kHexDigits = "0123456789ABCDEF";

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

std::uint8_t join(int high, int low) {
    return static_cast<std::uint8_t>(high * 16 + low);
}

}  // namespace

void WireWriter::text(std::string_view characters) {
    out_.insert(out_.end(), characters.begin(), characters.end());
}

void WireWriter::digits(std::string_view digits, Digits encoding, Pad pad) {
    if (encoding == Digits::ascii) return text(digits);
    std::string even(digits);
    if (even.size() % 2 != 0) even.insert(pad == Pad::left ? 0 : even.size(), 1, '0');
    const auto nibble = [this](char c) { return c == '=' ? dialect_.track2_nibble : c - '0'; };
    for (std::size_t i = 0; i < even.size(); i += 2) {
        out_.push_back(join(nibble(even[i]), nibble(even[i + 1])));
    }
}

void WireWriter::length(std::size_t value, int count) {
    std::string text = std::to_string(value);
    text.insert(0, static_cast<std::size_t>(count) - text.size(), '0');
    digits(text, dialect_.lengths, Pad::left);
}

void WireWriter::bytes(std::string_view hex, Bits encoding) {
    if (encoding == Bits::hex) return text(hex);
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        out_.push_back(join(hex_value(hex[i]), hex_value(hex[i + 1])));
    }
}

bool WireReader::fail(std::string_view fault) {
    fault_ = fault;
    return false;
}

bool WireReader::advance(std::size_t count, std::span<const std::uint8_t>& out) {
    if (count > bytes_.size() - offset_) return fail("the message ends too early");
    out = bytes_.subspan(offset_, count);
    offset_ += count;
    return true;
}

bool WireReader::text(std::size_t count, std::string& out) {
    std::span<const std::uint8_t> raw;
    if (!advance(count, raw)) return false;
    out.assign(raw.begin(), raw.end());
    return true;
}

bool WireReader::digits(std::size_t count, Digits encoding, Pad pad, std::string& out) {
    if (encoding == Digits::ascii) return text(count, out);
    std::span<const std::uint8_t> raw;
    if (!advance((count + 1) / 2, raw)) return false;
    out.clear();
    for (const std::uint8_t byte : raw) {
        for (const int nibble : {byte >> 4, byte & 0xf}) {
            if (nibble > 9 && nibble != dialect_.track2_nibble) return fail("not a digit");
            out += nibble > 9 ? '=' : kHexDigits[static_cast<std::size_t>(nibble)];
        }
    }
    if (count % 2 == 0) return true;
    const std::size_t filler = pad == Pad::left ? 0 : out.size() - 1;
    if (out[filler] != '0') return fail("the padding is not zero");
    out.erase(filler, 1);
    return true;
}

bool WireReader::length(int count, std::size_t& out) {
    std::string text;
    if (!digits(static_cast<std::size_t>(count), dialect_.lengths, Pad::left, text)) return false;
    out = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return fail("the length is not a number");
        out = out * 10 + static_cast<std::size_t>(c - '0');
    }
    return true;
}

bool WireReader::bytes(std::size_t count, Bits encoding, std::string& hex) {
    std::span<const std::uint8_t> raw;
    if (!advance(encoding == Bits::hex ? count * 2 : count, raw)) return false;
    hex.clear();
    for (const std::uint8_t byte : raw) {
        if (encoding == Bits::raw) {
            hex += kHexDigits[byte >> 4];
            hex += kHexDigits[byte & 0xf];
            continue;
        }
        const int value = hex_value(static_cast<char>(byte));
        if (value < 0) return fail("not hexadecimal");
        hex += kHexDigits[static_cast<std::size_t>(value)];
    }
    return true;
}

}  // namespace causeway::connectors::card
