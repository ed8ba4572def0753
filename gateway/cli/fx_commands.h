// SPDX-License-Identifier: Apache-2.0
//
// "fx ...": the rates this gateway quotes by.
#pragma once

#include "fx/rate_book.h"
#include "gateway/cli/command.h"

namespace causeway::gateway {

/// Files: ECB history or daily files, CSV or XML. All of a file or nothing of it.
[[nodiscard]] CommandOutput fx_import(CommandContext& context, const CommandRequest& request);

/// Option date: the newest table of that day or before; default today.
[[nodiscard]] CommandOutput fx_rates(CommandContext& context, const CommandRequest& request);

/// Arguments: AMOUNT FROM TO, such as 100.00 USD EUR. At the mid rate, without a margin.
[[nodiscard]] CommandOutput fx_convert(CommandContext& context, const CommandRequest& request);

/// Publishes the newest table of the database in `book`; a database without any gets the table
/// that the program brings.
[[nodiscard]] Result<void> load_rate_book(ledger::Database& database,
                                          const Clock& clock,
                                          fx::RateBook& book);

}  // namespace causeway::gateway
