// SPDX-License-Identifier: Apache-2.0
//
// Heads and proofs from the command line. Two of these commands need the database; the other two
// need nothing but files, so that they run where no gateway is.
#pragma once

#include "gateway/cli/command.h"

#include <string>

namespace causeway::gateway {

/// Signs a head over all that has none, and shows the last one; with --out its file.
[[nodiscard]] CommandOutput ledger_head(CommandContext& context, const CommandRequest& request);

/// Argument: "pay_..." for all that was booked when the payment was captured and refunded, or
/// "je_..." for one entry. Makes a head first where that is needed.
[[nodiscard]] CommandOutput ledger_prove(CommandContext& context, const CommandRequest& request);

/// Makes the signing key file of --out, and beside it the public key file with ".pub" at the end.
[[nodiscard]] CommandOutput ledger_keygen(const CommandRequest& request);

/// Checks a file that `ledger prove` or `ledger head` wrote; exit 1 when it is broken. The files
/// of the request: it, and the public key file.
[[nodiscard]] CommandOutput ledger_check_proof(const CommandRequest& request);

}  // namespace causeway::gateway
