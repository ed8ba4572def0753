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

std::string to_base64(std::span<const std::uint8_t> bytes) {
    constexpr int kVariant = sodium_base64_VARIANT_ORIGINAL;
    std::string text(sodium_base64_encoded_len(bytes.size(), kVariant), '\0');
    (void)sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), kVariant);
    text.pop_back();  // libsodium ends it with a NUL
    return text;
}

Result<std::string> from_base64(std::string_view text) {
    std::string bytes(text.size(), '\0');
    std::size_t length = 0;
    const char* end = nullptr;
    const int failed = sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()),
                                         bytes.size(),
                                         text.data(),
                                         text.size(),
                                         nullptr,
                                         &length,
                                         &end,
                                         sodium_base64_VARIANT_ORIGINAL);
    if (failed != 0 || end != text.data() + text.size()) {
        return Error(ErrorCode::invalid_argument, "not base 64");
    }
    bytes.resize(length);
    return bytes;
}

}  // namespace causeway
