// SPDX-License-Identifier: Apache-2.0
//
// Every command that works on the database, by name. The server's admin socket and the command
// line both look here.
#pragma once

#include "gateway/cli/command.h"

#include <string_view>

namespace causeway::gateway {

/// Runs the command. An unknown name is a usage error.
[[nodiscard]] CommandOutput run_command(CommandContext& context, const CommandRequest& request);

}  // namespace causeway::gateway
