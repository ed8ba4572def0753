// SPDX-License-Identifier: Apache-2.0
//
// "causeway sandbox rates": a publisher of rates over HTTPS, in a process of its own.
#pragma once

#include "gateway/cli/command_line.h"
#include "ledger/clock.h"
#include "ledger/currency.h"
#include "ledger/result.h"

#include <string>

namespace causeway::gateway {

/// The answer of the publisher on `today`: the newest built-in rates against `base`, dated today.
/// As a source of the kind "json" reads it.
///
/// Errors: `not_found` when there are no rates of `base`.
[[nodiscard]] Result<std::string> sandbox_rates(ledger::Currency base, Day today);

/// Serves until a signal: the file of --file as it is at each request, or sandbox_rates(). Returns
/// an exit code.
[[nodiscard]] int run_rates_sandbox(const SandboxChoice& choice);

}  // namespace causeway::gateway
