// SPDX-License-Identifier: Apache-2.0
//
// The other side of an HTTP client: takes one TLS connection after the other, remembers what it
// was told, and answers with the bytes it was given, whatever they are.
#pragma once

#include "tests/support/throwaway_certificate.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <utility>

namespace causeway::test {

/// Serves until it goes. `answer` empty: it listens and never says anything.
class HttpsReceiver {
  public:
    explicit HttpsReceiver(std::string answer, const std::string& names = "IP:127.0.0.1")
        : certificate_(names),
          answer_(std::move(answer)),
          tls_(boost::asio::ssl::context::tls_server),
          acceptor_(io_, {boost::asio::ip::address_v4::loopback(), 0}) {
        tls_.use_certificate_chain_file(certificate_.certificate_file());
        tls_.use_private_key_file(certificate_.private_key_file(), boost::asio::ssl::context::pem);
        thread_ = std::thread([this] { serve(); });
    }
    HttpsReceiver(const HttpsReceiver&) = delete;
    HttpsReceiver& operator=(const HttpsReceiver&) = delete;
    ~HttpsReceiver() {
        ending_ = true;
        boost::system::error_code ignored;
        // A last caller, so that accept() comes back.
        boost::asio::io_context io;
        boost::asio::ip::tcp::socket last(io);
        last.connect(acceptor_.local_endpoint(), ignored);
        thread_.join();
    }

    [[nodiscard]] std::string url(const std::string& path = "/hook") const {
        return "https://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + path;
    }
    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    [[nodiscard]] std::string ca_file() const { return certificate_.certificate_file(); }
    [[nodiscard]] int connections() const { return connections_; }
    /// Head of the last request. Read it when the client has its answer.
    [[nodiscard]] std::string last_head() const { return last_head_; }

  private:
    using Stream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket>;

    void serve() {
        for (;;) {
            boost::asio::ip::tcp::socket socket(io_);
            boost::system::error_code failed;
            acceptor_.accept(socket, failed);
            if (ending_ || failed) return;
            ++connections_;
            Stream stream(std::move(socket), tls_);
            talk(stream);
        }
    }
    void talk(Stream& stream) {
        boost::system::error_code failed;
        stream.handshake(boost::asio::ssl::stream_base::server, failed);
        if (failed) return;
        boost::asio::streambuf input;
        const std::size_t head = boost::asio::read_until(stream, input, "\r\n\r\n", failed);
        if (failed) return;
        last_head_.assign(
            boost::asio::buffers_begin(input.data()),
            boost::asio::buffers_begin(input.data()) + static_cast<std::ptrdiff_t>(head));
        if (!answer_.empty()) {
            boost::asio::write(stream, boost::asio::buffer(answer_), failed);
            return;
        }
        // Until the client has had enough.
        boost::asio::read_until(stream, input, "never said", failed);
    }

    boost::asio::io_context io_;
    ThrowawayCertificate certificate_;
    std::string answer_;
    boost::asio::ssl::context tls_;
    boost::asio::ip::tcp::acceptor acceptor_;
    std::atomic<bool> ending_ = false;
    std::atomic<int> connections_ = 0;
    std::string last_head_;
    std::thread thread_;
};

}  // namespace causeway::test
