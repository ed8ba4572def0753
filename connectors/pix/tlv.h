// SPDX-License-Identifier: Apache-2.0
//
// The skeleton of a BR Code: a tag of two digits, a length of two digits, a value.
//
// Lengths count characters (Unicode code points), not bytes; what we write is ASCII, where the
// two agree. The check at the end runs over bytes.
#pragma once

#include "ledger/result.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::connectors::pix {

/// Source: EMV QR Code MPM, section 3.
constexpr std::size_t kTlvValueMax = 99;

struct TlvField {
    std::string tag;
    std::string value;
    std::size_t offset = 0;  ///< Of the tag in the whole code. Units: bytes.
};

/// Fields in their order, no tag twice. `path` and `offset` say where `text` stands, for errors
/// such as "26-01 at 22: ...".
///
/// Errors: `invalid_argument` for text that is cut, a tag or length that is not two digits, a tag
/// that is there twice, or what is not UTF-8.
[[nodiscard]] Result<std::vector<TlvField>> read_tlv(std::string_view text,
                                                     const std::string& path = {},
                                                     std::size_t offset = 0);

/// nullptr if there is none. Lifetime: points into `fields`.
[[nodiscard]] const TlvField* find_field(const std::vector<TlvField>& fields, std::string_view tag);

/// Errors: `invalid_argument` that names `path` when the value is empty or longer than its length
/// can say.
[[nodiscard]] Result<std::string> write_tlv(std::string_view path,
                                            std::string_view tag,
                                            std::string_view value);

/// Units: code points. Counts a byte that begins none as one.
[[nodiscard]] std::size_t character_count(std::string_view utf8) noexcept;

}  // namespace causeway::connectors::pix
