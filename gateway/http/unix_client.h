// SPDX-License-Identifier: Apache-2.0
//
// How a command asks the program that is serving.
#pragma once

#include "connectors/net/http.h"
#include "ledger/result.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace causeway::gateway {

struct UnixClientLimits {
    std::chrono::milliseconds connect_max{2'000};
    /// For the server to take each piece of the request.
    std::chrono::milliseconds send_max{30'000};
    /// From the request's last byte to the answer's last; with a sink, from each bytes that came
    /// to the next.
    std::chrono::milliseconds answer_max{600'000};
    std::uint64_t body_bytes_max = 268'435'456;  ///< Without a sink.
};

/// Takes a body as it comes. An error ends the request and is its result.
using BodySink = std::function<Result<void>(std::string_view bytes)>;

/// Sends one request, whose target is path and query, and waits for the answer. Any status is an
/// answer. With a sink its body goes there, of any length, and is not in the response.
///
/// Errors: `unavailable` when nobody listens; `outcome_unknown` when part of the request left us
/// and no whole answer came; `invalid_argument` for a request that cannot be spelt; those of the
/// sink.
/// Threads: blocks the one it is called on.
Result<net::HttpResponse> request_over_unix_socket(const std::string& path,
                                                   const net::HttpRequest& request,
                                                   const UnixClientLimits& limits = {},
                                                   const BodySink& sink = {});

}  // namespace causeway::gateway
