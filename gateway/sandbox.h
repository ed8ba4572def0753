// SPDX-License-Identifier: Apache-2.0
//
// "causeway sandbox": the providers' side, in a process of its own.
#pragma once

#include "gateway/cli/command_line.h"

namespace causeway::gateway {

/// Runs a provider until a signal, prints the acquirer's books, or writes a settlement file.
/// Returns an exit code.
[[nodiscard]] int run_sandbox(const SandboxChoice& choice);

}  // namespace causeway::gateway
