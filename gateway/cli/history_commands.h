// SPDX-License-Identifier: Apache-2.0
//
// "ledger trial-balance" and "ledger statement": what accounts hold, now or at a moment of the
// past, and how they came to it.
#pragma once

#include "gateway/cli/command.h"

namespace causeway::gateway {

/// Options: "at", an RFC 3339 time or a date, which means the end of that day in UTC; "clock",
/// "effective" (without it) or "recorded".
[[nodiscard]] CommandOutput ledger_trial_balance(CommandContext& context,
                                                 const CommandRequest& request);
/// Arguments: owner, purpose, currency. Options: "limit" (50 without it), "before", a cursor that
/// the page before has printed.
[[nodiscard]] CommandOutput ledger_statement(CommandContext& context,
                                             const CommandRequest& request);

}  // namespace causeway::gateway
