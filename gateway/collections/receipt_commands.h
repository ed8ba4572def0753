// SPDX-License-Identifier: Apache-2.0
//
// The commands `receipts list` and `receipts decide`: what buyers paid later, and what becomes of
// that part of it which stands apart.
#pragma once

#include "gateway/cli/command.h"

namespace causeway::gateway {

/// Newest first. Options: `state`, `payment`, `limit` (1 to 1000), `json`.
[[nodiscard]] CommandOutput receipts_list(CommandContext& context, const CommandRequest& request);

/// Argument: a receipt's id (rcp_...). Options: `as` (credit, hold, refund), `reason`,
/// `sent-back-as`, `by`, `json`.
[[nodiscard]] CommandOutput receipts_decide(CommandContext& context, const CommandRequest& request);

}  // namespace causeway::gateway
