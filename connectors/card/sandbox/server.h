// SPDX-License-Identifier: Apache-2.0
//
// The sandbox acquirer on the network: the dialect, the connections and the waiting around the
// decisions of acquirer.h.
#pragma once

#include "connectors/card/dialect.h"
#include "connectors/card/sandbox/acquirer.h"
#include "connectors/net/framed_channel.h"
#include "ledger/clock.h"
#include "ledger/result.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace causeway::connectors::card::sandbox {

struct SandboxConfig {
    std::string books_file;
    Dialect dialect;
    AcquirerConfig acquirer;
    std::optional<net::ListenConfig> tls;
    std::optional<net::ListenConfig> plain;  ///< Loopback addresses only.
    /// One line about every message in and out, without secrets; may be empty. Called from any
    /// thread of the executor, one call at a time.
    std::function<void(std::string_view)> log;
};

/// The listeners, their connections and the books, from start() to stop().
///
/// Messages of a connection are decided in the order of arrival; an answer that comes late holds
/// up no other. What cannot be decoded is logged and gets no answer.
///
/// Threads: every method from any thread. Lifetime: run()'s awaitable must end before this does;
/// connections may outlive it for the moment they take to close.
class Sandbox {
  public:
    /// Opens the books and listens. Lifetime: `clock` outlives the executor's work.
    ///
    /// Errors: as Books::open(); `invalid_argument` without an address to listen on. Throws as
    /// net::FramedListener.
    static Result<std::unique_ptr<Sandbox>> start(const boost::asio::any_io_executor& executor,
                                                  SandboxConfig config,
                                                  const Clock& clock);

    Sandbox(const Sandbox&) = delete;
    Sandbox& operator=(const Sandbox&) = delete;
    ~Sandbox();

    [[nodiscard]] std::uint16_t tls_port() const;    ///< 0 when there is no such listener.
    [[nodiscard]] std::uint16_t plain_port() const;  ///< 0 when there is no such listener.

    /// Serves until stop().
    boost::asio::awaitable<void> run();

    /// Closes the listeners and every connection. Idempotent.
    void stop();

  private:
    struct Core;
    class Session;

    explicit Sandbox(std::shared_ptr<Core> core);
    static boost::asio::awaitable<void> accept(
        std::shared_ptr<Core> core, std::reference_wrapper<net::FramedListener> listener);

    std::shared_ptr<Core> core_;
};

}  // namespace causeway::connectors::card::sandbox
