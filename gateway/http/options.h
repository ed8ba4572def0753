// SPDX-License-Identifier: Apache-2.0
//
// What a server of ours is told: limits, deadlines, and whom to ask for an answer. The same for
// the HTTPS front door and for the admin socket.
#pragma once

#include "connectors/net/http.h"
#include "gateway/http/problem.h"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

namespace causeway::gateway {

/// Turns one request into one response; runs on the session's own thread and must not block it.
/// A refusal is a response too: a handler that throws has a bug, and its client gets a 500.
using Handler = std::function<boost::asio::awaitable<net::HttpResponse>(net::HttpRequest)>;

/// Threads: every member is called from all of the server's threads, also at the same time.
struct HttpHooks {
    Handler handler;
    /// Decides how a failure of the protocol layer reads. Must not throw.
    std::function<net::HttpResponse(ProtocolError)> on_error;
    /// Told what a handler threw, for the operator's eyes; may be empty. Must not throw.
    std::function<void(std::string_view)> on_bug;
};

/// Every quantity a client controls has a limit.
struct HttpLimits {
    std::size_t header_bytes_max = 16'384;
    std::size_t header_count_max = 100;
    std::uint64_t body_bytes_max = 262'144;
    std::size_t sessions_max = 1024;  ///< A server, divided evenly among its threads.
};

/// Every wait has a deadline. Each may come late by up to a quarter of the shortest of them,
/// never early.
struct HttpTimeouts {
    /// From accept to the end of the TLS handshake.
    std::chrono::milliseconds handshake_max{10'000};
    /// From a request's first byte to its last, however busily the client drips.
    std::chrono::milliseconds request_max{30'000};
    /// Between two requests, and before the first.
    std::chrono::milliseconds idle_max{60'000};
    /// For the client to take each piece (at most 16 KiB) of a response.
    std::chrono::milliseconds write_max{30'000};
    /// The same for a body that is made piece by piece: its reader may be a person with a pager,
    /// and nothing but the session waits for him.
    std::chrono::milliseconds streaming_max{600'000};
    /// For the client to read our last words before the connection goes.
    std::chrono::milliseconds linger_max{1'000};
    /// An idle session may be closed earlier, when its seat is wanted, but not before this.
    std::chrono::milliseconds idle_min{1'000};
};

struct HttpStatistics {
    std::uint64_t requests = 0;         ///< Handed to the handler since the start.
    std::uint64_t protocol_errors = 0;  ///< Answered by on_error, a handler's bugs not counted.
    std::uint64_t sessions_open = 0;
    std::uint64_t sessions_evicted = 0;  ///< Idle ones that made room for others.
};

}  // namespace causeway::gateway
