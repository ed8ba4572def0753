// SPDX-License-Identifier: Apache-2.0
//
// A blocking TLS client that does what it is told, also what no well-behaved client would.
#pragma once

#include "gateway/http/message_parser.h"

#include <openssl/ssl.h>

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <memory>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <optional>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace causeway::test {

/// A TCP connection to this machine. Waits at most ten seconds for anything: a test that hangs
/// has failed.
class TcpClient {
  public:
    /// Throws std::runtime_error when nobody listens.
    explicit TcpClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        const timeval wait{10, 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
        ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
            ::close(socket_);
            throw std::runtime_error("nobody listens");
        }
    }
    TcpClient(const TcpClient&) = delete;
    TcpClient& operator=(const TcpClient&) = delete;
    ~TcpClient() { ::close(socket_); }

    [[nodiscard]] int native() const { return socket_; }
    void send(std::string_view bytes) const {
        (void)::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    }
    /// Reads until the other side has closed or reset; false if it does not.
    [[nodiscard]] bool ends() const {
        std::array<char, 4096> space{};
        for (;;) {
            const ssize_t count = ::recv(socket_, space.data(), space.size(), 0);
            if (count == 0) return true;
            if (count < 0) return errno != EAGAIN && errno != EWOULDBLOCK;
        }
    }

  private:
    int socket_;
};

struct TlsClientOptions {
    int version_max = 0;    ///< As OpenSSL counts, such as TLS1_1_VERSION; 0: the highest.
    std::string alpn = {};  ///< In wire form: length, name, length, name.
};

/// While it lives this thread's writes to a closed connection fail, and do not end the process.
class NoPipeSignal {
  public:
    NoPipeSignal() {
        sigemptyset(&pipe_);
        sigaddset(&pipe_, SIGPIPE);
        pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
    }
    NoPipeSignal(const NoPipeSignal&) = delete;
    NoPipeSignal& operator=(const NoPipeSignal&) = delete;
    ~NoPipeSignal() {
        const timespec at_once{};
        (void)sigtimedwait(&pipe_, nullptr, &at_once);
        pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }

  private:
    sigset_t pipe_{};
    sigset_t before_{};
};

/// One TLS connection; the certificate is not checked.
class TlsClient {
  public:
    using Options = TlsClientOptions;

    explicit TlsClient(std::uint16_t port, const Options& options = {})
        : tcp_(port),
          context_(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free),
          ssl_(nullptr, &SSL_free) {
        // Or the library refuses to offer old versions at all, and the test proves nothing.
        SSL_CTX_set_security_level(context_.get(), 0);
        SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
        SSL_CTX_set_max_proto_version(context_.get(), options.version_max);
        ssl_.reset(SSL_new(context_.get()));
        if (!options.alpn.empty()) {
            SSL_set_alpn_protos(ssl_.get(),
                                reinterpret_cast<const unsigned char*>(options.alpn.data()),
                                static_cast<unsigned>(options.alpn.size()));
        }
        SSL_set_fd(ssl_.get(), tcp_.native());
        connected_ = SSL_connect(ssl_.get()) == 1;
    }

    [[nodiscard]] bool connected() const { return connected_; }
    [[nodiscard]] std::string version() const { return SSL_get_version(ssl_.get()); }
    /// The server has sent something, or closed.
    [[nodiscard]] bool readable() const {
        pollfd wanted{tcp_.native(), POLLIN, 0};
        return ::poll(&wanted, 1, 0) == 1;
    }

    /// Returns false once the connection is gone.
    bool send(std::string_view bytes) {
        const NoPipeSignal guard;
        return SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) > 0;
    }

    /// The next bytes; empty when the other side has closed.
    std::string receive_some() {
        std::string bytes(16'384, '\0');
        const int count = SSL_read(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
        bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0U);
        return bytes;
    }

    /// The next response; empty when the connection ends without one.
    std::optional<net::HttpResponse> receive(bool to_head = false) {
        gateway::ResponseParser parser({65'536, 200, 64'000'000}, to_head);
        for (;;) {
            input_.erase(0, parser.put(input_));
            if (parser.done()) return parser.take();
            if (parser.failure()) return std::nullopt;
            const std::string more = receive_some();
            if (more.empty()) return std::nullopt;
            input_ += more;
        }
    }

    std::optional<net::HttpResponse> exchange(std::string_view request) {
        if (!send(request)) return std::nullopt;
        return receive();
    }

    /// All of them go over the wire together, each in a record of its own.
    void send_together(const std::vector<std::string>& pieces) {
        const int on = 1;
        const int off = 0;
        ::setsockopt(tcp_.native(), IPPROTO_TCP, TCP_CORK, &on, sizeof on);
        for (const std::string& piece : pieces)
            send(piece);
        ::setsockopt(tcp_.native(), IPPROTO_TCP, TCP_CORK, &off, sizeof off);
    }

    /// Says that nothing more will be sent, in TLS and in TCP; reading goes on.
    void end_sending() {
        SSL_shutdown(ssl_.get());
        ::shutdown(tcp_.native(), SHUT_WR);
    }
    /// The server has ended the connection in the words of TLS; see ends().
    [[nodiscard]] bool heard_goodbye() const {
        return (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
    }
    /// Asks for new keys in the manner of TLS 1.2. Returns false if that was refused.
    bool renegotiate() {
        return SSL_renegotiate(ssl_.get()) == 1 && SSL_do_handshake(ssl_.get()) == 1;
    }

    /// Nothing more comes, and the connection is closed.
    [[nodiscard]] bool ends() { return receive_some().empty() && tcp_.ends(); }

  private:
    TcpClient tcp_;
    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
    std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
    bool connected_ = false;
    std::string input_;
};

}  // namespace causeway::test
