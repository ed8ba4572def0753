// SPDX-License-Identifier: Apache-2.0
#include "gateway/webhooks/verdict.h"

namespace causeway::gateway {
namespace {

using ledger::Transaction;

Result<void> disable(Transaction& tx, VerdictParts parts, WebhookEndpoint& endpoint) {
    endpoint.enabled = false;
    endpoint.disabled_because = "gone";
    const Result<void> stored = update_endpoint(tx, endpoint);
    if (!stored) return stored.error();
    const Result<void> ended = abandon_deliveries(tx, endpoint.id, "canceled", Timestamp::max());
    if (!ended) return ended.error();
    const EventFacts facts{.scope = endpoint.scope,
                           .type = "webhook_endpoint.disabled",
                           .object = render_endpoint(endpoint),
                           .previous = R"({"status":"enabled"})"};
    const Result<Uuid> told = record_event(tx, parts.ids, parts.clock, facts);
    if (!told) return told.error();
    return {};
}

Result<void> move_circuit(Transaction& tx, WebhookEndpoint& endpoint, bool alive, Timestamp now) {
    const Circuit before{.failures = endpoint.failures, .paused_until = endpoint.paused_until};
    const Circuit after = circuit_after(before, alive, now);
    if (after == before) return {};
    endpoint.failures = after.failures;
    endpoint.paused_until = after.paused_until;
    const Result<void> stored = update_endpoint(tx, endpoint);
    if (!stored || alive) return stored;
    // Nobody tries what waits behind a dead endpoint one by one, so age alone ends it.
    return abandon_deliveries(tx, endpoint.id, "failed", now - kWebhookAgeMax);
}

}  // namespace

DeliveryMove move_after(const HeldDelivery& held,
                        const WebhookAnswer& answer,
                        Entropy& entropy,
                        Timestamp now) {
    const int tries = held.tries + 1;
    if (is_delivered(answer)) return {.state = "delivered", .tries = tries, .next = std::nullopt};
    const std::optional<std::chrono::microseconds> pause = retry_pause(tries, entropy);
    if (answer.status == kStatusGone || !pause || now - held.begun > kWebhookAgeMax) {
        return {.state = "failed", .tries = tries, .next = std::nullopt};
    }
    return {.state = "pending", .tries = tries, .next = now + *pause};
}

Result<bool> apply_verdict(Transaction& tx,
                           VerdictParts parts,
                           const HeldDelivery& held,
                           const WebhookAttempt& attempt,
                           const DeliveryMove& move) {
    const bool gone = attempt.answer.status == kStatusGone;
    const bool alive = is_alive(attempt.answer);
    std::optional<WebhookEndpoint> endpoint;
    if (gone || !alive || held.endpoint.failures > 0) {
        // Before the delivery's row: whoever takes both takes them in this order.
        Result<WebhookEndpoint> locked = lock_endpoint(tx, held.endpoint.id);
        const bool deleted = !locked && locked.error().code() == ErrorCode::not_found;
        if (!locked && !deleted) return locked.error();
        if (locked) endpoint = *std::move(locked);
    }
    const Result<bool> finished = finish_delivery(tx, held, attempt, move);
    if (!finished) return finished.error();
    if (!endpoint) return false;
    if (gone && endpoint->enabled) {
        const Result<void> done = disable(tx, parts, *endpoint);
        if (!done) return done.error();
        return true;
    }
    const Result<void> moved = move_circuit(tx, *endpoint, alive, parts.clock.now());
    if (!moved) return moved.error();
    return false;
}

}  // namespace causeway::gateway
