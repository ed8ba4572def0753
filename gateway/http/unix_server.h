// SPDX-License-Identifier: Apache-2.0
//
// The admin socket: the same HTTP as the front door, over a Unix socket that only its owner may
// open. Commands that need the books while the program serves do their work through it.
#pragma once

#include "gateway/http/options.h"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace causeway::gateway {

struct UnixHttpServerConfig {
    std::string path;
    HttpLimits limits{.body_bytes_max = 268'435'456, .sessions_max = 64};
    HttpTimeouts timeouts = {};
};

/// Threads: one of its own; the methods are for one other thread, statistics() for any.
/// Lifetime: as HttpServer.
class UnixHttpServer {
  public:
    /// Makes the socket file, of mode 0600 from its first moment. A file that a dead server
    /// left behind is replaced; one that somebody listens on, or that is no socket, is not.
    ///
    /// Throws boost::system::system_error if there is no listening.
    /// Requires hooks.handler and hooks.on_error.
    UnixHttpServer(UnixHttpServerConfig config, HttpHooks hooks);
    UnixHttpServer(const UnixHttpServer&) = delete;
    UnixHttpServer& operator=(const UnixHttpServer&) = delete;
    /// Removes the socket file, if it is still ours.
    ~UnixHttpServer();

    /// Begins to serve. Call once.
    void start();

    /// As HttpServer::drain().
    bool drain(std::chrono::milliseconds time_max);

    [[nodiscard]] HttpStatistics statistics() const;
    [[nodiscard]] boost::asio::any_io_executor executor();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace causeway::gateway
