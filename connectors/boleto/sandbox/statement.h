// SPDX-License-Identifier: Apache-2.0
//
// A closed day of an account as a bank statement, camt.053.001.08.
#pragma once

#include "connectors/boleto/sandbox/books.h"

#include <string>

namespace causeway::connectors::boleto::sandbox {

/// Source: ISO 20022 camt.053.001.08, whose schema accepts it. The codes of transactions are of
/// the external set (payments, drafts, settled at maturity; account, charges), beside the bank's
/// own word for the entry.
[[nodiscard]] std::string write_statement(const HouseConfig& house,
                                          const DayStatement& statement,
                                          Timestamp made);

}  // namespace causeway::connectors::boleto::sandbox
