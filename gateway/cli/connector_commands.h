// SPDX-License-Identifier: Apache-2.0
//
// "connectors list": the ways to the providers that the configuration has.
#pragma once

#include "gateway/cli/command.h"

namespace causeway::gateway {

/// From a running server also whether each is connected; only that server knows.
[[nodiscard]] CommandOutput connectors_list(CommandContext& context, const CommandRequest& request);

}  // namespace causeway::gateway
