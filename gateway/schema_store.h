// SPDX-License-Identifier: Apache-2.0
//
// The whole schema of a Causeway database: the journal's tables, the rates and quotes, and the
// gateway's own rows, as numbered steps.
#pragma once

#include "ledger/store/database.h"

#include <span>

namespace causeway::gateway {

/// Every migration in order. A committed step is never edited; a change is a step of its own.
[[nodiscard]] std::span<const ledger::Migration> schema();

}  // namespace causeway::gateway
