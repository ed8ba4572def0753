// SPDX-License-Identifier: Apache-2.0
#include "gateway/metrics_store.h"

#include "ledger/chain/heads_store.h"
#include "ledger/store/commit_queue.h"

#include <algorithm>

namespace causeway::gateway {
namespace {

constexpr double kMicro = 1e-6;

double seconds_since(Timestamp then, Timestamp now) {
    return static_cast<double>(to_microseconds(now) - to_microseconds(then)) * kMicro;
}

CountedHistogram batch_sizes(const ledger::CommitStatistics& queue) {
    CountedHistogram sizes{.buckets = {}, .sum = static_cast<double>(queue.bodies)};
    const std::size_t last = queue.batch_sizes.size() - 1;
    for (std::size_t i = 0; i < last; ++i) {
        const auto bound = static_cast<double>((std::uint64_t{2} << i) - 1);
        sizes.buckets.emplace_back(bound, queue.batch_sizes.at(i));
    }
    sizes.above = queue.batch_sizes.at(last);
    return sizes;
}

}  // namespace

MetricCollector commit_metrics(ledger::Database& database) {
    return [&database](ledger::Transaction&, MetricSink& sink) -> Result<void> {
        const ledger::CommitStatistics queue = database.writer().statistics();
        sink.gauge("causeway_commit_queue_depth",
                   "Bodies that wait for the writer.",
                   static_cast<double>(queue.depth));
        sink.counter("causeway_commits_total",
                     "Commits, each of a whole batch.",
                     static_cast<double>(queue.commits));
        sink.counter("causeway_commit_seconds_total",
                     "Time spent inside COMMIT.",
                     static_cast<double>(queue.commit_us_total) * kMicro);
        sink.counter("causeway_commit_retries_total",
                     "Batches that were taken back and run again.",
                     static_cast<double>(queue.retries));
        sink.histogram(
            "causeway_commit_batch_size", "Bodies that shared a commit.", batch_sizes(queue));
        return {};
    };
}

Result<OperationCounts> count_operations(ledger::Transaction& tx) {
    // What is not open has no next try, and the index over those that have one is small.
    OperationCounts counts;
    const Result<void> read = tx.query("SELECT state FROM operations WHERE next_try_us IS NOT NULL",
                                       {},
                                       [&counts](const ledger::Row& row) {
                                           counts.open += 1;
                                           counts.in_doubt += row.text(0) == "unknown" ? 1 : 0;
                                       });
    if (!read) return read.error();
    return counts;
}

MetricCollector operation_metrics() {
    return [](ledger::Transaction& tx, MetricSink& sink) -> Result<void> {
        const Result<OperationCounts> counts = count_operations(tx);
        if (!counts) return counts.error();
        sink.gauge("causeway_operations_open",
                   "Operations that somebody still has to act on.",
                   static_cast<double>(counts->open));
        sink.gauge("causeway_operations_in_doubt",
                   "Open operations whose outcome is not known.",
                   static_cast<double>(counts->in_doubt));
        return {};
    };
}

MetricCollector age_metrics(const fx::RateBook& rates, const Clock& clock) {
    return [&rates, &clock](ledger::Transaction& tx, MetricSink& sink) -> Result<void> {
        const Timestamp now = clock.now();
        if (const auto table = rates.snapshot()) {
            sink.gauge("causeway_fx_rates_age_seconds",
                       "Since the day of the rates began, UTC.",
                       seconds_since(Timestamp(table->day()), now));
        }
        const Result<std::vector<ledger::SignedHead>> heads = ledger::last_heads(tx);
        if (!heads) return heads.error();
        if (heads->empty()) return {};
        Timestamp newest = Timestamp::min();
        for (const ledger::SignedHead& head : *heads) {
            const Result<ledger::Head> read = ledger::parse_head(head.body);
            if (!read) return read.error();
            newest = std::max(newest, read->made);
        }
        sink.gauge("causeway_chain_head_age_seconds",
                   "Since the journal's last head was signed.",
                   seconds_since(newest, now));
        return {};
    };
}

}  // namespace causeway::gateway
