// SPDX-License-Identifier: Apache-2.0
//
// Text of strangers on its way to paper.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace causeway::connectors::boleto {

/// Control characters become blanks, bytes that are not UTF-8 a '?', and what turns the direction
/// of writing (U+202A to U+202E, U+2066 to U+2069) is left out.
[[nodiscard]] std::string printable(std::string_view text);

/// Requires UTF-8.
[[nodiscard]] std::size_t characters_of(std::string_view text) noexcept;

}  // namespace causeway::connectors::boleto
