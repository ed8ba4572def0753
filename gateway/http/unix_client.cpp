// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/unix_client.h"

#include "gateway/http/message_parser.h"
#include "gateway/http/response_head.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <poll.h>
#include <string_view>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>

namespace causeway::gateway {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kReadBytes = 65'536;

class Socket {
  public:
    Socket() : number_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    ~Socket() {
        if (number_ >= 0) ::close(number_);
    }

    [[nodiscard]] bool connect(const std::string& path, milliseconds time_max) const {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        if (number_ < 0 || path.size() >= sizeof address.sun_path) return false;
        std::memcpy(address.sun_path, path.data(), path.size());
        limit_sending(time_max);
        return ::connect(number_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    }

    // Returns how many bytes left; fewer than all when it failed.
    [[nodiscard]] std::size_t send(std::string_view bytes, milliseconds time_max) const {
        limit_sending(time_max);
        std::size_t sent = 0;
        while (sent < bytes.size()) {
            const ssize_t count =
                ::send(number_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
            if (count < 0 && errno == EINTR) continue;
            if (count <= 0) break;
            sent += static_cast<std::size_t>(count);
        }
        return sent;
    }

    // Returns what recv() does, or -1 when nothing came in time.
    [[nodiscard]] ssize_t receive(std::string& space, steady_clock::time_point deadline) const {
        for (;;) {
            const auto left =
                std::chrono::ceil<milliseconds>(deadline - steady_clock::now()).count();
            pollfd wanted{number_, POLLIN, 0};
            const int ready = ::poll(&wanted, 1, static_cast<int>(std::clamp(left, 0L, 1L << 30)));
            if (ready < 0 && errno == EINTR) continue;
            if (ready <= 0) return -1;
            const ssize_t count = ::recv(number_, space.data(), space.size(), 0);
            if (count < 0 && errno == EINTR) continue;
            return count;
        }
    }

  private:
    void limit_sending(milliseconds time_max) const {
        const auto seconds = std::chrono::floor<std::chrono::seconds>(time_max);
        const std::chrono::microseconds rest = time_max - seconds;
        const timeval limit{seconds.count(), rest.count()};
        ::setsockopt(number_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    }

    int number_;
};

bool is_visible(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char letter) {
        return letter > ' ' && letter < '\x7F';
    });
}

std::string spell_head(const net::HttpRequest& request) {
    std::string head = request.method + " " + request.target + " HTTP/1.1\r\nHost: localhost\r\n";
    for (const auto& [name, value] : request.headers)
        head.append(name).append(": ").append(value).append("\r\n");
    head += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
    head += "Connection: close\r\n\r\n";
    return head;
}

Result<net::HttpResponse> receive_answer(const Socket& socket,
                                         bool to_head,
                                         const UnixClientLimits& limits,
                                         const BodySink& sink) {
    auto deadline = steady_clock::now() + limits.answer_max;
    constexpr std::uint64_t kAny = std::numeric_limits<std::uint64_t>::max();
    ResponseParser parser({65'536, 200, sink ? kAny : limits.body_bytes_max}, to_head);
    std::string waiting;
    std::string space(kReadBytes, '\0');
    while (!parser.done()) {
        const ssize_t count = socket.receive(space, deadline);
        if (count < 0) return Error(ErrorCode::outcome_unknown, "no answer in time");
        if (count == 0) parser.put_end();
        waiting.append(space, 0, static_cast<std::size_t>(count));
        waiting.erase(0, parser.put(waiting));
        if (parser.failure() || (count == 0 && !parser.done())) {
            return Error(ErrorCode::outcome_unknown, "the answer was cut off or makes no sense");
        }
        if (!sink) continue;
        const Result<void> taken = sink(parser.take_body());
        if (!taken) return taken.error();
        deadline = steady_clock::now() + limits.answer_max;
    }
    return parser.take();
}

}  // namespace

Result<net::HttpResponse> request_over_unix_socket(const std::string& path,
                                                   const net::HttpRequest& request,
                                                   const UnixClientLimits& limits,
                                                   const BodySink& sink) {
    if (!is_visible(request.method) || !is_visible(request.target) ||
        !headers_are_safe(request.headers)) {
        return Error(ErrorCode::invalid_argument, "the request cannot be spelt");
    }
    const Socket socket;
    if (!socket.connect(path, limits.connect_max)) {
        return Error(ErrorCode::unavailable, "nobody listens on " + path);
    }
    const std::string head = spell_head(request);
    // The server may refuse the body before it is all sent; then its answer tells why.
    const std::size_t sent = socket.send(head, limits.send_max);
    if (sent == 0) return Error(ErrorCode::unavailable, "the server closed the connection");
    if (sent == head.size()) (void)socket.send(request.body, limits.send_max);
    return receive_answer(socket, request.method == "HEAD", limits, sink);
}

}  // namespace causeway::gateway
