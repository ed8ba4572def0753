// SPDX-License-Identifier: Apache-2.0
//
// The serving end of HTTP/1.1 for a provider's sandbox: one request a connection, and the freedom
// to behave badly. Not for the gateway's own API, whose server is another.
#pragma once

#include "connectors/net/http.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace causeway::net {

struct HttpListenConfig {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;        ///< 0 picks a free port; see port().
    bool tls = true;               ///< false is refused unless the address is a loopback one.
    std::string certificate_file;  ///< PEM chain.
    std::string private_key_file;
    std::string client_ca_file;  ///< PEM; when set, callers must show a certificate of these.
    std::size_t body_bytes_max = 1'048'576;
};

/// What a handler wants done with a connection.
struct HttpReply {
    std::optional<HttpResponse> response;  ///< None: the line is cut, or held.
    bool hold = false;                     ///< Says nothing until the caller has had enough.
};

/// Threads: called on the connection's strand.
using HttpHandler = std::function<boost::asio::awaitable<HttpReply>(HttpRequest)>;

/// Listens and serves from its construction until close().
///
/// Threads: any. Lifetime: what the handler refers to outlives the executor's work, not only this.
/// Throws boost::system::system_error from the constructor when the port or a file cannot be used.
class HttpListener {
  public:
    HttpListener(const boost::asio::any_io_executor& executor,
                 const HttpListenConfig& config,
                 HttpHandler handler);
    HttpListener(const HttpListener&) = delete;
    HttpListener& operator=(const HttpListener&) = delete;
    ~HttpListener();

    [[nodiscard]] std::uint16_t port() const;

    /// Closes the port and every connection. Idempotent.
    void close() noexcept;

  private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace causeway::net
