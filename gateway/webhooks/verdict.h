// SPDX-License-Identifier: Apache-2.0
//
// What a receiver's answer means for a delivery and for its endpoint, and the transaction that
// makes it so.
#pragma once

#include "gateway/webhooks/delivery.h"
#include "ledger/clock.h"
#include "ledger/entropy.h"
#include "ledger/store/database.h"

namespace causeway::gateway {

/// The receiver says that it will never want anything again. Source: Standard Webhooks 1.0.0.
inline constexpr int kStatusGone = 410;

/// The delivery after its `held.attempt`th attempt, answered at `now`.
[[nodiscard]] DeliveryMove move_after(const HeldDelivery& held,
                                      const WebhookAnswer& answer,
                                      Entropy& entropy,
                                      Timestamp now);

/// Writes the attempt down, moves the delivery and, where the answer says something about it, the
/// endpoint. An endpoint that is gone is disabled, and its merchant's other endpoints hear of it.
/// Returns whether the endpoint was disabled.
struct VerdictParts {
    IdSource& ids;
    const Clock& clock;
};
[[nodiscard]] Result<bool> apply_verdict(ledger::Transaction& tx,
                                         VerdictParts parts,
                                         const HeldDelivery& held,
                                         const WebhookAttempt& attempt,
                                         const DeliveryMove& move);

}  // namespace causeway::gateway
