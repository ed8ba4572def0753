// SPDX-License-Identifier: Apache-2.0
//
// A reconciliation for people and for programs. Both are made of what is stored, so the first run
// of a file and its repetition read alike.
#pragma once

#include "gateway/reconcile/run.h"

#include <span>
#include <string>

namespace causeway::gateway {

/// The counts of each class, the totals of each currency, then every exception.
[[nodiscard]] std::string run_text(const ReconciliationRun& run, bool dry_run);

/// The run as the HTTP API shows it and its `exceptions`, as one line. A run that was not stored
/// has no id.
[[nodiscard]] std::string run_json(const ReconciliationRun& run, bool dry_run);

[[nodiscard]] std::string exceptions_text(std::span<const ReconciliationItem> items);

/// A list object of the HTTP API, as one line.
[[nodiscard]] std::string exceptions_json(std::span<const ReconciliationItem> items);

}  // namespace causeway::gateway
