// SPDX-License-Identifier: Apache-2.0
//
// When what is sent to whom: the rules of delivery as functions of what is waiting and of the
// time, without a database, a socket or a clock.
//
// Every endpoint is a queue of its own. One that does not answer is asked with one message at a
// time, less and less often, and all that do not answer have half of the room between them: the
// others never wait for the dead.
#pragma once

#include "gateway/webhooks/sender.h"
#include "ledger/clock.h"
#include "ledger/entropy.h"
#include "ledger/id.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace causeway::gateway {

/// 0 s, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h, each after the try before.
inline constexpr int kWebhookTries = 10;
/// What is older has been given up, whether it had all its tries or waited behind a dead endpoint.
inline constexpr std::chrono::hours kWebhookAgeMax{96};
/// Messages in a row that nobody took before an endpoint counts as dead.
inline constexpr std::int64_t kFailuresToPause = 3;

/// From the end of the try that failed, the `tries_done`th, to the next; none when it was the last.
/// Up to a tenth is added by chance, so that what failed together does not come back together.
[[nodiscard]] std::optional<std::chrono::microseconds> retry_pause(int tries_done,
                                                                   Entropy& entropy);

/// What an endpoint's state becomes with a message's fate.
struct Circuit {
    std::int64_t failures = 0;
    Timestamp paused_until;

    friend bool operator==(const Circuit&, const Circuit&) = default;
};
[[nodiscard]] Circuit circuit_after(const Circuit& before, bool answered, Timestamp now);

/// One endpoint that something waits for.
struct WebhookQueue {
    Uuid endpoint;
    Timestamp head_due;  ///< Of the delivery that is due first.
    Circuit circuit;
    int in_flight = 0;      ///< Sent by this process and not yet answered.
    bool orphaned = false;  ///< Its endpoint was deleted or disabled while an event came.
};

/// Take up to `most` due deliveries of that endpoint.
struct WebhookTurn {
    Uuid endpoint;
    int most = 0;

    friend bool operator==(const WebhookTurn&, const WebhookTurn&) = default;
};

struct WebhookRoom {
    int at_once = 64;          ///< Messages in flight altogether.
    int at_once_endpoint = 8;  ///< To one endpoint.
};

struct WebhookPlan {
    std::vector<WebhookTurn> turns;
    std::optional<Timestamp> wake_at;  ///< When something becomes due that is not now.
};

/// Shares the room that is left among those that are due, one message each in turn, whoever waits
/// longest first.
[[nodiscard]] WebhookPlan plan_webhooks(std::span<const WebhookQueue> queues,
                                        const WebhookRoom& room,
                                        Timestamp now);

}  // namespace causeway::gateway
