// SPDX-License-Identifier: Apache-2.0
//
// "causeway sandbox boleto" and "causeway sandbox pix": a bank, and a provider of Pix.
#pragma once

#include "gateway/cli/sandbox_options.h"

namespace causeway::gateway {

/// Each runs until a signal and returns an exit code. Throws as net::HttpListener.
[[nodiscard]] int run_boleto_sandbox(const ProviderSandboxChoice& choice);
[[nodiscard]] int run_pix_sandbox(const ProviderSandboxChoice& choice);

}  // namespace causeway::gateway
