// SPDX-License-Identifier: Apache-2.0
#include "tests/support/cutting_proxy.h"

#include <array>
#include <cstring>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>

namespace causeway::test {
namespace {

sockaddr_un address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) throw std::runtime_error("too long: " + path);
    std::memcpy(address.sun_path, path.data(), path.size());
    return address;
}

int connect_to(const std::string& path) {
    const sockaddr_un address = address_of(path);
    const int made = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::connect(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
        return made;
    }
    ::close(made);
    return -1;
}

void send_all(int to, std::string_view data) {
    while (!data.empty()) {
        const ssize_t sent = ::send(to, data.data(), data.size(), MSG_NOSIGNAL);
        if (sent <= 0) return;
        data.remove_prefix(static_cast<std::size_t>(sent));
    }
}

// ReadyForQuery ends what the server says: 'Z', a length of 5, and the state.
bool is_complete(std::string_view answer) {
    constexpr std::string_view kReady{"Z\0\0\0\5", 5};
    return answer.size() >= 6 && answer.substr(answer.size() - 6).starts_with(kReady);
}

std::string read_answer(int from) {
    std::string answer;
    std::array<char, 4096> buffer{};
    while (!is_complete(answer)) {
        const ssize_t got = ::read(from, buffer.data(), buffer.size());
        if (got <= 0) break;
        answer.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return answer;
}

}  // namespace

CuttingProxy::CuttingProxy(std::string server_socket) : server_socket_(std::move(server_socket)) {
    const sockaddr_un address = address_of(folder_.file(".s.PGSQL.5432"));
    listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    std::array<int, 2> ends{};
    if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(listener_, 16) != 0 || ::pipe(ends.data()) != 0) {
        throw std::runtime_error("the proxy can not listen");
    }
    wake_read_ = ends[0];
    wake_write_ = ends[1];
    thread_ = std::thread([this] { work(); });
}

CuttingProxy::~CuttingProxy() {
    ::close(wake_write_);
    thread_.join();
    for (const Pair& pair : pairs_) {
        ::close(pair.client);
        ::close(pair.server);
    }
    ::close(listener_);
    ::close(wake_read_);
}

void CuttingProxy::arm(Cut cut, std::string word) {
    const std::lock_guard lock(mutex_);
    plans_.emplace_back(cut, std::move(word));
}

std::optional<CuttingProxy::Cut> CuttingProxy::due(std::string_view data) {
    const std::lock_guard lock(mutex_);
    if (plans_.empty() || data.find(plans_.front().second) == std::string_view::npos) return {};
    const Cut cut = plans_.front().first;
    plans_.pop_front();
    return cut;
}

std::string CuttingProxy::deliver() {
    const Pair pair = held_.get_future().get();
    send_all(pair.server, held_data_);
    std::string answer = read_answer(pair.server);
    ::close(pair.server);
    return answer;
}

void CuttingProxy::work() {
    for (;;) {
        std::vector<pollfd> watched{{.fd = wake_read_, .events = POLLIN, .revents = 0},
                                    {.fd = listener_, .events = POLLIN, .revents = 0}};
        for (const Pair& pair : pairs_) {
            watched.push_back({.fd = pair.client, .events = POLLIN, .revents = 0});
            watched.push_back({.fd = pair.server, .events = POLLIN, .revents = 0});
        }
        if (::poll(watched.data(), watched.size(), -1) < 0) return;
        if (watched[0].revents != 0) return;
        std::vector<Pair> open;
        for (std::size_t i = 0; i < pairs_.size(); ++i) {
            Pair& pair = pairs_[i];
            const bool goes_on = (watched[2 + 2 * i].revents == 0 || pass_on(pair, pair.client)) &&
                                 (watched[3 + 2 * i].revents == 0 || pass_on(pair, pair.server));
            if (goes_on) open.push_back(pair);
        }
        pairs_ = std::move(open);
        if (watched[1].revents != 0) accept_one();
    }
}

void CuttingProxy::accept_one() {
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const int server = connect_to(server_socket_);
    if (client >= 0 && server >= 0) {
        pairs_.push_back({.client = client, .server = server});
        return;
    }
    ::close(client);
    ::close(server);
}

// False when the pair is no more.
bool CuttingProxy::pass_on(Pair& pair, int from) {
    std::array<char, 65536> buffer{};
    const ssize_t got = ::read(from, buffer.data(), buffer.size());
    if (got <= 0) {
        ::close(pair.client);
        ::close(pair.server);
        return false;
    }
    const std::string_view data(buffer.data(), static_cast<std::size_t>(got));
    if (from == pair.client) return pass_on_to_server(pair, data);
    send_all(pair.client, data);
    return true;
}

bool CuttingProxy::pass_on_to_server(Pair& pair, std::string_view data) {
    const std::optional<Cut> cut = due(data);
    if (!cut) {
        send_all(pair.server, data);
        return true;
    }
    if (cut == Cut::late) {
        held_data_ = data;
        ++cuts_;
        ::close(pair.client);
        held_.set_value(pair);
        return false;
    }
    if (cut == Cut::after) {
        send_all(pair.server, data);
        (void)read_answer(pair.server);
    }
    ++cuts_;
    ::close(pair.server);
    ::close(pair.client);
    return false;
}

}  // namespace causeway::test
