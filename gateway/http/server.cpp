// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/server.h"

#include "gateway/http/tls_stream.h"
#include "gateway/http/worker.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/system/system_error.hpp>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <sys/socket.h>
#include <utility>

namespace asio = boost::asio;
using asio::ip::tcp;

namespace causeway::gateway {
namespace {

// Forward secrecy and authenticated encryption only. Source: RFC 9325 section 4.2.
constexpr const char* kTls12Suites =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr const char* kTls13Suites =
    "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
constexpr const char* kGroups = "X25519:P-256:P-384";

constexpr std::array<unsigned char, 9> kHttp11{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

// A client that offers other protocols only must not be answered in one it did not offer.
// Source: RFC 7301 section 3.2.
// NOLINTNEXTLINE(readability-function-size): OpenSSL's callback has six parameters.
int choose_protocol(SSL*,
                    const unsigned char** chosen,
                    unsigned char* chosen_length,
                    const unsigned char* offered,
                    unsigned int offered_length,
                    void*) {
    unsigned char* match = nullptr;
    const int found = SSL_select_next_proto(
        &match, chosen_length, kHttp11.data(), kHttp11.size(), offered, offered_length);
    *chosen = match;
    return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

void require(bool done) {
    if (!done) throw boost::system::system_error(asio::error::invalid_argument, "TLS set-up");
}

void configure(asio::ssl::context& context, const HttpServerConfig& config) {
    SSL_CTX* native = context.native_handle();
    require(SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION) == 1);
    require(SSL_CTX_set_cipher_list(native, kTls12Suites) == 1);
    require(SSL_CTX_set_ciphersuites(native, kTls13Suites) == 1);
    require(SSL_CTX_set1_groups_list(native, kGroups) == 1);
    SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    // Tickets resume sessions across threads; the cache would only be a lock they share.
    SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
    require(SSL_CTX_set_num_tickets(native, 1) == 1);
    prepare_for_streams(native);
    SSL_CTX_set_alpn_select_cb(native, &choose_protocol, nullptr);
    context.use_certificate_chain_file(config.certificate_chain_path);
    context.use_private_key_file(config.private_key_path, asio::ssl::context::pem);
    require(SSL_CTX_check_private_key(native) == 1);
}

// One acceptor a thread, all on the same port: the kernel spreads the connections.
void share_port(tcp::acceptor& acceptor) {
    const int on = 1;
    if (::setsockopt(acceptor.native_handle(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0) {
        throw boost::system::system_error(errno, boost::system::system_category(), "SO_REUSEPORT");
    }
}

class TlsTransport {
  public:
    using Socket = tcp::socket;
    using Acceptor = tcp::acceptor;
    using Stream = TlsStream;
    static constexpr std::size_t kReadBytesMax = 16'384;  // A TLS record.

    explicit TlsTransport(const HttpServerConfig& config)
        : context_(asio::ssl::context::tls_server),
          endpoint_(asio::ip::make_address(config.address), config.port) {
        configure(context_, config);
        // SO_REUSEPORT would let a second server of the same user share the port unnoticed.
        // This socket does not have it, and so finds out.
        if (config.port != 0) {
            asio::io_context io;
            const tcp::acceptor probe(io, endpoint_, true);
        }
    }

    tcp::acceptor listen(asio::io_context& io) {
        tcp::acceptor acceptor(io, endpoint_.protocol());
        acceptor.set_option(tcp::acceptor::reuse_address(true));
        share_port(acceptor);
        acceptor.bind(endpoint_);
        endpoint_ = acceptor.local_endpoint();
        acceptor.listen();
        return acceptor;
    }

    Stream make_stream(tcp::socket socket) const {
        boost::system::error_code ignored;
        socket.set_option(tcp::no_delay(true), ignored);
        return Stream(std::move(socket), native_);
    }

    static std::string peer_of(const tcp::socket& socket) {
        boost::system::error_code failed;
        asio::ip::address address = socket.remote_endpoint(failed).address();
        if (failed) return {};
        if (address.is_v6() && address.to_v6().is_v4_mapped()) {
            address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
        }
        return address.to_string();
    }

    [[nodiscard]] std::uint16_t port() const { return endpoint_.port(); }

  private:
    asio::ssl::context context_;
    SSL_CTX* const native_ = context_.native_handle();
    tcp::endpoint endpoint_;
};

}  // namespace

struct HttpServer::State {
    State(const HttpServerConfig& config, HttpHooks hooks)
        : transport(config),
          shared{std::move(hooks), config.limits, config.timeouts},
          workers(transport, shared, config.threads) {}

    TlsTransport transport;
    ServerShared shared;
    WorkerSet<TlsTransport> workers;
};

HttpServer::HttpServer(const HttpServerConfig& config, HttpHooks hooks)
    : state_(std::make_unique<State>(config, std::move(hooks))) {}
HttpServer::~HttpServer() = default;

std::uint16_t HttpServer::port() const {
    return state_->transport.port();
}
void HttpServer::start() {
    state_->workers.start();
}
bool HttpServer::drain(std::chrono::milliseconds time_max) {
    return state_->workers.drain(time_max);
}
HttpStatistics HttpServer::statistics() const {
    return state_->workers.statistics();
}
asio::any_io_executor HttpServer::executor(std::size_t index) {
    return state_->workers.io(index).get_executor();
}

}  // namespace causeway::gateway
