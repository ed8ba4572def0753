// SPDX-License-Identifier: Apache-2.0
//
// The commands `boleto remessa` and `boleto retorno`: files to and from a bank.
#pragma once

#include "gateway/cli/command.h"

namespace causeway::gateway {

/// Writes the next file. Options: `bank` (the connector; may be left out when one alone exchanges
/// files), `date`, `again` (the number of a file that was written), `json`. The file is one of the
/// output's. Exit 4 when an operation did not fit into the form.
[[nodiscard]] CommandOutput boleto_remessa(CommandContext& context, const CommandRequest& request);

/// Reads files. Options: `bank` (when absent: the connector that can read the file), `json` (one
/// object a line, one line a file). All are read and checked before the first is applied. Exit 1:
/// something is for a person to look at; 4: lines could not be used.
[[nodiscard]] CommandOutput boleto_retorno(CommandContext& context, const CommandRequest& request);

}  // namespace causeway::gateway
