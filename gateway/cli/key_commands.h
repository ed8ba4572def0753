// SPDX-License-Identifier: Apache-2.0
//
// "keys ...": who may speak for a merchant, and what about.
#pragma once

#include "gateway/cli/command.h"

namespace causeway::gateway {

/// Options: merchant, kind (or type), mode, allow (a comma list, of a restricted key), name. Shows
/// the key, this once.
[[nodiscard]] CommandOutput keys_create(CommandContext& context, const CommandRequest& request);

/// Option: merchant. A key is shown by its id and its last four characters.
[[nodiscard]] CommandOutput keys_list(CommandContext& context, const CommandRequest& request);

/// Argument: the key's id.
[[nodiscard]] CommandOutput keys_revoke(CommandContext& context, const CommandRequest& request);

}  // namespace causeway::gateway
