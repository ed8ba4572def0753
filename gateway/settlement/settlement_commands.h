// SPDX-License-Identifier: Apache-2.0
//
// The commands `settle run`, `settle show` and `settle report`.
#pragma once

#include "gateway/cli/command.h"

namespace causeway::gateway {

/// Closes everything that is open and was created before the end of a UTC day, one settlement for
/// each merchant, mode and currency, each atomic by itself. Options: `date` (YYYY-MM-DD or
/// "today", which means up to now; yesterday when absent), `merchant`, `dry-run`, `json`. Hands
/// out `<id>.csv` and `<id>.json` for each settlement. Nothing open is success and says so.
[[nodiscard]] CommandOutput settle_run(CommandContext& context, const CommandRequest& request);

/// One settlement with its lines. Argument: its id. Option: `json`.
[[nodiscard]] CommandOutput settle_show(CommandContext& context, const CommandRequest& request);

/// One settlement's report on standard output. Argument: its id. Option: `format`, csv or json.
/// Exit 1 when the CSV no longer is the one that was closed.
[[nodiscard]] CommandOutput settle_report(CommandContext& context, const CommandRequest& request);

}  // namespace causeway::gateway
