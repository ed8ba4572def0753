// SPDX-License-Identifier: Apache-2.0
#include "ledger/digest.h"

#include <sodium.h>

namespace causeway {

Sha256 sha256(std::string_view bytes) noexcept {
    Sha256 digest{};
    const auto* const data = reinterpret_cast<const unsigned char*>(bytes.data());
    (void)crypto_hash_sha256(digest.data(), data, bytes.size());
    return digest;
}

std::string to_hex(std::span<const std::uint8_t> bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const std::uint8_t byte : bytes) {
        text += kDigits[byte >> 4U];
        text += kDigits[byte & 15U];
    }
    return text;
}

}  // namespace causeway
