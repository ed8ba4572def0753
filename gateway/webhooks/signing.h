// SPDX-License-Identifier: Apache-2.0
//
// How a receiver knows that a message is ours: Standard Webhooks 1.0.0.
//
// What is signed is the id, the time and the exact bytes of the body with dots between them, so a
// message can be neither changed nor sent again later. While a secret rotates a message carries
// the signatures of both, and a receiver that knows either of them is content.
// Source: github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md.
#pragma once

#include "connectors/net/http.h"
#include "ledger/clock.h"
#include "ledger/entropy.h"
#include "ledger/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace causeway::gateway {

/// Keys as bytes, the present one first. Never logged.
struct WebhookKeys {
    std::vector<std::string> secrets;       ///< For v1, HMAC-SHA256.
    std::vector<std::string> signing_keys;  ///< For v1a, seeds of Ed25519.
};

/// 32 random bytes.
[[nodiscard]] std::string make_webhook_key(Entropy& entropy);

/// "whsec_" and base 64, as the merchant gets it.
[[nodiscard]] std::string webhook_secret_text(std::string_view secret);
/// The bytes of such a text. Errors: `invalid_argument`.
[[nodiscard]] Result<std::string> parse_webhook_secret(std::string_view text);
/// "whpk_" and base 64 of the public half of a signing key.
[[nodiscard]] std::string webhook_public_key_text(std::string_view signing_key);

/// "v1,<base 64>", "v1a,<base 64>", with spaces between them.
[[nodiscard]] std::string webhook_signature(const WebhookKeys& keys,
                                            std::string_view id,
                                            Timestamp sent_at,
                                            std::string_view body);

/// webhook-id, webhook-timestamp, webhook-signature and Content-Type.
[[nodiscard]] net::HttpHeaders webhook_headers(const WebhookKeys& keys,
                                               const std::string& id,
                                               Timestamp sent_at,
                                               std::string_view body);

}  // namespace causeway::gateway
