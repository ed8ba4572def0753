// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/hmac.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <stdexcept>

namespace causeway::net {

std::array<std::uint8_t, 32> hmac_sha256(std::string_view key, std::string_view text) {
    std::array<std::uint8_t, 32> digest{};
    unsigned int size = 0;
    const auto* const bytes = reinterpret_cast<const unsigned char*>(text.data());
    const unsigned char* const done = HMAC(EVP_sha256(),
                                           key.data(),
                                           static_cast<int>(key.size()),
                                           bytes,
                                           text.size(),
                                           digest.data(),
                                           &size);
    if (done == nullptr || size != digest.size()) throw std::runtime_error("HMAC failed");
    return digest;
}

std::string hmac_sha256_hex(std::string_view key, std::string_view text) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string hex;
    for (const std::uint8_t byte : hmac_sha256(key, text)) {
        hex += kDigits[byte >> 4U];
        hex += kDigits[byte & 15U];
    }
    return hex;
}

bool same_secret(std::string_view one, std::string_view other) noexcept {
    return one.size() == other.size() && CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

}  // namespace causeway::net
