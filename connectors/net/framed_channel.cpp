// SPDX-License-Identifier: Apache-2.0
//
// Every operation first moves to the connection's own executor and goes back to its caller's at
// the end, so a caller who never learns of the strand below cannot break it.
#include "connectors/net/framed_channel.h"

#include "connectors/net/look_up.h"
#include "connectors/net/tls.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <deque>
#include <exception>
#include <functional>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

namespace causeway::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using PlainStream = tcp::socket;
using TlsStream = asio::ssl::stream<tcp::socket>;
using SteadyTime = std::chrono::steady_clock::time_point;

constexpr auto kAsTuple = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kHeaderBytes = 2;
constexpr std::size_t kFrameBytesPossible = 0xFFFF;
constexpr std::chrono::seconds kHandshakeMax{10};
constexpr std::chrono::milliseconds kAcceptPause{20};
// Connections whose handshake runs, and connections that nobody took yet.
constexpr std::size_t kHandshakesMax = 64;
constexpr std::size_t kReadyMax = 64;

Error broken(std::string_view step, const error_code& error) {
    return Error(ErrorCode::unavailable, std::string(step) + ": " + error.message());
}

Error closed() {
    return Error(ErrorCode::unavailable, "the connection is closed");
}

tcp::socket& socket_of(PlainStream& stream) {
    return stream;
}
tcp::socket& socket_of(TlsStream& stream) {
    return stream.next_layer();
}

/// What a channel's operations share with the handler that closes it.
///
/// Threads: the stream's executor, but for `executor`.
template <class Stream>
struct Link {
    Link(Stream stream_in, std::size_t frame_bytes_max_in)
        : stream(std::move(stream_in)),
          executor(stream.get_executor()),
          frame_bytes_max(frame_bytes_max_in) {}

    // No close_notify: a frame says its own length, so a cut is always seen.
    void shut() noexcept {
        is_closed = true;
        error_code ignored;
        socket_of(stream).shutdown(tcp::socket::shutdown_both, ignored);
        socket_of(stream).close(ignored);
    }

    Stream stream;
    const asio::any_io_executor executor;
    const std::size_t frame_bytes_max;
    bool is_closed = false;
    bool is_ready = false;  ///< The handshake is done; no deadline may close it any more.
    Frame inbox;            ///< Bytes received and not yet handed out, from `inbox_begin` on.
    std::size_t inbox_begin = 0;
};

template <class Stream>
void shut_later(const std::shared_ptr<Link<Stream>>& link) noexcept {
    try {
        asio::dispatch(link->executor, [link] { link->shut(); });
    } catch (const std::exception&) {
        // Out of memory: the socket closes when the last operation lets go of it.
    }
}

/// Closes a connection that is not ready in time. Disarmed by `is_ready`, or when it goes.
template <class Stream>
class Deadline {
  public:
    Deadline(const std::shared_ptr<Link<Stream>>& link, SteadyTime at)
        : timer_(link->executor, at) {
        timer_.async_wait([link](const error_code& disarmed) {
            if (!disarmed && !link->is_ready) link->shut();
        });
    }

  private:
    asio::steady_timer timer_;
};

template <class Stream>
class Channel final : public FramedChannel {
  public:
    explicit Channel(std::shared_ptr<Link<Stream>> link) : link_(std::move(link)) {}
    ~Channel() override { shut_later(link_); }

    asio::awaitable<Result<Frame>> receive() override {
        co_await asio::dispatch(asio::bind_executor(link_->executor, asio::use_awaitable));
        Result<Frame> frame = co_await next_frame();
        if (!frame) link_->shut();
        co_await asio::dispatch(asio::use_awaitable);
        co_return frame;
    }

    asio::awaitable<Result<void>> send(Frame frame) override {
        co_await asio::dispatch(asio::bind_executor(link_->executor, asio::use_awaitable));
        Result<void> sent = co_await write_frame(std::move(frame));
        co_await asio::dispatch(asio::use_awaitable);
        co_return sent;
    }

    void close() noexcept override { shut_later(link_); }

  private:
    asio::awaitable<Result<Frame>> next_frame();
    asio::awaitable<Result<void>> write_frame(Frame frame);
    Result<std::optional<Frame>> take_frame();

    std::shared_ptr<Link<Stream>> link_;
};

// Takes the next frame out of the inbox if it is there to its last byte.
template <class Stream>
Result<std::optional<Frame>> Channel<Stream>::take_frame() {
    Frame& inbox = link_->inbox;
    std::size_t& begin = link_->inbox_begin;
    while (inbox.size() - begin >= kHeaderBytes) {
        const std::size_t length = (std::size_t{inbox[begin]} << 8U) | inbox[begin + 1];
        if (length > link_->frame_bytes_max) {
            return Error(ErrorCode::invalid_argument,
                         "a frame of " + std::to_string(length) + " bytes; the limit is " +
                             std::to_string(link_->frame_bytes_max));
        }
        if (inbox.size() - begin - kHeaderBytes < length) break;
        const auto first = inbox.begin() + static_cast<std::ptrdiff_t>(begin + kHeaderBytes);
        begin += kHeaderBytes + length;
        if (length == 0) continue;
        return std::optional<Frame>(Frame(first, first + static_cast<std::ptrdiff_t>(length)));
    }
    inbox.erase(inbox.begin(), inbox.begin() + static_cast<std::ptrdiff_t>(begin));
    begin = 0;
    return std::optional<Frame>();
}

template <class Stream>
asio::awaitable<Result<Frame>> Channel<Stream>::next_frame() {
    for (;;) {
        if (link_->is_closed) co_return closed();
        Result<std::optional<Frame>> taken = take_frame();
        if (!taken) co_return taken.error();
        if (*taken) co_return std::move(**taken);

        Frame& inbox = link_->inbox;
        const std::size_t kept = inbox.size();
        inbox.resize(kept + kHeaderBytes + link_->frame_bytes_max);
        const auto room = asio::buffer(inbox) + kept;
        auto token = asio::bind_executor(link_->executor, kAsTuple);
        const auto [error, count] = co_await link_->stream.async_read_some(room, std::move(token));
        inbox.resize(kept + count);
        if (!error) continue;
        if (error == asio::error::eof && kept != 0) {
            co_return Error(ErrorCode::unavailable, "closed in the middle of a frame");
        }
        co_return broken("receive", error);
    }
}

template <class Stream>
asio::awaitable<Result<void>> Channel<Stream>::write_frame(Frame frame) {
    if (frame.size() > std::min(link_->frame_bytes_max, kFrameBytesPossible)) {
        co_return Error(ErrorCode::invalid_argument, "the frame exceeds the limit");
    }
    if (link_->is_closed) co_return closed();
    const auto length = static_cast<unsigned>(frame.size());
    // One write and so, without Nagle, one segment: some hosts read no further than the first.
    frame.insert(frame.begin(), 2, 0);
    frame[0] = static_cast<std::uint8_t>(length >> 8U);
    frame[1] = static_cast<std::uint8_t>(length & 0xFFU);
    auto token = asio::bind_executor(link_->executor, kAsTuple);
    const auto [error, count] =
        co_await asio::async_write(link_->stream, asio::buffer(frame), std::move(token));
    if (!error) co_return Result<void>();
    link_->shut();
    // A TLS stream reports 0 bytes even when half a record is on its way.
    const bool nothing_left = std::is_same_v<Stream, PlainStream> && count == 0;
    if (nothing_left) co_return broken("send", error);
    co_return Error(ErrorCode::outcome_unknown, "send: " + error.message());
}

bool is_loopback_name(const std::string& host) {
    error_code not_an_address;
    const auto address = asio::ip::make_address(host, not_an_address);
    return not_an_address ? host == "localhost" : address.is_loopback();
}

Result<void> check(const ConnectConfig& config) {
    const auto wrong = [](const char* why) { return Error(ErrorCode::invalid_argument, why); };
    if (config.host.empty() || config.port == 0) return wrong("host and port are required");
    if (config.connect_max.count() <= 0) return wrong("connect_max must be positive");
    if (config.frame_bytes_max == 0 || config.frame_bytes_max > kFrameBytesPossible) {
        return wrong("frame_bytes_max must be 1 to 65535");
    }
    if (!config.tls && !is_loopback_name(config.host)) {
        return wrong("without TLS only a loopback address may be used");
    }
    return {};
}

void keep_loopback(std::vector<tcp::endpoint>& endpoints) {
    std::erase_if(endpoints, [](const auto& e) { return !e.address().is_loopback(); });
}

void prepare(PlainStream&, const ConnectConfig&) {}

void prepare(TlsStream& stream, const ConnectConfig& config) {
    const std::string& name = config.server_name.empty() ? config.host : config.server_name;
    stream.set_verify_callback(asio::ssl::host_name_verification(name));
    error_code not_an_address;
    (void)asio::ip::make_address(name, not_an_address);
    if (not_an_address) SSL_set_tlsext_host_name(stream.native_handle(), name.c_str());
}

asio::awaitable<error_code> handshake(std::reference_wrapper<PlainStream>,
                                      asio::ssl::stream_base::handshake_type) {
    co_return error_code();
}

asio::awaitable<error_code> handshake(std::reference_wrapper<TlsStream> stream,
                                      asio::ssl::stream_base::handshake_type side) {
    const auto [error] = co_await stream.get().async_handshake(side, kAsTuple);
    co_return error;
}

template <class Stream>
asio::awaitable<Result<std::unique_ptr<FramedChannel>>> open(Stream stream, ConnectConfig config) {
    const SteadyTime deadline = std::chrono::steady_clock::now() + config.connect_max;
    LookedUp resolved = co_await look_up(config.host, config.port, deadline);
    if (resolved.error) co_return broken("resolve " + config.host, resolved.error);
    if (!config.tls) keep_loopback(resolved.endpoints);

    prepare(stream, config);
    const auto link = std::make_shared<Link<Stream>>(std::move(stream), config.frame_bytes_max);
    const Deadline<Stream> watch(link, deadline);
    tcp::socket& socket = socket_of(link->stream);
    const auto [refused, where] =
        co_await asio::async_connect(socket, resolved.endpoints, kAsTuple);
    if (link->is_closed) co_return Error(ErrorCode::unavailable, "connect: no answer in time");
    if (refused) co_return broken("connect", refused);
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    const error_code distrusted = co_await handshake(link->stream, asio::ssl::stream_base::client);
    if (link->is_closed) co_return Error(ErrorCode::unavailable, "TLS: no answer in time");
    if (distrusted) co_return broken("TLS", distrusted);
    link->is_ready = true;
    co_return std::make_unique<Channel<Stream>>(link);
}

}  // namespace

asio::awaitable<Result<std::unique_ptr<FramedChannel>>> connect(ConnectConfig config) {
    const Result<void> usable = check(config);
    if (!usable) co_return usable.error();
    const auto executor = co_await asio::this_coro::executor;
    if (!config.tls) {
        PlainStream plain(executor);
        co_return co_await open(std::move(plain), std::move(config));
    }
    TlsIdentity identity;
    identity.certificate_file = config.certificate_file;
    identity.private_key_file = config.private_key_file;
    Result<asio::ssl::context> settings = client_tls(config.ca_file, identity);
    if (!settings) co_return settings.error();
    TlsStream tls(executor, *settings);
    co_return co_await open(std::move(tls), std::move(config));
}

struct FramedListener::State {
    State(const asio::any_io_executor& executor, const ListenConfig& config)
        : strand(asio::make_strand(executor)),
          connections(executor),
          acceptor(strand),
          wake(strand, SteadyTime::max()),
          frame_bytes_max(config.frame_bytes_max) {
        const auto address = asio::ip::make_address(config.address);
        if (config.tls) {
            const TlsIdentity identity{config.certificate_file, config.private_key_file};
            tls.emplace(server_tls(identity));
        } else if (!address.is_loopback()) {
            throw boost::system::system_error(
                boost::asio::error::make_error_code(asio::error::access_denied),
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
    static asio::awaitable<void> greet(std::shared_ptr<State> state, Stream stream);
    asio::awaitable<Result<std::unique_ptr<FramedChannel>>> next();
    void welcome(tcp::socket socket, const std::shared_ptr<State>& self);
    void shut() noexcept;

    const asio::strand<asio::any_io_executor> strand;  ///< Guards everything below.
    const asio::any_io_executor connections;
    tcp::acceptor acceptor;
    asio::steady_timer wake;  ///< Never expires; cancelled when `ready` or `is_closed` changes.
    std::optional<asio::ssl::context> tls;
    const std::size_t frame_bytes_max;
    std::uint16_t port = 0;
    std::size_t handshakes = 0;
    std::deque<std::unique_ptr<FramedChannel>> ready;
    bool is_closed = false;
};

// Runs on the connection's strand; `state` is touched on its own only.
template <class Stream>
asio::awaitable<void> FramedListener::State::greet(std::shared_ptr<State> state, Stream stream) {
    error_code ignored;
    socket_of(stream).set_option(tcp::no_delay(true), ignored);
    const auto link = std::make_shared<Link<Stream>>(std::move(stream), state->frame_bytes_max);
    const Deadline<Stream> watch(link, std::chrono::steady_clock::now() + kHandshakeMax);
    const error_code failed = co_await handshake(link->stream, asio::ssl::stream_base::server);
    link->is_ready = true;
    auto channel = std::make_unique<Channel<Stream>>(link);

    co_await asio::dispatch(asio::bind_executor(state->strand, asio::use_awaitable));
    --state->handshakes;
    if (failed || state->is_closed || state->ready.size() >= kReadyMax) co_return;
    state->ready.push_back(std::move(channel));
    state->wake.cancel();
}

void FramedListener::State::welcome(tcp::socket socket, const std::shared_ptr<State>& self) {
    if (handshakes >= kHandshakesMax) return;  // The socket closes.
    ++handshakes;
    const auto home = socket.get_executor();
    if (!tls) {
        asio::co_spawn(home, greet<PlainStream>(self, std::move(socket)), asio::detached);
        return;
    }
    TlsStream stream(std::move(socket), *tls);
    asio::co_spawn(home, greet<TlsStream>(self, std::move(stream)), asio::detached);
}

asio::awaitable<void> FramedListener::State::run(std::shared_ptr<State> state) {
    while (!state->is_closed) {
        tcp::socket socket(asio::make_strand(state->connections));
        const auto [failed] = co_await state->acceptor.async_accept(socket, kAsTuple);
        if (state->is_closed) co_return;
        if (!failed) {
            state->welcome(std::move(socket), state);
            continue;
        }
        // Out of descriptors, most likely. Pause, or this loop would spin.
        asio::steady_timer pause(state->strand, kAcceptPause);
        (void)co_await pause.async_wait(kAsTuple);
    }
}

asio::awaitable<Result<std::unique_ptr<FramedChannel>>> FramedListener::State::next() {
    while (ready.empty() && !is_closed) {
        auto token = asio::bind_executor(strand, kAsTuple);
        (void)co_await wake.async_wait(std::move(token));
    }
    if (is_closed) co_return Error(ErrorCode::unavailable, "the listener is closed");
    std::unique_ptr<FramedChannel> channel = std::move(ready.front());
    ready.pop_front();
    co_return channel;
}

void FramedListener::State::shut() noexcept {
    is_closed = true;
    error_code ignored;
    acceptor.close(ignored);
    wake.cancel();
    ready.clear();
}

FramedListener::FramedListener(const asio::any_io_executor& executor, const ListenConfig& config)
    : state_(std::make_shared<State>(executor, config)) {
    asio::co_spawn(state_->strand, State::run(state_), asio::detached);
}

FramedListener::~FramedListener() {
    close();
}

std::uint16_t FramedListener::port() const {
    return state_->port;
}

asio::awaitable<Result<std::unique_ptr<FramedChannel>>> FramedListener::accept() {
    const std::shared_ptr<State> state = state_;
    co_await asio::dispatch(asio::bind_executor(state->strand, asio::use_awaitable));
    Result<std::unique_ptr<FramedChannel>> channel = co_await state->next();
    co_await asio::dispatch(asio::use_awaitable);
    co_return channel;
}

void FramedListener::close() noexcept {
    try {
        asio::dispatch(state_->strand, [state = state_] { state->shut(); });
    } catch (const std::exception&) {
        // Out of memory: the port is freed with the last coroutine.
    }
}

}  // namespace causeway::net
