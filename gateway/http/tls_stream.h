// SPDX-License-Identifier: Apache-2.0
//
// The server's end of a TLS connection, which keeps next to nothing while nobody speaks.
//
// Asio's own stream holds some 70 KB of buffers from its first byte to its last. This one reads
// and writes the socket itself, and OpenSSL gives its buffers back when they are empty: an idle
// connection is the SSL object and its keys, 14 KB. It never waits: whoever calls it does.
#pragma once

#include "gateway/http/stream_step.h"

#include <boost/asio/ip/tcp.hpp>
#include <openssl/types.h>

#include <span>
#include <string_view>
#include <utility>

namespace causeway::gateway {

/// Sets what TlsStream relies on. Call once for each context, before the first stream.
void prepare_for_streams(SSL_CTX* context);

/// No call reads from the socket more than once, so that a client who sends without a pause does
/// not keep the thread from the others.
///
/// Threads: one at a time.
/// Lifetime: the context outlives it. OpenSSL keeps its address, so it cannot move.
class TlsStream {
  public:
    TlsStream(boost::asio::ip::tcp::socket socket, SSL_CTX* context)
        : socket_(std::move(socket)), context_(context) {}
    TlsStream(const TlsStream&) = delete;
    TlsStream& operator=(const TlsStream&) = delete;
    ~TlsStream();

    [[nodiscard]] boost::asio::ip::tcp::socket& socket() noexcept { return socket_; }

    /// Bytes are here already, though perhaps not enough of them: read() before waiting, because
    /// the socket need not become readable again.
    [[nodiscard]] bool has_input() const noexcept;

    /// Allocates nothing for TLS until the client has sent something.
    StreamStep handshake();

    // After the handshake. A write that is to be repeated is repeated with the same bytes.
    StreamStep read(std::span<char> space);
    StreamStep write(std::string_view bytes);
    /// Sends close_notify and does not wait for the other side's.
    StreamStep goodbye();

  private:
    struct SocketBio;
    friend struct SocketBio;

    bool begin();
    StreamStep after(int result);

    boost::asio::ip::tcp::socket socket_;
    SSL_CTX* const context_;
    SSL* ssl_ = nullptr;
    bool may_read_ = false;
};

}  // namespace causeway::gateway
