// SPDX-License-Identifier: Apache-2.0
//
// The HTTPS front door. Knows TLS, HTTP and limits; knows nothing of payments.
//
// It protects itself: a client that is slow, silent or greedy loses its connection at a
// deadline that its own bytes cannot move. When all seats are taken, the session that has been
// idle longest gives up its seat; when all are busy, no more connections are accepted, and
// whoever comes waits in the kernel's queue instead of being turned away.
#pragma once

#include "gateway/http/options.h"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace causeway::gateway {

struct HttpServerConfig {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8443;  ///< 0 picks a free port; see HttpServer::port().
    std::string certificate_chain_path;
    std::string private_key_path;
    std::size_t threads = 1;
    HttpLimits limits = {};
    HttpTimeouts timeouts = {};
};

/// TLS 1.2 and 1.3, HTTP/1.0 and 1.1.
///
/// Threads: its own, one event loop each; the methods are for one other thread, statistics()
/// for any.
/// Lifetime: what a handler waits for may call back into the threads' executors, also after
/// drain() has given up on it. So this outlives whatever completes such waits.
class HttpServer {
  public:
    /// Binds the port and loads the certificate; connections wait until start().
    ///
    /// Throws boost::system::system_error if either fails, also when another process listens on
    /// the port: without them there is no server to speak of, so start-up ends here.
    /// Requires hooks.handler and hooks.on_error.
    HttpServer(const HttpServerConfig& config, HttpHooks hooks);
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;
    /// Ends all sessions at once, unless they were drained.
    ~HttpServer();

    [[nodiscard]] std::uint16_t port() const;

    /// Begins to serve. Call once.
    void start();

    /// Refuses new connections, closes idle ones, lets requests under way end with
    /// `Connection: close`, and then ends the threads. Returns false if that took longer than
    /// `time_max`: what was still running is cut off. Call once, from no handler.
    bool drain(std::chrono::milliseconds time_max);

    [[nodiscard]] HttpStatistics statistics() const;

    /// The event loop of thread `index` (of `config.threads`), for work that belongs there.
    [[nodiscard]] boost::asio::any_io_executor executor(std::size_t index);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace causeway::gateway
