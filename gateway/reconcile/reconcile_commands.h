// SPDX-License-Identifier: Apache-2.0
//
// The commands `reconcile run`, `reconcile show` and `reconcile exceptions`.
#pragma once

#include "gateway/cli/command.h"

namespace causeway::gateway {

/// Matches the providers' files against what we expect. Options: `profile` (adyen), `connector`
/// (when absent: the only one that has expectations), `dry-run`, `json` (one object a line, one
/// line a file). Every file is read and checked before the first is applied; each is applied
/// whole. Exit 1 when there are exceptions, also when the same file comes again.
[[nodiscard]] CommandOutput reconcile_run(CommandContext& context, const CommandRequest& request);

/// One run as it was found. Argument: its id (rec_...). Option: `json`.
[[nodiscard]] CommandOutput reconcile_show(CommandContext& context, const CommandRequest& request);

/// The exceptions of every run. Options: `status` (one class), `json`.
[[nodiscard]] CommandOutput reconcile_exceptions(CommandContext& context,
                                                 const CommandRequest& request);

}  // namespace causeway::gateway
