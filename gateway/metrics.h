// SPDX-License-Identifier: Apache-2.0
//
// What /metrics shows, in the text format of Prometheus.
//
// A label never holds an id, a name or a path with an id in it: a label's values are few, and
// whoever may read the figures learns nothing of merchants and buyers.
#pragma once

#include "ledger/result.h"
#include "ledger/store/database.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace causeway::gateway {

using MetricLabels = std::vector<std::pair<std::string, std::string>>;

/// What a histogram that was counted elsewhere holds.
struct CountedHistogram {
    /// Upper bound, inclusive, and how many lie above the bound before; growing.
    std::vector<std::pair<double, std::uint64_t>> buckets;
    std::uint64_t above = 0;  ///< Beyond the last bound.
    double sum = 0;
};

/// Takes the figures of one scrape. A name stands once for each set of labels.
class MetricSink {
  public:
    MetricSink() = default;
    MetricSink(const MetricSink&) = delete;
    MetricSink& operator=(const MetricSink&) = delete;
    virtual ~MetricSink() = default;

    virtual void gauge(std::string_view name,
                       std::string_view help,
                       double value,
                       const MetricLabels& labels = {}) = 0;
    /// Requires a name that ends in "_total".
    virtual void counter(std::string_view name,
                         std::string_view help,
                         double value,
                         const MetricLabels& labels = {}) = 0;
    virtual void histogram(std::string_view name,
                           std::string_view help,
                           const CountedHistogram& counted) = 0;
};

/// Asked at every scrape, on a reader's thread, with a snapshot of the database.
using MetricCollector = std::function<Result<void>(ledger::Transaction&, MetricSink&)>;

/// Threads: add() before the first scrape; all else from any thread.
class Metrics {
  public:
    Metrics();
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;
    ~Metrics();

    void add(MetricCollector collector);

    /// `route` is a path template, or "none"; `method` one that a route has, or "other".
    void count_request(std::string_view method,
                       std::string_view route,
                       int status,
                       std::chrono::microseconds took);

    /// Blocking. A collector that fails is left out, and counted in
    /// causeway_scrape_failures_total.
    [[nodiscard]] std::string render(ledger::Transaction& snapshot);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace causeway::gateway
