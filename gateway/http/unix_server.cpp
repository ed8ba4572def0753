// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/unix_server.h"

#include "gateway/http/stream_step.h"
#include "gateway/http/worker.h"

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/system/system_error.hpp>

#include <cerrno>
#include <span>
#include <string_view>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace asio = boost::asio;
using asio::local::stream_protocol;

namespace causeway::gateway {
namespace {

[[noreturn]] void give_up(int reason, const std::string& path) {
    throw boost::system::system_error(reason, boost::system::system_category(), path);
}

void remove_if_stale(const std::string& path) {
    struct stat found {};
    if (::lstat(path.c_str(), &found) != 0) {
        if (errno == ENOENT) return;
        give_up(errno, path);
    }
    if (!S_ISSOCK(found.st_mode)) give_up(EEXIST, path);
    asio::io_context io;
    stream_protocol::socket probe(io);
    boost::system::error_code failed;
    probe.connect(stream_protocol::endpoint(path), failed);
    // Anything but "nobody listens" leaves the file alone: it may be somebody's.
    if (failed != asio::error::connection_refused) give_up(EADDRINUSE, path);
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) give_up(errno, path);
}

// TlsStream's methods without TLS.
class UnixStream {
  public:
    explicit UnixStream(stream_protocol::socket socket) : socket_(std::move(socket)) {}

    [[nodiscard]] stream_protocol::socket& socket() noexcept { return socket_; }
    [[nodiscard]] static bool has_input() noexcept { return false; }
    static StreamStep handshake() { return {}; }
    static StreamStep goodbye() { return {}; }

    StreamStep read(std::span<char> space) {
        const ssize_t count =
            ::recv(socket_.native_handle(), space.data(), space.size(), MSG_DONTWAIT);
        if (count == 0) return {Wants::end};
        return after(count, Wants::readable);
    }
    StreamStep write(std::string_view bytes) {
        const int flags = MSG_DONTWAIT | MSG_NOSIGNAL;
        return after(::send(socket_.native_handle(), bytes.data(), bytes.size(), flags),
                     Wants::writable);
    }

  private:
    static StreamStep after(ssize_t count, Wants wants) {
        if (count >= 0) return {Wants::nothing, static_cast<std::size_t>(count)};
        const bool later = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
        return {later ? wants : Wants::end};
    }

    stream_protocol::socket socket_;
};

class UnixTransport {
  public:
    using Socket = stream_protocol::socket;
    using Acceptor = stream_protocol::acceptor;
    using Stream = UnixStream;
    static constexpr std::size_t kReadBytesMax = 65'536;

    explicit UnixTransport(std::string path) : path_(std::move(path)) {}
    UnixTransport(const UnixTransport&) = delete;
    UnixTransport& operator=(const UnixTransport&) = delete;
    ~UnixTransport() {
        struct stat found {};
        const bool ours =
            ::lstat(path_.c_str(), &found) == 0 && found.st_ino == file_ && found.st_dev == device_;
        if (ours) (void)::unlink(path_.c_str());
    }

    stream_protocol::acceptor listen(asio::io_context& io) {
        remove_if_stale(path_);
        stream_protocol::acceptor acceptor(io, stream_protocol());
        // The mode of the socket becomes the mode of the file, less the umask; the umask itself
        // belongs to all threads and is left alone.
        if (::fchmod(acceptor.native_handle(), S_IRUSR | S_IWUSR) != 0) give_up(errno, path_);
        acceptor.bind(stream_protocol::endpoint(path_));
        struct stat made {};
        if (::lstat(path_.c_str(), &made) != 0) give_up(errno, path_);
        file_ = made.st_ino;
        device_ = made.st_dev;
        if (::chmod(path_.c_str(), S_IRUSR | S_IWUSR) != 0) give_up(errno, path_);
        acceptor.listen();
        return acceptor;
    }

    static Stream make_stream(Socket socket) { return Stream(std::move(socket)); }
    static std::string peer_of(const Socket&) { return "unix"; }

  private:
    const std::string path_;
    ino_t file_ = 0;
    dev_t device_ = 0;
};

}  // namespace

struct UnixHttpServer::State {
    State(UnixHttpServerConfig config, HttpHooks hooks)
        : transport(std::move(config.path)),
          shared{std::move(hooks), config.limits, config.timeouts},
          workers(transport, shared, 1) {}

    UnixTransport transport;
    ServerShared shared;
    WorkerSet<UnixTransport> workers;
};

UnixHttpServer::UnixHttpServer(UnixHttpServerConfig config, HttpHooks hooks)
    : state_(std::make_unique<State>(std::move(config), std::move(hooks))) {}
UnixHttpServer::~UnixHttpServer() = default;

void UnixHttpServer::start() {
    state_->workers.start();
}
bool UnixHttpServer::drain(std::chrono::milliseconds time_max) {
    return state_->workers.drain(time_max);
}
HttpStatistics UnixHttpServer::statistics() const {
    return state_->workers.statistics();
}
asio::any_io_executor UnixHttpServer::executor() {
    return state_->workers.io(0).get_executor();
}

}  // namespace causeway::gateway
