// SPDX-License-Identifier: Apache-2.0
#include "gateway/api/request_notes.h"

#include "gateway/api/admission.h"
#include "gateway/api/trace.h"
#include "gateway/log.h"

#include <atomic>

namespace causeway::gateway {
namespace {

constexpr std::chrono::seconds kSlow{1};

std::atomic<bool> every_request = false;

LogLevel level_of(const RequestFacts& facts) {
    if (facts.status >= 500) return LogLevel::error;
    return facts.took >= kSlow ? LogLevel::warning : LogLevel::info;
}

}  // namespace

RequestFacts facts_of(const net::HttpRequest& request, const Router::Found& found) {
    // A method that no route has is the client's own word, and may be anything.
    RequestFacts facts{
        .method = "other", .route = "none", .request_id = request_id_of(request), .trace_id = {}};
    if (found.handler != nullptr) {
        facts.method = request.method;
        facts.route = found.match.path_template;
    }
    const std::string* const header = net::find_header(request.headers, "traceparent");
    if (header == nullptr) return facts;
    if (const std::optional<Trace> trace = parse_traceparent(*header)) {
        facts.trace_id = trace->trace_id;
    }
    return facts;
}

void note_request(Metrics* metrics, const RequestFacts& facts) {
    if (metrics != nullptr) {
        metrics->count_request(facts.method, facts.route, facts.status, facts.took);
    }
    const LogLevel level = level_of(facts);
    if (level == LogLevel::info && !every_request) return;
    log(level,
        "request",
        {{"method", facts.method},
         {"route", facts.route},
         {"status", std::to_string(facts.status)},
         {"took_us", std::to_string(facts.took.count())},
         {"request_id", facts.request_id},
         {"trace_id", facts.trace_id}});
}

void log_every_request(bool every) noexcept {
    every_request = every;
}

}  // namespace causeway::gateway
