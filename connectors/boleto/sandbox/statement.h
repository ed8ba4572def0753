// SPDX-License-Identifier: Apache-2.0
//
// A closed day of an account as a bank statement, camt.053.001.08.
#pragma once

#include "connectors/boleto/sandbox/books.h"

#include <string>

namespace causeway::connectors::boleto::sandbox {

/// See codes::write_bank_statement. Its entries are drafts settled at maturity, charges of the
/// account, and Pix.
[[nodiscard]] std::string write_statement(const HouseConfig& house,
                                          const DayStatement& statement,
                                          Timestamp made);

}  // namespace causeway::connectors::boleto::sandbox
