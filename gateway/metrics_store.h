// SPDX-License-Identifier: Apache-2.0
//
// The figures of /metrics that come from the store and the books.
#pragma once

#include "fx/rate_book.h"
#include "gateway/metrics.h"
#include "ledger/clock.h"

namespace causeway::gateway {

/// The commit queue: depth, sizes of batches, time spent in COMMIT.
/// Lifetime: borrows what it is given, as the two below.
[[nodiscard]] MetricCollector commit_metrics(ledger::Database& database);

/// Operations that somebody still has to act on, and those of them whose outcome is not known.
[[nodiscard]] MetricCollector operation_metrics();

/// The rates' age, and how long ago the journal's last head was signed.
[[nodiscard]] MetricCollector age_metrics(const fx::RateBook& rates, const Clock& clock);

struct OperationCounts {
    std::int64_t open = 0;
    std::int64_t in_doubt = 0;
};
/// Errors: `storage`.
[[nodiscard]] Result<OperationCounts> count_operations(ledger::Transaction& tx);

}  // namespace causeway::gateway
