// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/tls_stream.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <stdexcept>
#include <sys/socket.h>
#include <utility>

namespace causeway::gateway {
namespace {

int length_of(std::size_t bytes) {
    return static_cast<int>(
        std::min(bytes, static_cast<std::size_t>(std::numeric_limits<int>::max())));
}

bool is_temporary(int reason) {
    return reason == EAGAIN || reason == EWOULDBLOCK || reason == EINTR;
}

}  // namespace

// OpenSSL's own socket BIO writes without MSG_NOSIGNAL and reads as often as it likes.
struct TlsStream::SocketBio {
    static TlsStream& stream_of(BIO* bio) { return *static_cast<TlsStream*>(BIO_get_data(bio)); }

    static int write(BIO* bio, const char* bytes, int count) {
        BIO_clear_retry_flags(bio);
        const ssize_t sent = ::send(stream_of(bio).socket_.native_handle(),
                                    bytes,
                                    static_cast<std::size_t>(count),
                                    MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && is_temporary(errno)) BIO_set_retry_write(bio);
        return static_cast<int>(sent);
    }

    static int read(BIO* bio, char* space, int count) {
        BIO_clear_retry_flags(bio);
        TlsStream& stream = stream_of(bio);
        if (!std::exchange(stream.may_read_, false)) {
            BIO_set_retry_read(bio);
            return -1;
        }
        const ssize_t received = ::recv(
            stream.socket_.native_handle(), space, static_cast<std::size_t>(count), MSG_DONTWAIT);
        if (received < 0 && is_temporary(errno)) BIO_set_retry_read(bio);
        return static_cast<int>(received);
    }

    static long control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH; }

    static BIO_METHOD* make() {
        BIO_METHOD* const method =
            BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "causeway socket");
        const bool made = method != nullptr && BIO_meth_set_write(method, &write) == 1 &&
                          BIO_meth_set_read(method, &read) == 1 &&
                          BIO_meth_set_ctrl(method, &control) == 1;
        if (!made) throw std::runtime_error("OpenSSL takes no BIO of ours");
        return method;
    }
    static BIO_METHOD* method() {
        static BIO_METHOD* const made = make();
        return made;
    }
};

void prepare_for_streams(SSL_CTX* context) {
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    // A card's number and an API key do not stay in memory that somebody else gets.
    SSL_CTX_set_options(context, SSL_OP_CLEANSE_PLAINTEXT);
    // A record's head and body with one call to the kernel, and what follows them too.
    SSL_CTX_set_read_ahead(context, 1);
}

TlsStream::~TlsStream() {
    SSL_free(ssl_);
}

bool TlsStream::has_input() const noexcept {
    return ssl_ != nullptr && SSL_has_pending(ssl_) == 1;
}

bool TlsStream::begin() {
    BIO* const bio = BIO_new(SocketBio::method());
    if (bio == nullptr) return false;
    ssl_ = SSL_new(context_);
    if (ssl_ == nullptr) {
        BIO_free(bio);
        return false;
    }
    BIO_set_data(bio, this);
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl_, bio, bio);
    SSL_set_accept_state(ssl_);
    return true;
}

StreamStep TlsStream::after(int result) {
    if (result > 0) return {Wants::nothing, static_cast<std::size_t>(result)};
    switch (SSL_get_error(ssl_, result)) {
        case SSL_ERROR_WANT_READ: return {Wants::readable};
        case SSL_ERROR_WANT_WRITE: return {Wants::writable};
        default: return {Wants::end};
    }
}

StreamStep TlsStream::handshake() {
    char first = 0;
    if (ssl_ == nullptr) {
        const ssize_t peeked = ::recv(socket_.native_handle(), &first, 1, MSG_PEEK | MSG_DONTWAIT);
        if (peeked < 0 && is_temporary(errno)) return {Wants::readable};
        if (peeked <= 0 || !begin()) return {Wants::end};
    }
    ERR_clear_error();
    may_read_ = true;
    return after(SSL_do_handshake(ssl_));
}

StreamStep TlsStream::read(std::span<char> space) {
    ERR_clear_error();
    may_read_ = true;
    return after(SSL_read(ssl_, space.data(), length_of(space.size())));
}

StreamStep TlsStream::write(std::string_view bytes) {
    ERR_clear_error();
    may_read_ = true;
    return after(SSL_write(ssl_, bytes.data(), length_of(bytes.size())));
}

StreamStep TlsStream::goodbye() {
    ERR_clear_error();
    may_read_ = false;
    const int said = SSL_shutdown(ssl_);
    // 0: ours is sent, theirs has not come.
    if (said >= 0) return {Wants::nothing};
    return after(said);
}

}  // namespace causeway::gateway
