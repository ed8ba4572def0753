// SPDX-License-Identifier: Apache-2.0
//
// The step of the schema that gives keys names, permissions and an end, merchants a platform, and
// customers a place.
#pragma once

#include "ledger/store/database.h"

#include <string_view>

namespace causeway::gateway {

[[nodiscard]] std::string_view merchants_schema_sql() noexcept;

/// Gives keys of the release before an id, and those that were restricted what they could do.
[[nodiscard]] Result<void> upgrade_merchants(ledger::Transaction& tx);

}  // namespace causeway::gateway
