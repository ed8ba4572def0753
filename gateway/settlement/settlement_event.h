// SPDX-License-Identifier: Apache-2.0
//
// What a merchant hears when a settlement has been closed.
#pragma once

#include "gateway/settlement/settlement.h"
#include "ledger/clock.h"
#include "ledger/id.h"
#include "ledger/store/database.h"

#include <string>

namespace causeway::gateway {

/// The settlement as the API's schema has it; without its lines, which are in the report.
[[nodiscard]] std::string render_settlement(const Settlement& settlement);

/// Records settlement.closed in the transaction that closes it.
[[nodiscard]] Result<void> tell_closed(ledger::Transaction& tx,
                                       IdSource& ids,
                                       const Clock& clock,
                                       const Settlement& settlement);

}  // namespace causeway::gateway
