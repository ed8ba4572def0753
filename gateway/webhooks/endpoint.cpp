// SPDX-License-Identifier: Apache-2.0
#include "gateway/webhooks/endpoint.h"

#include "connectors/net/public_address.h"
#include "connectors/net/url.h"
#include "gateway/webhooks/event.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace json = boost::json;

namespace causeway::gateway {
namespace {

bool has_hmac(const WebhookEndpoint& endpoint) {
    return endpoint.signing != WebhookSigning::ed25519;
}

bool has_ed25519(const WebhookEndpoint& endpoint) {
    return endpoint.signing != WebhookSigning::hmac;
}

Result<void> unseal_into(std::vector<std::string>& keys,
                         const SealedKey& sealed,
                         const WebhookEndpoint& endpoint,
                         const Vault& vault) {
    Result<std::string> key = vault.unseal(sealed, endpoint.id);
    if (!key) {
        return Error(ErrorCode::integrity,
                     "the keys of " + to_text(kWebhookPrefix, endpoint.id) + " do not open");
    }
    keys.push_back(*std::move(key));
    return {};
}

}  // namespace

std::string_view to_string(WebhookSigning signing) noexcept {
    switch (signing) {
        case WebhookSigning::hmac: return "hmac";
        case WebhookSigning::ed25519: return "ed25519";
        case WebhookSigning::both: return "both";
    }
    return "";
}

Result<WebhookKeys> keys_of(const WebhookEndpoint& endpoint, const Vault& vault, Timestamp now) {
    WebhookKeys keys;
    Result<void> opened;
    const bool overlaps = now < endpoint.previous_until;
    if (has_hmac(endpoint)) opened = unseal_into(keys.secrets, endpoint.secret, endpoint, vault);
    if (opened && overlaps && endpoint.previous_secret) {
        opened = unseal_into(keys.secrets, *endpoint.previous_secret, endpoint, vault);
    }
    if (opened && endpoint.signing_key) {
        opened = unseal_into(keys.signing_keys, *endpoint.signing_key, endpoint, vault);
    }
    if (opened && overlaps && endpoint.previous_signing_key) {
        opened = unseal_into(keys.signing_keys, *endpoint.previous_signing_key, endpoint, vault);
    }
    if (!opened) return opened.error();
    return keys;
}

std::string renew_keys(WebhookEndpoint& endpoint,
                       const Vault& vault,
                       Entropy& entropy,
                       Timestamp now) {
    endpoint.previous_until = now + kOldKeySigns;
    endpoint.vault_key = vault.key_name();
    std::string shown;
    if (has_hmac(endpoint)) {
        const std::string secret = make_webhook_key(entropy);
        if (!endpoint.secret.empty()) endpoint.previous_secret = std::move(endpoint.secret);
        endpoint.secret = vault.seal(secret, endpoint.id);
        shown = webhook_secret_text(secret);
    }
    if (has_ed25519(endpoint)) {
        const std::string key = make_webhook_key(entropy);
        endpoint.previous_signing_key = std::move(endpoint.signing_key);
        endpoint.signing_key = vault.seal(key, endpoint.id);
        endpoint.public_key = webhook_public_key_text(key);
    }
    return shown;
}

std::string render_endpoint(const WebhookEndpoint& endpoint, std::string_view secret) {
    json::object members;
    members["id"] = to_text(kWebhookPrefix, endpoint.id);
    members["object"] = "webhook_endpoint";
    members["created_at"] = to_rfc3339(endpoint.created_at);
    members["livemode"] = endpoint.scope.livemode;
    members["url"] = endpoint.url;
    members["events"] = json::array(endpoint.events.begin(), endpoint.events.end());
    members["status"] = endpoint.enabled ? "enabled" : "disabled";
    members["secret"] = secret.empty() ? json::value(nullptr) : json::value(json::string(secret));
    members["public_key"] =
        endpoint.public_key.empty() ? json::value(nullptr) : json::value(endpoint.public_key);
    return json::serialize(members);
}

Result<void> check_webhook_url(std::string_view text, bool allow_private) {
    const Result<net::Url> url = net::parse_url(text);
    if (!url) return url.error();
    if (allow_private) return {};
    if (!url->tls) return Error(ErrorCode::invalid_argument, "the URL must begin with https://");
    boost::system::error_code not_an_address;
    const auto address = boost::asio::ip::make_address(url->host, not_an_address);
    const bool local = url->host == "localhost" || url->host.ends_with(".localhost");
    if (local || (!not_an_address && !net::is_public(address))) {
        return Error(ErrorCode::invalid_argument, "the URL does not lead to a public address");
    }
    return {};
}

bool is_subscription(std::string_view wanted) noexcept {
    if (wanted == "*" || is_event_type(wanted)) return true;
    if (!wanted.ends_with(".*")) return false;
    const std::string_view family = wanted.substr(0, wanted.size() - 1);
    return std::ranges::any_of(
        event_types(), [family](std::string_view type) { return type.starts_with(family); });
}

}  // namespace causeway::gateway
