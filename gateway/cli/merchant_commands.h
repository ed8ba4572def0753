// SPDX-License-Identifier: Apache-2.0
//
// "merchants ...": who may take payments here.
#pragma once

#include "gateway/cli/command.h"

namespace causeway::gateway {

/// Options: name, country, currency, settles (comma list), fee-bps, fee-fixed ("USD=30,EUR=25"),
/// platform (a flag), of (the platform that it stands under).
[[nodiscard]] CommandOutput merchants_create(CommandContext& context,
                                             const CommandRequest& request);
[[nodiscard]] CommandOutput merchants_list(CommandContext& context, const CommandRequest& request);

/// Argument: an id.
[[nodiscard]] CommandOutput merchants_show(CommandContext& context, const CommandRequest& request);

}  // namespace causeway::gateway
