// SPDX-License-Identifier: Apache-2.0
//
// A client whose TLS is in memory: the test decides when its bytes go over the wire, and how many.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <vector>

namespace causeway::test {

/// Whether one of them has something to read; waits for it, ten seconds at most.
inline bool readable(std::initializer_list<boost::asio::ip::tcp::socket*> sockets) {
    std::vector<pollfd> wanted;
    for (boost::asio::ip::tcp::socket* const socket : sockets)
        wanted.push_back({socket->native_handle(), POLLIN, 0});
    return ::poll(wanted.data(), wanted.size(), 10'000) > 0;
}

/// The client's end of a connection.
///
/// Threads: one at a time.
class TlsInMemory {
  public:
    TlsInMemory(boost::asio::io_context& io, int version)
        : socket_(io), context_(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free) {
        SSL_CTX_set_max_proto_version(context_.get(), version);
        ssl_.reset(SSL_new(context_.get()));
        SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
        SSL_set_connect_state(ssl_.get());
    }

    [[nodiscard]] boost::asio::ip::tcp::socket& socket() { return socket_; }
    [[nodiscard]] SSL* ssl() { return ssl_.get(); }

    /// Puts up to `bytes_max` of what TLS has to say on the wire; returns how many.
    std::size_t flush(std::size_t bytes_max = SIZE_MAX) {
        while (waiting_.size() < bytes_max) {
            std::array<char, 4'096> space{};
            const int count = BIO_read(SSL_get_wbio(ssl()), space.data(), space.size());
            if (count <= 0) break;
            waiting_.append(space.data(), static_cast<std::size_t>(count));
        }
        const std::size_t wanted = std::min(waiting_.size(), bytes_max);
        const ssize_t sent =
            ::send(socket_.native_handle(), waiting_.data(), wanted, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent <= 0) return 0;
        waiting_.erase(0, static_cast<std::size_t>(sent));
        return static_cast<std::size_t>(sent);
    }

    /// Takes what the wire has.
    void fill() {
        std::array<char, 65'536> space{};
        for (;;) {
            const ssize_t count =
                ::recv(socket_.native_handle(), space.data(), space.size(), MSG_DONTWAIT);
            if (count <= 0) return;
            BIO_write(SSL_get_rbio(ssl()), space.data(), static_cast<int>(count));
        }
    }

    void write(std::string_view bytes) {
        ASSERT_EQ(SSL_write(ssl(), bytes.data(), static_cast<int>(bytes.size())),
                  static_cast<int>(bytes.size()));
    }

    /// The next `count` bytes, or all up to the end.
    std::string read(std::size_t count = SIZE_MAX) {
        std::string all;
        std::array<char, 16'384> space{};
        for (;;) {
            const std::size_t wanted = std::min(space.size(), count - all.size());
            const int came = SSL_read(ssl(), space.data(), static_cast<int>(wanted));
            if (came > 0) all.append(space.data(), static_cast<std::size_t>(came));
            if (all.size() == count) return all;
            if (came > 0) continue;
            if (SSL_get_error(ssl(), came) != SSL_ERROR_WANT_READ) return all;
            if (!readable({&socket_})) return all;
            fill();
        }
    }

  private:
    boost::asio::ip::tcp::socket socket_;
    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
    std::unique_ptr<SSL, decltype(&SSL_free)> ssl_{nullptr, &SSL_free};
    std::string waiting_;
};

}  // namespace causeway::test
