// SPDX-License-Identifier: Apache-2.0
//
// What merchants and operators do with webhooks, each as the body of one transaction.
//
// A secret is shown once, but an answer that was lost has to be given again under the same
// Idempotency-Key: such answers are stored sealed, like the secret itself.
#pragma once

#include "gateway/payments/steps.h"
#include "gateway/vault/vault.h"
#include "gateway/webhooks/endpoint.h"
#include "ledger/entropy.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace causeway::gateway {

/// Lifetime: borrowed; outlives every request.
struct WebhookDesk {
    Entropy& entropy;
    bool allow_private = false;  ///< See check_webhook_url().
    /// Called when something may have become due.
    std::function<void()> wake = [] {};
};

struct CreateEndpoint {
    std::string url;
    std::vector<std::string> events;  ///< Empty: all.
    WebhookSigning signing = WebhookSigning::hmac;
};

/// Endpoints that a merchant may have in one mode.
inline constexpr std::int64_t kEndpointsMax = 64;

/// An endpoint with new keys, and the secret as the merchant is to know it.
struct KeyedEndpoint {
    WebhookEndpoint endpoint;
    std::string secret;
};

/// Where keys come from. Lifetime: borrowed.
struct KeySource {
    const Vault& vault;
    Entropy& entropy;
    IdSource& ids;
    Timestamp now;
};

/// Errors: `limit_exceeded` when the merchant has kEndpointsMax already.
[[nodiscard]] Result<KeyedEndpoint> add_endpoint(ledger::Transaction& tx,
                                                 KeySource keys,
                                                 Scope scope,
                                                 const CreateEndpoint& wish);
/// Errors: `not_found`.
[[nodiscard]] Result<KeyedEndpoint> rotate_endpoint(ledger::Transaction& tx,
                                                    KeySource keys,
                                                    const Uuid& id);

/// The same for a request of the API.
[[nodiscard]] Result<Step> create_endpoint_step(ledger::Transaction& tx,
                                                const Workshop& shop,
                                                const WebhookDesk& desk,
                                                const Caller& caller,
                                                const CreateEndpoint& wish);
[[nodiscard]] Result<Step> rotate_endpoint_step(ledger::Transaction& tx,
                                                const Workshop& shop,
                                                const WebhookDesk& desk,
                                                const Caller& caller,
                                                const Uuid& id);
[[nodiscard]] Result<Step> delete_endpoint_step(ledger::Transaction& tx,
                                                const Workshop& shop,
                                                const Caller& caller,
                                                const Uuid& id);
[[nodiscard]] Result<Step> redeliver_step(ledger::Transaction& tx,
                                          const Workshop& shop,
                                          const Caller& caller,
                                          const Uuid& event);

}  // namespace causeway::gateway
