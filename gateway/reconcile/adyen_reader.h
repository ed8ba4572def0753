// SPDX-License-Identifier: Apache-2.0
//
// Reads Adyen's settlement details report, strictly: a file with one wrong cell is refused whole,
// because a reader that skips what it does not understand reconciles a different file.
//
// Columns are found by their names, in any order; unknown ones are left alone. Amounts have no
// sign: one of two columns is filled, and says which way the money went. Every line ends with a
// line feed; a file whose last line does not was cut on its way.
//
// Source: Adyen, Settlement details report, version 2.
#pragma once

#include "gateway/reconcile/statement.h"
#include "ledger/result.h"

#include <string_view>
#include <vector>

namespace causeway::gateway {

/// All lines of the file, in its order.
///
/// Errors: `invalid_argument` with `line N, column "X": ...` for a missing column, a row with too
/// few cells, a date, zone, amount, currency, type or reference that cannot be right, both of
/// debit and credit; with the line for what is wrong with the file as CSV; when there are no rows.
[[nodiscard]] Result<std::vector<StatementLine>> read_adyen_settlement(std::string_view text);

}  // namespace causeway::gateway
