// SPDX-License-Identifier: Apache-2.0
//
// Copies tables from one database into another, whatever the engines: rows are read page by page in
// the order of the primary key and handed on as they are.
#pragma once

#include "ledger/result.h"
#include "ledger/store/database.h"
#include "ledger/store/tables.h"

#include <cstdint>
#include <functional>

namespace causeway::ledger {

/// Takes rows for the other database; what they borrow lives until it returns.
using RowSink = std::function<Result<void>(const Rows&)>;

/// Hands every row of `table` to `sink` and says how many there were. Memory: one page, of about a
/// megabyte or of one row.
///
/// Errors: those of `sink`; `storage`.
[[nodiscard]] Result<std::int64_t> copy_table(Transaction& source,
                                              const Table& table,
                                              const RowSink& sink);

/// Whether `table` has a row.
///
/// Errors: `storage`.
[[nodiscard]] Result<bool> has_rows(Transaction& source, const Table& table);

}  // namespace causeway::ledger
