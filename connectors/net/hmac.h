// SPDX-License-Identifier: Apache-2.0
//
// HMAC-SHA256, by which providers sign what they tell us and we what we tell merchants.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace causeway::net {

/// Source: RFC 2104, FIPS 180-4. Throws std::runtime_error when the library fails.
[[nodiscard]] std::array<std::uint8_t, 32> hmac_sha256(std::string_view key, std::string_view text);

/// The same in lower-case hexadecimal.
[[nodiscard]] std::string hmac_sha256_hex(std::string_view key, std::string_view text);

/// Equality in a time that does not tell where two texts of one length differ.
[[nodiscard]] bool same_secret(std::string_view one, std::string_view other) noexcept;

}  // namespace causeway::net
