// SPDX-License-Identifier: Apache-2.0
//
// The sentences that explain a difference to the cent to whoever has to call the provider.
#pragma once

#include "gateway/reconcile/conversion.h"
#include "gateway/reconcile/expectation.h"
#include "gateway/reconcile/statement.h"

#include <string>

namespace causeway::gateway {

[[nodiscard]] std::string missing_in_file_note(const Expectation& expectation);
[[nodiscard]] std::string missing_in_ledger_note(const StatementLine& line);
[[nodiscard]] std::string amount_note(const StatementLine& line, const Expectation& expectation);
[[nodiscard]] std::string fee_note(const StatementLine& line, const Expectation& expectation);
[[nodiscard]] std::string converted_fee_note(const SettledConversion& settled);
[[nodiscard]] std::string currency_note(const StatementLine& line, const Expectation& expectation);
[[nodiscard]] std::string repeated_note(const StatementLine& line, const StatementLine& first);
[[nodiscard]] std::string confirmed_before_note(const StatementLine& line,
                                                const Expectation& expectation);
[[nodiscard]] std::string deposit_note(const StatementLine& line, const Expectation& expectation);
[[nodiscard]] std::string balance_note(const std::string& batch,
                                       const ledger::Money& credits,
                                       const ledger::Money& debits);

}  // namespace causeway::gateway
