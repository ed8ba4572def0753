// SPDX-License-Identifier: Apache-2.0
#include "connectors/card/dialect.h"

#include <array>
#include <string>

namespace causeway::connectors::card {
namespace {

constexpr std::array<Dialect, 5> kDialects{{
    {.name = "ascii"},
    {.name = "ascii-bb", .bitmap = Bits::raw},
    // These two are what the npm package iso_8583 speaks without and with a hexadecimal bitmap.
    {.name = "ascii-raw", .bitmap = Bits::raw, .secondary_always = true, .binary = Bits::raw},
    {.name = "ascii-wide", .bitmap = Bits::hex, .secondary_always = true, .binary = Bits::raw},
    {.name = "bcd",
     .mti = Digits::bcd,
     .bitmap = Bits::raw,
     .numbers = Digits::bcd,
     .lengths = Digits::bcd,
     .binary = Bits::raw,
     .icc = Bits::raw},
}};

}  // namespace

std::span<const Dialect> all_dialects() noexcept {
    return kDialects;
}

Result<Dialect> find_dialect(std::string_view name) {
    std::string names;
    for (const Dialect& dialect : kDialects) {
        if (dialect.name == name) return dialect;
        names.append(names.empty() ? "" : ", ").append(dialect.name);
    }
    return Error(ErrorCode::not_found, "no ISO 8583 dialect of this name; there are " + names);
}

}  // namespace causeway::connectors::card
