// SPDX-License-Identifier: Apache-2.0
//
// One HTTP/1.1 request over a connection of its own. Redirects are answers like any other: whoever
// wants to follow one has to say so, and to what.
//
// The addresses that a name resolves to are shown to a checker, and the connection goes to one of
// those that passed: no second look-up can put another in its place.
#pragma once

#include "connectors/net/http.h"
#include "ledger/result.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/address.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace causeway::net {

/// Whether that address may be spoken to. Threads: any.
using AddressCheck = std::function<bool(const boost::asio::ip::address&)>;

struct HttpClientConfig {
    std::string ca_file;           ///< PEM; empty: the system's authorities.
    std::string certificate_file;  ///< Of ours, where the other side wants one; may be empty.
    std::string private_key_file;
    bool allow_plain = false;       ///< Whether http:// is spoken at all.
    AddressCheck may_connect = {};  ///< Empty: every address.
    std::string user_agent = "Causeway/0.1";
};

struct HttpLimits {
    std::chrono::milliseconds connect_max{5'000};  ///< Look-up and TCP together.
    std::chrono::milliseconds handshake_max{5'000};
    std::chrono::milliseconds whole_max{15'000};  ///< From the first look-up to the last byte.
    std::size_t head_bytes_max = 16'384;
    std::size_t body_bytes_max = 1'048'576;
    /// The status is all that matters: what follows the head is not read.
    bool head_only = false;
};

/// Threads: every method may be called from any thread; an awaitable runs on its caller's
/// executor, which must be a strand or have one thread.
/// Lifetime: outlives its awaitables.
class HttpClient {
  public:
    HttpClient() = default;
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;
    virtual ~HttpClient() = default;

    /// Sends one request, whose target is an absolute URL. Host, Content-Length, User-Agent and
    /// Connection are added. Any status is an answer.
    ///
    /// Errors: `invalid_argument` for a URL or a header that cannot be sent; `unavailable` when
    /// nothing of the request left us: no such host, no address that may be spoken to, nobody
    /// listens, a certificate that is not the host's; `outcome_unknown` when it may have arrived
    /// and no whole answer came.
    virtual boost::asio::awaitable<Result<HttpResponse>> send(HttpRequest request,
                                                              HttpLimits limits) = 0;
};

/// Reads the authorities once.
///
/// Errors: `invalid_argument` when a file cannot be used.
[[nodiscard]] Result<std::unique_ptr<HttpClient>> make_http_client(const HttpClientConfig& config);

}  // namespace causeway::net
