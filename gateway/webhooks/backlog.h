// SPDX-License-Identifier: Apache-2.0
//
// How much of the outbox is left to be sent.
#pragma once

#include "ledger/clock.h"
#include "ledger/store/database.h"

#include <cstdint>
#include <optional>

namespace causeway::gateway {

struct WebhookBacklog {
    std::int64_t waiting = 0;             ///< Due now or later.
    std::optional<Timestamp> oldest_due;  ///< May lie in the future.
};

/// Errors: `storage`.
[[nodiscard]] Result<WebhookBacklog> webhook_backlog(ledger::Transaction& tx);

}  // namespace causeway::gateway
