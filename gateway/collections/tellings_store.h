// SPDX-License-Identifier: Apache-2.0
//
// What each channel has told of receipts, and who may look for a receipt that nobody's row guards.
#pragma once

#include "ledger/store/database.h"

#include <string_view>

namespace causeway::gateway {

/// A row for each connector that has told of money for nothing of ours.
[[nodiscard]] std::string_view unmatched_schema_sql();

/// What is told of no instrument of ours has no payment whose row would make others wait. Until the
/// batch has ended nobody else looks for, or makes, a receipt of this connector's that is
/// unmatched.
[[nodiscard]] Result<void> lock_unmatched(ledger::Transaction& tx, std::string_view connector);

}  // namespace causeway::gateway
