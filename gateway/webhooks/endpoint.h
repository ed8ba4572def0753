// SPDX-License-Identifier: Apache-2.0
//
// Where a merchant wants to hear of events, and the keys that its messages are signed with. Keys
// are sealed by the Vault, bound to the endpoint's id.
#pragma once

#include "gateway/payments/payments_store.h"
#include "gateway/vault/vault.h"
#include "gateway/webhooks/signing.h"
#include "ledger/store/database.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::gateway {

inline constexpr std::string_view kWebhookPrefix = "we";

/// How long a replaced key goes on signing beside its successor.
inline constexpr std::chrono::hours kOldKeySigns{24};

enum class WebhookSigning { hmac, ed25519, both };
[[nodiscard]] std::string_view to_string(WebhookSigning signing) noexcept;

using SealedKey = std::vector<std::uint8_t>;

struct WebhookEndpoint {
    Uuid id;
    Scope scope;
    std::string url;
    std::vector<std::string> events;  ///< Types, families such as "payment.*", or "*" alone.
    WebhookSigning signing = WebhookSigning::hmac;
    bool enabled = true;
    std::string disabled_because;
    std::string vault_key;  ///< The name of the key that opens the following.
    SealedKey secret;       ///< Empty without HMAC.
    std::optional<SealedKey> previous_secret;
    std::optional<SealedKey> signing_key;
    std::optional<SealedKey> previous_signing_key;
    std::string public_key;     ///< Of signing_key; empty without Ed25519.
    Timestamp previous_until;   ///< The previous keys sign until then.
    std::int64_t failures = 0;  ///< Messages in a row that nobody took.
    Timestamp paused_until;
    Timestamp created_at;
};

/// Remembered under a merchant's id that has no endpoint at all.
struct NobodyListens {};

/// The keys that sign at `now`. Errors: `integrity` when the vault's key is another one.
[[nodiscard]] Result<WebhookKeys> keys_of(const WebhookEndpoint& endpoint,
                                          const Vault& vault,
                                          Timestamp now);

/// Gives the endpoint new keys, of the kinds it signs with. Those it had go on for kOldKeySigns.
/// Returns the secret as the merchant is to know it; empty without HMAC.
[[nodiscard]] std::string renew_keys(WebhookEndpoint& endpoint,
                                     const Vault& vault,
                                     Entropy& entropy,
                                     Timestamp now);

/// JSON as the API shows it; `secret` is shown when it is not empty.
[[nodiscard]] std::string render_endpoint(const WebhookEndpoint& endpoint,
                                          std::string_view secret = {});

/// Checks a URL before it is kept: https, or with `allow_private` http too; no address that is
/// not public. A name is not looked up here: what counts is its address when it is sent to.
///
/// Errors: `invalid_argument`.
[[nodiscard]] Result<void> check_webhook_url(std::string_view url, bool allow_private);

/// Whether an endpoint may subscribe to that: a type, a family, or "*".
[[nodiscard]] bool is_subscription(std::string_view wanted) noexcept;

[[nodiscard]] Result<void> insert_endpoint(ledger::Transaction& tx,
                                           const WebhookEndpoint& endpoint);
/// Writes the keys, the status and the circuit.
[[nodiscard]] Result<void> update_endpoint(ledger::Transaction& tx,
                                           const WebhookEndpoint& endpoint);
/// The row stays as it was read until the transaction has ended.
///
/// Errors: `not_found`, also for another merchant's endpoint.
[[nodiscard]] Result<WebhookEndpoint> lock_endpoint(ledger::Transaction& tx, const Uuid& id);
[[nodiscard]] Result<WebhookEndpoint> load_endpoint(ledger::Transaction& tx, const Uuid& id);
[[nodiscard]] Result<WebhookEndpoint> load_endpoint(ledger::Transaction& tx,
                                                    const Uuid& id,
                                                    Scope scope);
[[nodiscard]] Result<Listed<WebhookEndpoint>> list_endpoints(ledger::Transaction& tx,
                                                             Scope scope,
                                                             const Page& page);
[[nodiscard]] Result<std::int64_t> count_endpoints(ledger::Transaction& tx, Scope scope);
/// Its deliveries that are not over go with it; its attempts stay.
[[nodiscard]] Result<void> delete_endpoint(ledger::Transaction& tx, const Uuid& id);

}  // namespace causeway::gateway
