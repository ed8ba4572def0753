// SPDX-License-Identifier: Apache-2.0
//
// The digest that names a file, a request or a key without showing it.
#pragma once

#include "ledger/result.h"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace causeway {

using Sha256 = std::array<std::uint8_t, 32>;

/// Source: FIPS 180-4, by way of libsodium.
[[nodiscard]] Sha256 sha256(std::string_view bytes) noexcept;

/// Lower-case hexadecimal.
[[nodiscard]] std::string to_hex(std::span<const std::uint8_t> bytes);

/// Base 64 with padding. Source: RFC 4648 section 4.
[[nodiscard]] std::string to_base64(std::span<const std::uint8_t> bytes);

/// The bytes of a base 64 text with padding. Source: RFC 4648 section 4.
///
/// Errors: `invalid_argument`.
[[nodiscard]] Result<std::string> from_base64(std::string_view text);

}  // namespace causeway
