// SPDX-License-Identifier: Apache-2.0
//
// "merchants ..." and "keys ...": who may take payments here.
#pragma once

#include "gateway/cli/command.h"

namespace causeway::gateway {

/// Options: name, country, currency, settles (comma list), fee-bps, fee-fixed ("USD=30,EUR=25").
[[nodiscard]] CommandOutput merchants_create(CommandContext& context,
                                             const CommandRequest& request);
[[nodiscard]] CommandOutput merchants_list(CommandContext& context, const CommandRequest& request);

/// Options: merchant, type, mode. Shows the key once.
[[nodiscard]] CommandOutput keys_create(CommandContext& context, const CommandRequest& request);

}  // namespace causeway::gateway
