// SPDX-License-Identifier: Apache-2.0
#include "gateway/webhooks/desk.h"

#include "gateway/webhooks/delivery.h"
#include "ledger/digest.h"

namespace causeway::gateway {
namespace {

using ledger::Transaction;

KeySource keys_from(const Workshop& shop, const WebhookDesk& desk) {
    return {.vault = shop.vault, .entropy = desk.entropy, .ids = shop.ids, .now = shop.clock.now()};
}

// "we_01J...:" and base 64: how an answer with a secret in it waits for being asked for again.
std::string sealed_answer(const Vault& vault, const Uuid& endpoint, const std::string& body) {
    return to_text(kWebhookPrefix, endpoint) + ":" + to_base64(vault.seal(body, endpoint));
}

Result<Step> opened(const Vault& vault, Step step) {
    if (!step.reply || !step.reply->replayed) return step;
    const std::string& body = step.reply->body;
    const std::size_t colon = body.find(':');
    if (!body.starts_with(kWebhookPrefix) || colon == std::string::npos) return step;
    const Result<Uuid> endpoint = parse_id(kWebhookPrefix, std::string_view(body).substr(0, colon));
    if (!endpoint) return step;
    const Result<std::string> bytes = from_base64(std::string_view(body).substr(colon + 1));
    if (!bytes) return bytes.error();
    const std::span<const std::uint8_t> sealed(reinterpret_cast<const std::uint8_t*>(bytes->data()),
                                               bytes->size());
    Result<std::string> text = vault.unseal(sealed, *endpoint);
    if (!text) return text.error();
    step.reply->body = *std::move(text);
    return step;
}

Result<Step> answer_with_secret(Transaction& tx,
                                const Workshop& shop,
                                const Caller& caller,
                                int status,
                                const KeyedEndpoint& keyed) {
    const std::string body = render_endpoint(keyed.endpoint, keyed.secret);
    Result<Step> step =
        answer(tx, caller, status, sealed_answer(shop.vault, keyed.endpoint.id, body));
    if (step && step->reply) step->reply->body = body;
    return step;
}

Result<Step> not_there(Transaction& tx, const Caller& caller, const Error& error) {
    if (error.code() != ErrorCode::not_found) return error;
    return refuse(tx, caller, make_problem("not_found", "There is no such object."));
}

}  // namespace

Result<KeyedEndpoint> add_endpoint(Transaction& tx,
                                   KeySource keys,
                                   Scope scope,
                                   const CreateEndpoint& wish) {
    const Result<std::int64_t> count = count_endpoints(tx, scope);
    if (!count) return count.error();
    if (*count >= kEndpointsMax) {
        return Error(ErrorCode::limit_exceeded,
                     "there may be " + std::to_string(kEndpointsMax) + " webhook endpoints");
    }
    KeyedEndpoint keyed;
    WebhookEndpoint& endpoint = keyed.endpoint;
    endpoint.id = keys.ids.next();
    endpoint.scope = scope;
    endpoint.url = wish.url;
    endpoint.events = wish.events.empty() ? std::vector<std::string>{"*"} : wish.events;
    endpoint.signing = wish.signing;
    endpoint.created_at = keys.now;
    keyed.secret = renew_keys(endpoint, keys.vault, keys.entropy, keys.now);
    const Result<void> stored = insert_endpoint(tx, endpoint);
    if (!stored) return stored.error();
    return keyed;
}

Result<KeyedEndpoint> rotate_endpoint(Transaction& tx, KeySource keys, const Uuid& id) {
    Result<WebhookEndpoint> endpoint = lock_endpoint(tx, id);
    if (!endpoint) return endpoint.error();
    KeyedEndpoint keyed{.endpoint = *std::move(endpoint), .secret = {}};
    keyed.secret = renew_keys(keyed.endpoint, keys.vault, keys.entropy, keys.now);
    const Result<void> stored = update_endpoint(tx, keyed.endpoint);
    if (!stored) return stored.error();
    return keyed;
}

Result<Step> create_endpoint_step(Transaction& tx,
                                  const Workshop& shop,
                                  const WebhookDesk& desk,
                                  const Caller& caller,
                                  const CreateEndpoint& wish) {
    Result<Claimed> claimed = claim_key(tx, shop, caller, "");
    if (!claimed) return claimed.error();
    if (claimed->step) return opened(shop.vault, *std::move(claimed->step));
    const Result<KeyedEndpoint> keyed = add_endpoint(tx, keys_from(shop, desk), caller.scope, wish);
    if (!keyed && keyed.error().code() == ErrorCode::limit_exceeded) {
        return refuse(tx, caller, make_problem("invalid_request", keyed.error().detail() + "."));
    }
    if (!keyed) return keyed.error();
    return answer_with_secret(tx, shop, caller, 201, *keyed);
}

Result<Step> rotate_endpoint_step(Transaction& tx,
                                  const Workshop& shop,
                                  const WebhookDesk& desk,
                                  const Caller& caller,
                                  const Uuid& id) {
    Result<Claimed> claimed = claim_key(tx, shop, caller, "");
    if (!claimed) return claimed.error();
    if (claimed->step) return opened(shop.vault, *std::move(claimed->step));
    const Result<WebhookEndpoint> known = load_endpoint(tx, id, caller.scope);
    if (!known) return not_there(tx, caller, known.error());
    const Result<KeyedEndpoint> keyed = rotate_endpoint(tx, keys_from(shop, desk), id);
    if (!keyed) return keyed.error();
    return answer_with_secret(tx, shop, caller, 200, *keyed);
}

Result<Step> delete_endpoint_step(Transaction& tx,
                                  const Workshop& shop,
                                  const Caller& caller,
                                  const Uuid& id) {
    Result<Claimed> claimed = claim_key(tx, shop, caller, "");
    if (!claimed) return claimed.error();
    if (claimed->step) return *std::move(claimed->step);
    const Result<WebhookEndpoint> known = load_endpoint(tx, id, caller.scope);
    if (!known) return not_there(tx, caller, known.error());
    const Result<void> deleted = delete_endpoint(tx, id);
    if (!deleted) return deleted.error();
    return answer(tx, caller, 204, "");
}

Result<Step> redeliver_step(Transaction& tx,
                            const Workshop& shop,
                            const Caller& caller,
                            const Uuid& event) {
    Result<Claimed> claimed = claim_key(tx, shop, caller, "");
    if (!claimed) return claimed.error();
    if (claimed->step) return *std::move(claimed->step);
    const Result<EventRow> known = load_event(tx, event, caller.scope);
    if (!known) return not_there(tx, caller, known.error());
    const Result<void> queued = redeliver_event(tx, *known, shop.clock.now());
    if (!queued) return queued.error();
    const Result<EventRow> now_pending = load_event(tx, event, caller.scope);
    if (!now_pending) return now_pending.error();
    return answer(tx, caller, 200, render_event(*now_pending));
}

}  // namespace causeway::gateway
