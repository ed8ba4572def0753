// SPDX-License-Identifier: Apache-2.0
#include "gateway/webhooks/signing.h"

#include "ledger/digest.h"

#include <sodium.h>

#include <array>
#include <chrono>
#include <span>

namespace causeway::gateway {
namespace {

constexpr std::string_view kSecretPrefix = "whsec_";
constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kSecretBytesMin = 24;
constexpr std::size_t kSecretBytesMax = 64;

static_assert(crypto_sign_SEEDBYTES == kKeyBytes);

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

struct KeyPair {
    std::array<std::uint8_t, crypto_sign_PUBLICKEYBYTES> open{};
    std::array<std::uint8_t, crypto_sign_SECRETKEYBYTES> secret{};

    explicit KeyPair(std::string_view seed) {
        (void)crypto_sign_seed_keypair(open.data(), secret.data(), bytes_of(seed));
    }
    KeyPair(const KeyPair&) = delete;
    KeyPair& operator=(const KeyPair&) = delete;
    ~KeyPair() { sodium_memzero(secret.data(), secret.size()); }
};

std::string hmac_of(std::string_view secret, std::string_view signed_text) {
    std::array<std::uint8_t, crypto_auth_hmacsha256_BYTES> digest{};
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, bytes_of(secret), secret.size());
    crypto_auth_hmacsha256_update(&state, bytes_of(signed_text), signed_text.size());
    crypto_auth_hmacsha256_final(&state, digest.data());
    return to_base64(digest);
}

std::string ed25519_of(std::string_view seed, std::string_view signed_text) {
    const KeyPair pair(seed);
    std::array<std::uint8_t, crypto_sign_BYTES> signature{};
    (void)crypto_sign_detached(
        signature.data(), nullptr, bytes_of(signed_text), signed_text.size(), pair.secret.data());
    return to_base64(signature);
}

std::string seconds_of(Timestamp moment) {
    return std::to_string(
        std::chrono::floor<std::chrono::seconds>(moment.time_since_epoch()).count());
}

}  // namespace

std::string make_webhook_key(Entropy& entropy) {
    std::array<std::uint8_t, kKeyBytes> bytes{};
    entropy.fill(bytes);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string webhook_secret_text(std::string_view secret) {
    return std::string(kSecretPrefix) + to_base64({bytes_of(secret), secret.size()});
}

Result<std::string> parse_webhook_secret(std::string_view text) {
    const Error wrong(ErrorCode::invalid_argument,
                      "a webhook secret is whsec_ and base 64 of 24 to 64 bytes");
    if (!text.starts_with(kSecretPrefix)) return wrong;
    Result<std::string> secret = from_base64(text.substr(kSecretPrefix.size()));
    if (!secret || secret->size() < kSecretBytesMin || secret->size() > kSecretBytesMax) {
        return wrong;
    }
    return secret;
}

std::string webhook_public_key_text(std::string_view signing_key) {
    return "whpk_" + to_base64(KeyPair(signing_key).open);
}

std::string webhook_signature(const WebhookKeys& keys,
                              std::string_view id,
                              Timestamp sent_at,
                              std::string_view body) {
    std::string text(id);
    text += "." + seconds_of(sent_at) + ".";
    text += body;
    std::string signatures;
    for (const std::string& secret : keys.secrets)
        signatures += (signatures.empty() ? "v1," : " v1,") + hmac_of(secret, text);
    for (const std::string& seed : keys.signing_keys)
        signatures += (signatures.empty() ? "v1a," : " v1a,") + ed25519_of(seed, text);
    return signatures;
}

net::HttpHeaders webhook_headers(const WebhookKeys& keys,
                                 const std::string& id,
                                 Timestamp sent_at,
                                 std::string_view body) {
    return {{"Content-Type", "application/json"},
            {"webhook-id", id},
            {"webhook-timestamp", seconds_of(sent_at)},
            {"webhook-signature", webhook_signature(keys, id, sent_at, body)}};
}

}  // namespace causeway::gateway
