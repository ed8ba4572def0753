// SPDX-License-Identifier: Apache-2.0
//
// The outbox: one delivery for each event and endpoint, and one line for every attempt.
//
// A process that sends a delivery holds a lease on it. When it dies the lease runs out, and
// somebody sends the same message under the same id again: at least once, never "exactly".
#pragma once

#include "gateway/webhooks/endpoint.h"
#include "gateway/webhooks/event.h"
#include "gateway/webhooks/plan.h"
#include "gateway/webhooks/sender.h"
#include "ledger/store/database.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace causeway::gateway {

/// Every endpoint that something waits for. One that is gone or disabled is `orphaned`: another
/// process recorded an event before it knew.
[[nodiscard]] Result<std::vector<WebhookQueue>> webhook_queues(ledger::Transaction& tx);

/// A delivery that this process holds.
struct HeldDelivery {
    Uuid event;
    Uuid lease;
    int attempt = 1;  ///< Counts over redeliveries.
    int tries = 0;    ///< Made so far, on the schedule that it is on.
    Timestamp begun;  ///< Of that schedule.
    std::string body;
    std::string traceparent;
    WebhookEndpoint endpoint;
};

struct Lease {
    Uuid id;  ///< New for every claim.
    Timestamp now;
    Timestamp until;
};

/// Takes what the turns allow and is due. It is due again when the lease ends.
[[nodiscard]] Result<std::vector<HeldDelivery>> claim_deliveries(
    ledger::Transaction& tx, const Lease& lease, std::span<const WebhookTurn> turns);

/// One attempt, as it is written down.
struct WebhookAttempt {
    Uuid endpoint;
    int attempt = 0;  ///< 0: none was made yet.
    WebhookAnswer answer;
    std::chrono::milliseconds duration{0};
    std::optional<Timestamp> attempted_at;
    std::optional<Timestamp> next_at;
};

/// What a delivery becomes: `next` is empty when it is over.
struct DeliveryMove {
    std::string_view state;
    int tries = 0;
    std::optional<Timestamp> next;
};

/// Writes the attempt down, and moves the delivery unless somebody else holds it by now.
[[nodiscard]] Result<bool> finish_delivery(ledger::Transaction& tx,
                                           const HeldDelivery& held,
                                           const WebhookAttempt& attempt,
                                           const DeliveryMove& move);

/// Ends what waits for an endpoint unless that is enabled.
[[nodiscard]] Result<std::int64_t> end_orphans(ledger::Transaction& tx, const Uuid& endpoint);

/// Ends what waits for an endpoint and began before `begun_before`.
[[nodiscard]] Result<void> abandon_deliveries(ledger::Transaction& tx,
                                              const Uuid& endpoint,
                                              std::string_view state,
                                              Timestamp begun_before);

/// Sends an event again, now, to every enabled endpoint that wants its type.
[[nodiscard]] Result<void> redeliver_event(ledger::Transaction& tx,
                                           const EventRow& event,
                                           Timestamp now);

/// For the only process on a database, when it starts: what an earlier one held is due now.
[[nodiscard]] Result<std::int64_t> free_leases(ledger::Transaction& tx, Timestamp now);

/// Newest first, at most 100; deliveries that were not tried yet before all others.
[[nodiscard]] Result<std::vector<WebhookAttempt>> list_attempts(ledger::Transaction& tx,
                                                                const Uuid& event);
[[nodiscard]] std::string render_attempt(const WebhookAttempt& attempt);

}  // namespace causeway::gateway
