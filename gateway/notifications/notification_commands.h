// SPDX-License-Identifier: Apache-2.0
//
// The commands `causeway notifications list` and `show`: what providers told us, and what we made
// of it.
#pragma once

#include "gateway/cli/command.h"

namespace causeway::gateway {

/// --connector, --verdict, --limit.
CommandOutput notifications_list(CommandContext& context, const CommandRequest& request);

/// One message with its notices. --reveal opens the seal and prints the body as it came, which may
/// name the buyer; it needs the vault's key, and so --config.
CommandOutput notifications_show(CommandContext& context, const CommandRequest& request);

}  // namespace causeway::gateway
