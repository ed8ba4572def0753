// SPDX-License-Identifier: Apache-2.0
#include "connectors/card/codec.h"

#include "connectors/card/field_table.h"
#include "connectors/card/wire.h"

#include <algorithm>
#include <bitset>
#include <cstddef>
#include <string_view>

namespace causeway::connectors::card {
namespace {

constexpr int kHalf = 64;
using Bitmap = std::bitset<2 * kHalf + 1>;  // bit 0 is not used: bits count from 1, as fields do

Error refuse(std::string_view element, std::string_view fault) {
    return Error(ErrorCode::invalid_argument, std::string(element) + ": " + std::string(fault));
}

Error refuse_at(std::string_view element, std::size_t offset, std::string_view fault) {
    return refuse(std::string(element) + " at byte " + std::to_string(offset), fault);
}

std::string element_name(int field) {
    return "DE" + std::to_string(field);
}

bool is_mti(std::string_view mti) {
    return mti.size() == 4 &&
           std::all_of(mti.begin(), mti.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_bytes(Content content) {
    return content == Content::b || content == Content::icc;
}

// How this dialect writes the digits of a format; text formats are always characters.
Digits digits_of(Content content, const Dialect& dialect) {
    switch (content) {
        case Content::n:
        case Content::z:
        case Content::xn: return dialect.numbers;
        case Content::currency: return dialect.currency;
        default: return Digits::ascii;
    }
}

Pad pad_of(const FieldFormat& format, const Dialect& dialect) {
    return format.prefix == Prefix::fixed ? Pad::left : dialect.odd_llvar_pad;
}

Bits bits_of(Content content, const Dialect& dialect) {
    return content == Content::icc ? dialect.icc : dialect.binary;
}

int prefix_digits(Prefix prefix) {
    return prefix == Prefix::ll ? 2 : 3;
}

void write_bitmap(WireWriter& out, const Bitmap& present, const Dialect& dialect) {
    const int halves = present.test(1) ? 2 : 1;
    std::string hex;
    for (int bit = 1; bit <= halves * kHalf; bit += 4) {
        unsigned nibble = 0;
        for (int i = 0; i < 4; ++i) {
            const int place = bit + i;
            nibble = nibble * 2 + (present.test(static_cast<std::size_t>(place)) ? 1U : 0U);
        }
        hex += "0123456789ABCDEF"[nibble];
    }
    out.bytes(hex, dialect.bitmap);
}

void write_field(WireWriter& out, const FieldFormat& format, std::string_view value) {
    const Dialect& dialect = out.dialect();
    if (format.prefix != Prefix::fixed) {
        const bool halved =
            is_bytes(format.content) && bits_of(format.content, dialect) == Bits::raw;
        out.length(halved ? value.size() / 2 : value.size(), prefix_digits(format.prefix));
    }
    if (is_bytes(format.content)) {
        out.bytes(value, bits_of(format.content, dialect));
        return;
    }
    if (format.content == Content::xn) {
        out.text(value.substr(0, 1));
        value.remove_prefix(1);
    }
    out.digits(value, digits_of(format.content, dialect), pad_of(format, dialect));
}

// Reads 8 or 16 bytes of bitmap. An all-zero second half is legal.
bool read_bitmap(WireReader& in, const Dialect& dialect, Bitmap& present) {
    for (int half = 0; half < 2; ++half) {
        std::string hex;
        if (!in.bytes(kHalf / 8, dialect.bitmap, hex)) return false;
        for (int i = 0; i < kHalf; ++i) {
            const char c = hex[static_cast<std::size_t>(i / 4)];
            const int nibble = c <= '9' ? c - '0' : c - 'A' + 10;
            const bool on = ((nibble >> (3 - i % 4)) & 1) != 0;
            const int bit = half * kHalf + i + 1;
            present.set(static_cast<std::size_t>(bit), on);
        }
        if (half == 0 && !present.test(1)) {
            return !dialect.secondary_always || in.fail("bit 1 is off, and must be on here");
        }
    }
    return true;
}

bool read_field(WireReader& in, const FieldFormat& format, std::string& value) {
    const Dialect& dialect = in.dialect();
    const bool bytes = is_bytes(format.content);
    const bool halved = bytes && bits_of(format.content, dialect) == Bits::hex;
    auto length = static_cast<std::size_t>(format.length_max);
    if (format.prefix != Prefix::fixed) {
        if (!in.length(prefix_digits(format.prefix), length)) return false;
        if (halved && length % 2 != 0) return in.fail("half a byte");
        if (halved) length /= 2;
        if (length > static_cast<std::size_t>(format.length_max)) return in.fail("too long");
    }
    if (bytes) return in.bytes(length, bits_of(format.content, dialect), value);
    std::string sign;
    if (format.content == Content::xn) {
        if (!in.text(1, sign)) return false;
        --length;
    }
    const Digits digits = digits_of(format.content, dialect);
    if (!in.digits(length, digits, pad_of(format, dialect), value)) return false;
    // Some terminals print track 2 with the letter that the BCD nibble looks like.
    if (format.content == Content::z) std::replace(value.begin(), value.end(), 'D', '=');
    value.insert(0, sign);
    return true;
}

}  // namespace

Result<std::vector<std::uint8_t>> encode(const Message& message, const Dialect& dialect) {
    if (!is_mti(message.mti)) return refuse("MTI", "not four digits");
    Bitmap present;
    for (const auto& [number, value] : message.fields) {
        const FieldFormat* format = field_format(number);
        if (format == nullptr) return refuse(element_name(number), "no such element");
        const std::string_view fault = value_fault(*format, value);
        if (!fault.empty()) return refuse(element_name(number), fault);
        present.set(static_cast<std::size_t>(number));
        if (number > kHalf) present.set(1);
    }
    if (dialect.secondary_always) present.set(1);

    WireWriter out(dialect);
    out.digits(message.mti, dialect.mti, Pad::left);
    write_bitmap(out, present, dialect);
    for (const auto& [number, value] : message.fields) {
        write_field(out, *field_format(number), value);
    }
    return out.take();
}

Result<Message> decode(std::span<const std::uint8_t> bytes, const Dialect& dialect) {
    WireReader in(bytes, dialect);
    Message message;
    if (!in.digits(4, dialect.mti, Pad::left, message.mti)) {
        return refuse_at("MTI", 0, in.fault());
    }
    if (!is_mti(message.mti)) return refuse_at("MTI", 0, "not four digits");
    const std::size_t bitmap_offset = in.offset();
    Bitmap present;
    if (!read_bitmap(in, dialect, present)) {
        return refuse_at("bitmap", bitmap_offset, in.fault());
    }
    for (int number = 2; number <= 2 * kHalf; ++number) {
        if (!present.test(static_cast<std::size_t>(number))) continue;
        const std::size_t offset = in.offset();
        const FieldFormat& format = *field_format(number);
        std::string value;
        if (!read_field(in, format, value)) {
            return refuse_at(element_name(number), offset, in.fault());
        }
        const std::string_view fault = value_fault(format, value);
        if (!fault.empty()) return refuse_at(element_name(number), offset, fault);
        message.fields.emplace(number, std::move(value));
    }
    if (in.offset() != bytes.size()) {
        return refuse_at("end", in.offset(), "bytes are left over");
    }
    return message;
}

}  // namespace causeway::connectors::card
