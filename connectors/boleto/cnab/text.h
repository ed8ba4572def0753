// SPDX-License-Identifier: Apache-2.0
//
// Between our UTF-8 and the bytes of a CNAB file: upper-case ASCII when written, ISO 8859-1 when
// read. A character that can not be written as ASCII becomes '?', so that it is seen.
#pragma once

#include <string>
#include <string_view>

namespace causeway::connectors::cnab {

/// Upper-case ASCII without accents, one character for one, except Æ (AE), Œ (OE) and ß (SS).
/// What is not UTF-8 is taken for ISO 8859-1.
[[nodiscard]] std::string to_cnab(std::string_view text);

/// UTF-8 of ISO 8859-1 bytes.
[[nodiscard]] std::string from_latin1(std::string_view bytes);

[[nodiscard]] bool is_printable_ascii(std::string_view text) noexcept;
[[nodiscard]] bool has_control_characters(std::string_view bytes) noexcept;

/// True when `line` is UTF-8 with accents and `length` characters long, but more bytes: a tool
/// has re-encoded the file, and every column behind the first accent has moved.
[[nodiscard]] bool is_reencoded(std::string_view line, int length) noexcept;

/// Without blanks at both ends.
[[nodiscard]] std::string_view trimmed(std::string_view text) noexcept;

/// Without zeros in front; "0" becomes empty.
[[nodiscard]] std::string_view without_leading_zeros(std::string_view text) noexcept;

[[nodiscard]] bool is_digits(std::string_view text) noexcept;

}  // namespace causeway::connectors::cnab
