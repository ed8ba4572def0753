// SPDX-License-Identifier: Apache-2.0
#include "gateway/metrics_store.h"

#include "fx/held_rates_store.h"
#include "gateway/collections/collections_store.h"
#include "gateway/payments/operations_store.h"
#include "gateway/provider_files/provider_files_store.h"
#include "gateway/webhooks/backlog.h"
#include "ledger/chain/heads_store.h"
#include "ledger/store/commit_queue.h"

#include <algorithm>
#include <chrono>

namespace causeway::gateway {
namespace {

constexpr double kMicro = 1e-6;

double seconds_since(Timestamp then, Timestamp now) {
    return static_cast<double>(to_microseconds(now) - to_microseconds(then)) * kMicro;
}

// "2 h 10 min"
std::string age_text(Timestamp then, Timestamp now) {
    const auto age = std::chrono::floor<std::chrono::minutes>(now - then);
    const auto hours = std::chrono::floor<std::chrono::hours>(age);
    const std::string minutes = std::to_string((age - hours).count()) + " min";
    return hours.count() > 0 ? std::to_string(hours.count()) + " h " + minutes : minutes;
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
    OperationCounts counts;
    const Result<std::int64_t> open = count_open_operations(tx);
    if (!open) return open.error();
    const Result<std::int64_t> in_doubt = count_in_doubt(tx);
    if (!in_doubt) return in_doubt.error();
    counts.open = *open;
    counts.in_doubt = *in_doubt;
    if (counts.in_doubt == 0) return counts;
    const Result<std::vector<OperationRow>> oldest = operations_in_doubt(tx, 1);
    if (!oldest) return oldest.error();
    if (!oldest->empty()) counts.oldest_in_doubt = oldest->front().created_at;
    return counts;
}

std::string doubt_text(const OperationCounts& counts, Timestamp now) {
    std::string text = std::to_string(counts.in_doubt) + " in doubt";
    if (!counts.oldest_in_doubt) return text;
    return text + ", the oldest for " + age_text(*counts.oldest_in_doubt, now);
}

Result<std::string> receipts_report(ledger::Transaction& tx, Timestamp now) {
    const Result<std::vector<ReceiptBacklog>> apart = receipt_backlogs(tx);
    if (!apart) return apart.error();
    std::string report;
    for (const ReceiptBacklog& each : *apart) {
        report += "receipts: " + std::to_string(each.count) + " " +
                  std::string(to_string(each.state)) + ", the oldest for " +
                  age_text(each.oldest, now) + " (warning)\n";
    }
    return report;
}

MetricCollector receipt_metrics(const Clock& clock) {
    return [&clock](ledger::Transaction& tx, MetricSink& sink) -> Result<void> {
        const Timestamp now = clock.now();
        const Result<std::vector<ReceiptBacklog>> apart = receipt_backlogs(tx);
        if (!apart) return apart.error();
        for (const ReceiptState state :
             {ReceiptState::held, ReceiptState::refund_due, ReceiptState::refunding}) {
            ReceiptBacklog backlog{.state = state, .count = 0, .oldest = now};
            for (const ReceiptBacklog& each : *apart)
                if (each.state == state) backlog = each;
            const std::string name(to_string(state));
            sink.gauge("causeway_receipts_apart",
                       "Receipts of which a part stands apart, by its state.",
                       static_cast<double>(backlog.count),
                       {{"state", name}});
            sink.gauge("causeway_receipts_apart_oldest_age_seconds",
                       "Since the oldest of them came in; 0 when there is none.",
                       seconds_since(backlog.oldest, now),
                       {{"state", name}});
        }
        const Result<std::vector<FileBacklog>> queues = file_backlogs(tx);
        if (!queues) return queues.error();
        for (const FileBacklog& queue : *queues) {
            sink.gauge("causeway_file_queue_waiting",
                       "Operations that the next file is to tell a provider of.",
                       static_cast<double>(queue.waiting),
                       {{"connector", queue.connector}});
            sink.gauge("causeway_file_queue_oldest_age_seconds",
                       "Since the oldest of them was begun.",
                       seconds_since(queue.oldest, now),
                       {{"connector", queue.connector}});
        }
        return {};
    };
}

MetricCollector operation_metrics(const Clock& clock) {
    return [&clock](ledger::Transaction& tx, MetricSink& sink) -> Result<void> {
        const Result<OperationCounts> counts = count_operations(tx);
        if (!counts) return counts.error();
        sink.gauge("causeway_operations_open",
                   "Operations that somebody still has to act on.",
                   static_cast<double>(counts->open));
        sink.gauge("causeway_operations_in_doubt",
                   "Operations whose amount stands in suspense.",
                   static_cast<double>(counts->in_doubt));
        sink.gauge(
            "causeway_operations_in_doubt_oldest_age_seconds",
            "Since the oldest operation in doubt was begun; 0 when there is none.",
            counts->oldest_in_doubt ? seconds_since(*counts->oldest_in_doubt, clock.now()) : 0);
        return {};
    };
}

MetricCollector notification_metrics(const Inbox& inbox) {
    return [&inbox](ledger::Transaction&, MetricSink& sink) -> Result<void> {
        const InboxCounters told = inbox.counters();
        sink.counter("causeway_notifications_total",
                     "Signed messages of providers.",
                     static_cast<double>(told.received));
        sink.counter("causeway_notifications_unreadable_total",
                     "Signed messages in no form that we know.",
                     static_cast<double>(told.unreadable));
        sink.counter("causeway_notifications_bad_signature_total",
                     "Messages whose signature was not to be believed.",
                     static_cast<double>(told.bad_signature));
        sink.counter("causeway_notices_total",
                     "What stood in signed messages.",
                     static_cast<double>(told.notices));
        sink.counter("causeway_notices_repeated_total",
                     "Notices that had come before.",
                     static_cast<double>(told.repeated));
        sink.counter("causeway_notices_disbelieved_total",
                     "Notices that contradict what we know.",
                     static_cast<double>(told.disbelieved));
        return {};
    };
}

MetricCollector connector_metrics(const ConnectorSet& connectors, const Clock& clock) {
    return [&connectors, &clock](ledger::Transaction&, MetricSink& sink) -> Result<void> {
        const Timestamp now = clock.now();
        for (const ConnectorEntry& entry : connectors.all()) {
            const std::string& name = entry.connector->capability().name;
            sink.gauge("causeway_connector_ready",
                       "1 when the provider has let us in.",
                       entry.connector->ready() ? 1 : 0,
                       {{"connector", name}});
            const CircuitView circuit = connectors.health().view(name, now);
            for (const CircuitState state :
                 {CircuitState::closed, CircuitState::half_open, CircuitState::open}) {
                sink.gauge("causeway_connector_circuit",
                           "1 for the state that the circuit breaker is in.",
                           circuit.state == state ? 1 : 0,
                           {{"connector", name}, {"state", std::string(to_string(state))}});
            }
        }
        return {};
    };
}

MetricCollector webhook_metrics(const Clock& clock) {
    return [&clock](ledger::Transaction& tx, MetricSink& sink) -> Result<void> {
        const Result<WebhookBacklog> backlog = webhook_backlog(tx);
        if (!backlog) return backlog.error();
        sink.gauge("causeway_webhook_deliveries_waiting",
                   "Deliveries that are to be tried, now or later.",
                   static_cast<double>(backlog->waiting));
        const Timestamp now = clock.now();
        const double late = backlog->oldest_due ? seconds_since(*backlog->oldest_due, now) : 0;
        sink.gauge("causeway_webhook_oldest_due_age_seconds",
                   "How long the oldest delivery has been due; 0 when none is.",
                   std::max(late, 0.0));
        return {};
    };
}

MetricCollector age_metrics(const fx::RateBook& rates, const Clock& clock) {
    return [&rates, &clock](ledger::Transaction& tx, MetricSink& sink) -> Result<void> {
        const Timestamp now = clock.now();
        if (const auto snapshot = rates.snapshot()) {
            for (const fx::SourceRates& source : snapshot->sources()) {
                const fx::ReferenceTable& newest = source.tables.front();
                sink.gauge("causeway_fx_rates_age_seconds",
                           "Since the day of a source's newest rates began, UTC.",
                           seconds_since(Timestamp(newest.day()), now),
                           {{"source", newest.publisher()}});
            }
        }
        const Result<std::vector<fx::StoredRate>> held = fx::list_held_rates(tx);
        if (!held) return held.error();
        sink.gauge("causeway_fx_rates_held",
                   "Rates that leapt and wait for a human.",
                   static_cast<double>(held->size()));
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
