// SPDX-License-Identifier: Apache-2.0
//
// A file of instructions to a bank, written and read by the same tables. The reader is for those
// who play the bank; it takes what the writer writes, and refuses the whole file for one fault.
#pragma once

#include "connectors/boleto/cnab/instruction.h"
#include "ledger/result.h"

#include <string>
#include <string_view>

namespace causeway::connectors::cnab {

/// The bytes to send, CRLF after every line, and 0x1A at the end where the bank wants it.
///
/// Nothing is computed: digits of account and nosso número come from the caller.
///
/// Errors: `invalid_argument` with line, column and field, when a value does not fit or this bank
/// has no field for it. Only names and addresses are cut.
[[nodiscard]] Result<std::string> write_remessa(const Remessa& remessa);

/// Errors: `invalid_argument` with line, column, field and reason of the first fault.
[[nodiscard]] Result<Remessa> read_remessa(const Layout& layout, std::string_view bytes);

}  // namespace causeway::connectors::cnab
