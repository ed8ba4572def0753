// SPDX-License-Identifier: Apache-2.0
//
// The journal for programs that are not ours. What it prints is of any length, so it comes in
// pieces.
#pragma once

#include "gateway/cli/command.h"

namespace causeway::gateway {

/// Options: format (hledger, beancount, csv).
[[nodiscard]] CommandOutput ledger_export(CommandContext& context, const CommandRequest& request);

}  // namespace causeway::gateway
