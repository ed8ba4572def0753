// SPDX-License-Identifier: Apache-2.0
//
// Reference rates at rest. A published rate is a fact: the same file may come a hundred times, but
// a file that says something else about a known day is not believed.
#pragma once

#include "fx/feed.h"
#include "fx/rate.h"
#include "ledger/clock.h"
#include "ledger/result.h"
#include "ledger/store/database.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace causeway::fx {

/// The tables of the rates, for whoever puts the schema together.
[[nodiscard]] std::string_view rates_schema_sql();

struct ImportOutcome {
    std::int64_t inserted = 0;
    std::int64_t unchanged = 0;  ///< Known already, with the same rate.
};

/// Stores rates. Call inside one body of the CommitQueue: when it fails, let the body fail with
/// its error, and nothing stays behind.
///
/// Errors: `integrity` naming day and currency when a known rate differs; `storage`.
[[nodiscard]] Result<ImportOutcome> import_rates(ledger::Transaction& transaction,
                                                 std::string_view publisher,
                                                 std::span<const FeedRow> rows);

/// The newest table of `publisher` of `day` or before.
///
/// Errors: `not_found` when there is none; `integrity` when a stored row makes no sense;
/// `storage`.
[[nodiscard]] Result<ReferenceTable> load_rates(ledger::Transaction& transaction,
                                                std::string_view publisher,
                                                Day day);

}  // namespace causeway::fx
