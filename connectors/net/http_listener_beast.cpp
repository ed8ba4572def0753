// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/http_listener.h"
#include "connectors/net/tls.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/system/system_error.hpp>

#include <chrono>
#include <mutex>
#include <set>
#include <utility>
#include <vector>

namespace causeway::net {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using PlainStream = beast::tcp_stream;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;

constexpr auto kAsTuple = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::seconds kPatience{30};
constexpr std::chrono::milliseconds kAcceptPause{50};
constexpr std::size_t kHeadBytesMax = 16'384;
constexpr unsigned kHttp11 = 11;

HttpRequest taken(http::request<http::string_body> message) {
    HttpRequest request;
    request.method = std::string(message.method_string());
    request.target = std::string(message.target());
    for (const auto& field : message)
        request.headers.emplace_back(field.name_string(), field.value());
    request.body = std::move(message.body());
    return request;
}

http::response<http::string_body> spelt(HttpResponse response) {
    http::response<http::string_body> message;
    message.version(kHttp11);
    message.result(static_cast<unsigned>(response.status));
    for (const auto& [name, value] : response.headers)
        message.insert(name, value);
    message.keep_alive(false);
    message.body() = std::move(response.body);
    message.prepare_payload();
    return message;
}

asio::awaitable<error_code> greet(std::reference_wrapper<PlainStream>) {
    co_return error_code();
}

asio::awaitable<error_code> greet(std::reference_wrapper<TlsStream> stream) {
    const auto [failed] =
        co_await stream.get().async_handshake(asio::ssl::stream_base::server, kAsTuple);
    co_return failed;
}

asio::awaitable<void> part(std::reference_wrapper<PlainStream> stream) {
    error_code ignored;
    stream.get().socket().shutdown(tcp::socket::shutdown_send, ignored);
    co_return;
}

asio::awaitable<void> part(std::reference_wrapper<TlsStream> stream) {
    (void)co_await stream.get().async_shutdown(kAsTuple);
}

}  // namespace

struct HttpListener::State : std::enable_shared_from_this<State> {
    State(const asio::any_io_executor& executor,
          const HttpListenConfig& config,
          HttpHandler handler_in)
        : connections(executor),
          acceptor(asio::make_strand(executor)),
          handler(std::move(handler_in)),
          body_bytes_max(config.body_bytes_max) {
        const auto address = asio::ip::make_address(config.address);
        if (config.tls) {
            const TlsIdentity identity{config.certificate_file, config.private_key_file};
            tls.emplace(server_tls(identity));
            if (!config.client_ca_file.empty()) {
                tls->load_verify_file(config.client_ca_file);
                tls->set_verify_mode(asio::ssl::verify_peer |
                                     asio::ssl::verify_fail_if_no_peer_cert);
            }
        } else if (!address.is_loopback()) {
            throw boost::system::system_error(
                asio::error::make_error_code(asio::error::access_denied),
                "without TLS only a loopback address may be used");
        }
        const tcp::endpoint endpoint(address, config.port);
        acceptor.open(endpoint.protocol());
        acceptor.set_option(tcp::acceptor::reuse_address(true));
        acceptor.bind(endpoint);
        acceptor.listen();
        port = acceptor.local_endpoint().port();
    }

    static asio::awaitable<void> run(std::shared_ptr<State> state);
    template <class Stream>
    static asio::awaitable<void> serve(std::shared_ptr<State> state,
                                       std::shared_ptr<Stream> stream);
    template <class Stream>
    asio::awaitable<void> converse(std::reference_wrapper<Stream> stream);
    template <class Stream>
    void welcome(std::shared_ptr<Stream> stream);
    void shut();

    const asio::any_io_executor connections;
    tcp::acceptor acceptor;
    std::optional<asio::ssl::context> tls;
    const HttpHandler handler;
    const std::size_t body_bytes_max;
    std::uint16_t port = 0;

    std::mutex mutex;  ///< Guards what follows.
    std::set<std::function<void()>*> hang_ups;
    bool is_closed = false;
};

template <class Stream>
asio::awaitable<void> HttpListener::State::converse(std::reference_wrapper<Stream> stream) {
    beast::tcp_stream& lowest = beast::get_lowest_layer(stream.get());
    lowest.expires_after(kPatience);
    const error_code failed = co_await greet(stream);
    if (failed) co_return;
    beast::flat_buffer buffer(kHeadBytesMax + body_bytes_max);
    http::request_parser<http::string_body> parser;
    parser.body_limit(body_bytes_max);
    const auto [cut, count] = co_await http::async_read(stream.get(), buffer, parser, kAsTuple);
    if (cut) co_return;
    lowest.expires_never();
    HttpReply reply = co_await handler(taken(parser.release()));
    if (reply.response) {
        lowest.expires_after(kPatience);
        const auto message = spelt(*std::move(reply.response));
        (void)co_await http::async_write(stream.get(), message, kAsTuple);
        co_await part(stream);
    } else if (reply.hold) {
        http::request_parser<http::string_body> nothing;
        (void)co_await http::async_read(stream.get(), buffer, nothing, kAsTuple);
    }
}

template <class Stream>
asio::awaitable<void> HttpListener::State::serve(std::shared_ptr<State> state,
                                                 std::shared_ptr<Stream> stream) {
    std::function<void()> hang_up = [weak = std::weak_ptr<Stream>(stream)] {
        if (const auto open = weak.lock()) {
            asio::dispatch(open->get_executor(),
                           [open] { beast::get_lowest_layer(*open).close(); });
        }
    };
    {
        const std::lock_guard lock(state->mutex);
        if (state->is_closed) co_return;
        state->hang_ups.insert(&hang_up);
    }
    co_await state->template converse<Stream>(*stream);
    const std::lock_guard lock(state->mutex);
    state->hang_ups.erase(&hang_up);
}

template <class Stream>
void HttpListener::State::welcome(std::shared_ptr<Stream> stream) {
    const auto home = stream->get_executor();
    asio::co_spawn(home, serve<Stream>(shared_from_this(), std::move(stream)), asio::detached);
}

asio::awaitable<void> HttpListener::State::run(std::shared_ptr<State> state) {
    for (;;) {
        tcp::socket socket(asio::make_strand(state->connections));
        const auto [failed] = co_await state->acceptor.async_accept(socket, kAsTuple);
        if (!state->acceptor.is_open()) co_return;
        if (failed) {
            // Out of descriptors, most likely. Pause, or this loop would spin.
            asio::steady_timer pause(state->acceptor.get_executor(), kAcceptPause);
            (void)co_await pause.async_wait(kAsTuple);
        } else if (state->tls) {
            state->welcome(std::make_shared<TlsStream>(std::move(socket), *state->tls));
        } else {
            state->welcome(std::make_shared<PlainStream>(std::move(socket)));
        }
    }
}

void HttpListener::State::shut() {
    const std::lock_guard lock(mutex);
    if (std::exchange(is_closed, true)) return;
    asio::dispatch(acceptor.get_executor(), [self = shared_from_this()] {
        error_code ignored;
        self->acceptor.close(ignored);
    });
    for (const auto* hang_up : hang_ups)
        (*hang_up)();
}

HttpListener::HttpListener(const asio::any_io_executor& executor,
                           const HttpListenConfig& config,
                           HttpHandler handler)
    : state_(std::make_shared<State>(executor, config, std::move(handler))) {
    asio::co_spawn(state_->acceptor.get_executor(), State::run(state_), asio::detached);
}

HttpListener::~HttpListener() {
    close();
}

std::uint16_t HttpListener::port() const {
    return state_->port;
}

void HttpListener::close() noexcept {
    try {
        state_->shut();
    } catch (...) {
        // Out of memory: the port is freed with the last coroutine.
    }
}

}  // namespace causeway::net
