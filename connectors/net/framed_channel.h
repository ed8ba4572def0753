// SPDX-License-Identifier: Apache-2.0
//
// Length-prefixed messages over TLS or, on a loopback address only, over plain TCP. Both ends:
// a connector connects, a provider's sandbox listens.
//
// A frame is a two-byte big-endian length, which does not count itself, and that many bytes.
// Length 0 keeps the connection alive and is swallowed here.
#pragma once

#include "ledger/result.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace causeway::net {

using Frame = std::vector<std::uint8_t>;

constexpr std::size_t kFrameBytesMax = 4096;

/// One connection.
///
/// Threads: any; each awaitable resumes on its caller's executor. One receive() and one send()
/// may be under way at a time.
/// Lifetime: outlives its awaitables.
class FramedChannel {
  public:
    FramedChannel() = default;
    FramedChannel(const FramedChannel&) = delete;
    FramedChannel& operator=(const FramedChannel&) = delete;
    virtual ~FramedChannel() = default;

    /// The next frame that is not empty.
    ///
    /// Errors: `unavailable` when the other side closed or the connection broke;
    /// `invalid_argument` for a frame longer than the limit. The channel is of no use afterwards.
    virtual boost::asio::awaitable<Result<Frame>> receive() = 0;

    /// Writes one frame.
    ///
    /// Errors: `invalid_argument` for a frame longer than the limit; `unavailable` when not one
    /// byte left this process, `outcome_unknown` otherwise.
    virtual boost::asio::awaitable<Result<void>> send(Frame frame) = 0;

    /// Ends both directions at once; a waiting receive() or send() returns. Idempotent. So does
    /// the destructor.
    virtual void close() noexcept = 0;
};

struct ConnectConfig {
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;
    bool tls = true;               ///< false is refused unless host is a loopback address.
    std::string ca_file;           ///< PEM; empty: the system's authorities.
    std::string server_name;       ///< Expected in the certificate; empty: host.
    std::string certificate_file;  ///< Of ours, where the host wants one; may be empty.
    std::string private_key_file;
    std::chrono::milliseconds connect_max{10'000};
    std::size_t frame_bytes_max = kFrameBytesMax;
};

/// Errors: `unavailable` when the host does not answer in time or shows a certificate that is not
/// its own; `invalid_argument` when the configuration cannot work.
/// Threads: called on a strand or an io_context with one thread, where the connection then lives.
boost::asio::awaitable<Result<std::unique_ptr<FramedChannel>>> connect(ConnectConfig config);

struct ListenConfig {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  ///< 0 picks a free port; see port().
    bool tls = true;
    std::string certificate_file;  ///< PEM chain.
    std::string private_key_file;
    std::size_t frame_bytes_max = kFrameBytesMax;
};

/// Accepts connections, from its construction on; a peer that does not finish its TLS handshake
/// holds nobody up.
///
/// Threads: any.
/// Throws boost::system::system_error from the constructor when the port or the certificate
/// cannot be used: without them there is nothing to start.
class FramedListener {
  public:
    FramedListener(const boost::asio::any_io_executor& executor, const ListenConfig& config);
    FramedListener(const FramedListener&) = delete;
    FramedListener& operator=(const FramedListener&) = delete;
    ~FramedListener();

    [[nodiscard]] std::uint16_t port() const;

    /// The next connection, its TLS handshake done, on a strand of its own.
    ///
    /// Errors: `unavailable` after close(). Peers that fail the handshake are dropped.
    boost::asio::awaitable<Result<std::unique_ptr<FramedChannel>>> accept();

    void close() noexcept;

  private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace causeway::net
