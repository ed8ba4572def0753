// SPDX-License-Identifier: Apache-2.0
#include "gateway/metrics.h"

#include <limits>
#include <map>
#include <mutex>
#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <tuple>

namespace causeway::gateway {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

// Units: seconds.
const prometheus::Histogram::BucketBoundaries kDurations{
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};

std::string class_of(int status) {
    return std::to_string(status / 100) + "xx";
}

class FamilySink final : public MetricSink {
  public:
    void gauge(std::string_view name,
               std::string_view help,
               double value,
               const MetricLabels& labels) override {
        ClientMetric& metric = add(name, help, MetricType::Gauge, labels);
        metric.gauge.value = value;
    }
    void counter(std::string_view name,
                 std::string_view help,
                 double value,
                 const MetricLabels& labels) override {
        ClientMetric& metric = add(name, help, MetricType::Counter, labels);
        metric.counter.value = value;
    }
    void histogram(std::string_view name,
                   std::string_view help,
                   const CountedHistogram& counted) override {
        ClientMetric& metric = add(name, help, MetricType::Histogram, {});
        std::uint64_t total = 0;
        for (const auto& [bound, count] : counted.buckets) {
            total += count;
            metric.histogram.bucket.push_back({.cumulative_count = total, .upper_bound = bound});
        }
        total += counted.above;
        metric.histogram.bucket.push_back(
            {.cumulative_count = total, .upper_bound = std::numeric_limits<double>::infinity()});
        metric.histogram.sample_count = total;
        metric.histogram.sample_sum = counted.sum;
    }

    [[nodiscard]] std::vector<MetricFamily> take() {
        std::vector<MetricFamily> all;
        for (auto& [name, family] : families_)
            all.push_back(std::move(family));
        return all;
    }

  private:
    ClientMetric& add(std::string_view name,
                      std::string_view help,
                      MetricType type,
                      const MetricLabels& labels) {
        MetricFamily& family = families_[std::string(name)];
        family.name = name;
        family.help = help;
        family.type = type;
        ClientMetric& metric = family.metric.emplace_back();
        for (const auto& [label, value] : labels)
            metric.label.push_back({.name = label, .value = value});
        return metric;
    }

    std::map<std::string, MetricFamily> families_;
};

}  // namespace

struct Metrics::State {
    struct Route {
        prometheus::Counter* count;
        prometheus::Histogram* took;
    };

    prometheus::Registry registry;
    prometheus::Family<prometheus::Counter>& requests =
        prometheus::BuildCounter()
            .Name("causeway_http_requests_total")
            .Help("Requests answered, by path template and class of status.")
            .Register(registry);
    prometheus::Family<prometheus::Histogram>& durations =
        prometheus::BuildHistogram()
            .Name("causeway_http_request_duration_seconds")
            .Help("From a request's last byte to its answer.")
            .Register(registry);
    prometheus::Counter& failures = prometheus::BuildCounter()
                                        .Name("causeway_scrape_failures_total")
                                        .Help("Collectors that could not say their figures.")
                                        .Register(registry)
                                        .Add({});
    std::vector<MetricCollector> collectors;
    std::mutex mutex;
    std::map<std::tuple<std::string, std::string, int>, Route> routes;

    Route& route(std::string_view method, std::string_view path, int status) {
        const std::string verb(method);
        const std::lock_guard lock(mutex);
        auto [at, fresh] = routes.try_emplace({verb, std::string(path), status / 100});
        if (fresh) {
            const prometheus::Labels place{{"method", verb}, {"route", std::string(path)}};
            prometheus::Labels classed = place;
            classed["status"] = class_of(status);
            at->second = {.count = &requests.Add(classed),
                          .took = &durations.Add(place, kDurations)};
        }
        return at->second;
    }
};

Metrics::Metrics() : state_(std::make_unique<State>()) {}
Metrics::~Metrics() = default;

void Metrics::add(MetricCollector collector) {
    state_->collectors.push_back(std::move(collector));
}

void Metrics::count_request(std::string_view method,
                            std::string_view route,
                            int status,
                            std::chrono::microseconds took) {
    const State::Route& counted = state_->route(method, route, status);
    counted.count->Increment();
    counted.took->Observe(std::chrono::duration<double>(took).count());
}

std::string Metrics::render(ledger::Transaction& snapshot) {
    FamilySink sink;
    for (const MetricCollector& collector : state_->collectors) {
        const Result<void> told = collector(snapshot, sink);
        if (!told) state_->failures.Increment();
    }
    std::vector<MetricFamily> families = state_->registry.Collect();
    for (MetricFamily& family : sink.take())
        families.push_back(std::move(family));
    return prometheus::TextSerializer().Serialize(families);
}

}  // namespace causeway::gateway
