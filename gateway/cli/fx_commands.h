// SPDX-License-Identifier: Apache-2.0
//
// "fx ...": the rates this gateway quotes by, and what came of quoting.
#pragma once

#include "gateway/cli/command.h"

namespace causeway::gateway {

/// Files of a source (option source; default: the one asked first). All of a file or nothing of
/// it. Flags correct and gaps.
[[nodiscard]] CommandOutput fx_import(CommandContext& context, const CommandRequest& request);

/// Arguments: sources; none: all that have an address.
[[nodiscard]] CommandOutput fx_fetch(CommandContext& context, const CommandRequest& request);

/// The rates that leapt and wait for a human; exit code 1 when there are any.
[[nodiscard]] CommandOutput fx_held(CommandContext& context, const CommandRequest& request);

/// Arguments: SOURCE DAY CURRENCY; option reason.
[[nodiscard]] CommandOutput fx_release(CommandContext& context, const CommandRequest& request);
[[nodiscard]] CommandOutput fx_reject(CommandContext& context, const CommandRequest& request);

/// Without an argument the newest table of the option date or before. With PAIR, such as USD/BRL,
/// its history from option since, as a list, a plot (flag plot) or a picture (flag svg).
[[nodiscard]] CommandOutput fx_rates(CommandContext& context, const CommandRequest& request);

/// Arguments: AMOUNT FROM TO, such as 100.00 USD EUR. At the mid rate, without a margin.
[[nodiscard]] CommandOutput fx_convert(CommandContext& context, const CommandRequest& request);

/// Arguments: AMOUNT FROM TO; options merchant, valid-for; flag target. What a quote would say,
/// with what a buyer must see; nothing is stored.
[[nodiscard]] CommandOutput fx_quote(CommandContext& context, const CommandRequest& request);

}  // namespace causeway::gateway
