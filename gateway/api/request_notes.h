// SPDX-License-Identifier: Apache-2.0
//
// What is kept of a request once it is answered: a figure and a line in the log. Neither has a
// path, a body or a header of the client's in it.
#pragma once

#include "gateway/http/router.h"
#include "gateway/metrics.h"

#include <chrono>
#include <string>

namespace causeway::gateway {

struct RequestFacts {
    std::string method;
    std::string route;  ///< The path template, or "none".
    std::string request_id;
    std::string trace_id;
    int status = 0;
    std::chrono::microseconds took{0};
};

/// Requires a request that mark_request() marked.
[[nodiscard]] RequestFacts facts_of(const net::HttpRequest& request, const Router::Found& found);

/// Counts the request, unless `metrics` is null. Logs it when the answer is 500 or more, or took
/// longer than a second; anything else only when everything is to be logged.
void note_request(Metrics* metrics, const RequestFacts& facts);

/// Whether every request is logged. Call before the first.
void log_every_request(bool every) noexcept;

}  // namespace causeway::gateway
