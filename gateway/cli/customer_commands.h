// SPDX-License-Identifier: Apache-2.0
//
// "customers ...": what they show of a person is unsealed, so they need the configuration, which
// names the vault's key file.
#pragma once

#include "gateway/cli/command.h"

namespace causeway::gateway {

/// Options: merchant, mode, name, email, country, date-of-birth.
[[nodiscard]] CommandOutput customers_create(CommandContext& context,
                                             const CommandRequest& request);
/// Options: merchant, mode, limit, starting-after. Newest first.
[[nodiscard]] CommandOutput customers_list(CommandContext& context, const CommandRequest& request);
/// Argument: an id, of any merchant.
[[nodiscard]] CommandOutput customers_show(CommandContext& context, const CommandRequest& request);

}  // namespace causeway::gateway
