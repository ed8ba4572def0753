// SPDX-License-Identifier: Apache-2.0
//
// The figures of /metrics that come from the store and the books.
#pragma once

#include "fx/rate_book.h"
#include "gateway/metrics.h"
#include "gateway/notifications/inbox.h"
#include "gateway/payments/connector_set.h"
#include "ledger/clock.h"

#include <optional>
#include <string>

namespace causeway::gateway {

/// The commit queue: depth, sizes of batches, time spent in COMMIT.
/// Lifetime: borrows what it is given, as all below.
[[nodiscard]] MetricCollector commit_metrics(ledger::Database& database);

/// Operations that somebody still has to act on, and those whose amount stands in suspense.
[[nodiscard]] MetricCollector operation_metrics(const Clock& clock);

/// What providers told us; since the start of this process.
[[nodiscard]] MetricCollector notification_metrics(const Inbox& inbox);

/// Each connector's link and circuit, as this process sees them.
[[nodiscard]] MetricCollector connector_metrics(const ConnectorSet& connectors, const Clock& clock);

/// Money of buyers that stands apart, and what waits for a provider's next file.
[[nodiscard]] MetricCollector receipt_metrics(const Clock& clock);

/// What is left to be told to merchants, and how long the oldest of it has been due.
[[nodiscard]] MetricCollector webhook_metrics(const Clock& clock);

/// The rates' age, and how long ago the journal's last head was signed.
[[nodiscard]] MetricCollector age_metrics(const fx::RateBook& rates, const Clock& clock);

struct OperationCounts {
    std::int64_t open = 0;
    std::int64_t in_doubt = 0;  ///< Their amounts stand in suspense.
    std::optional<Timestamp> oldest_in_doubt;
};
/// Errors: `storage`.
[[nodiscard]] Result<OperationCounts> count_operations(ledger::Transaction& tx);
/// For a report: lines such as "receipts: 2 held, the oldest for 3 h 0 min", a line each; empty
/// when nobody has to look. Errors: `storage`.
[[nodiscard]] Result<std::string> receipts_report(ledger::Transaction& tx, Timestamp now);
/// For a report: "3 in doubt, the oldest for 2 h 10 min".
[[nodiscard]] std::string doubt_text(const OperationCounts& counts, Timestamp now);

}  // namespace causeway::gateway
