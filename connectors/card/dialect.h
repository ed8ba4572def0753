// SPDX-License-Identifier: Apache-2.0
//
// The ways in which ISO 8583 hosts write the same fields as different bytes, as data. There is one
// codec; a host that needs something else gets a row in dialect.cpp and no code.
//
// Text fields are ISO 8859-1, one byte a character, in every dialect, so that a length counts bytes
// and characters alike.
#pragma once

#include "ledger/result.h"

#include <span>
#include <string_view>

namespace causeway::connectors::card {

/// Digits as characters, or two to a byte (binary coded decimal).
enum class Digits { ascii, bcd };
/// Binary data as hexadecimal characters, or as the bytes themselves.
enum class Bits { hex, raw };
/// On which side an odd count of BCD digits gets its zero nibble.
enum class Pad { left, right };

/// How one host writes fields as bytes. The defaults are the dialect `ascii`.
struct Dialect {
    std::string_view name;
    Digits mti = Digits::ascii;
    Bits bitmap = Bits::hex;        ///< Written in upper case; either case is read.
    bool secondary_always = false;  ///< 128 bits with bit 1 on, also when no field above 64 is set.
    Digits numbers = Digits::ascii;   ///< Format n, the digits of x+n, track 2.
    Digits currency = Digits::ascii;  ///< DE49-51, which many BCD hosts write as characters.
    Digits lengths = Digits::ascii;   ///< LL and LLL; in BCD one byte and two bytes.
    Pad odd_llvar_pad = Pad::right;   ///< BCD only; fixed fields always pad on the left.
    Bits binary = Bits::hex;          ///< DE52, 64, 65, 96, 128.
    Bits icc = Bits::hex;             ///< DE55; its length counts what is on the wire.
    char track2_nibble = '\x0d';      ///< BCD only: the nibble that stands for '='.
};

/// Every named dialect: `ascii`, `ascii-bb`, `ascii-raw`, `ascii-wide`, `bcd`.
[[nodiscard]] std::span<const Dialect> all_dialects() noexcept;

/// Errors: `not_found`, listing the names there are.
[[nodiscard]] Result<Dialect> find_dialect(std::string_view name);

}  // namespace causeway::connectors::card
