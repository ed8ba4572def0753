// SPDX-License-Identifier: Apache-2.0
//
// "fx positions", "fx trade", "fx revalue": what exchange came to in the books.
#pragma once

#include "gateway/cli/command.h"

namespace causeway::gateway {

/// Every pair: what is open, what it cost, what it is worth at the day's mid rate, what it made.
/// Option date: as it was at the end of that day.
[[nodiscard]] CommandOutput fx_positions(CommandContext& context, const CommandRequest& request);

/// Argument: PAIR; options base, counter, reason, id, bank, by; flags live, test, off-market. Books
/// a hedge that was made at a bank.
[[nodiscard]] CommandOutput fx_trade(CommandContext& context, const CommandRequest& request);

/// Option date (yesterday when absent). Exit code 1 when a pair had no fresh rate.
[[nodiscard]] CommandOutput fx_revalue(CommandContext& context, const CommandRequest& request);

}  // namespace causeway::gateway
