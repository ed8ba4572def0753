// SPDX-License-Identifier: Apache-2.0
//
// "ledger ...": what an accountant and an auditor ask of the books.
#pragma once

#include "gateway/cli/command.h"

namespace causeway::gateway {

/// Checks everything; exit 1 when anything is wrong, naming the first broken entry.
[[nodiscard]] CommandOutput ledger_verify(CommandContext& context, const CommandRequest& request);
/// Argument: "je_01J...".
[[nodiscard]] CommandOutput ledger_entry(CommandContext& context, const CommandRequest& request);

}  // namespace causeway::gateway
