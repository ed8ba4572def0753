// SPDX-License-Identifier: Apache-2.0
//
// One connection from its handshake to its end, the same over TLS and over a Unix socket.
//
// For the two servers only: this header brings Asio's streams along.
#pragma once

#include "connectors/net/body_source.h"
#include "gateway/http/message_parser.h"
#include "gateway/http/options.h"
#include "gateway/http/read_buffer.h"
#include "gateway/http/response_head.h"
#include "gateway/http/session_table.h"
#include "gateway/http/stream_step.h"
#include "ledger/result.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/socket_base.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace causeway::gateway {

// Network failures are ordinary here, so they arrive as values.
inline constexpr auto kAsTuple = boost::asio::as_tuple(boost::asio::use_awaitable);

/// What the sessions of one thread share.
struct SessionHost {
    const HttpHooks& hooks;
    const HttpLimits& limits;
    const HttpTimeouts& timeouts;
    const std::atomic<bool>& draining;
    BufferPool buffers;
    SessionTable table = {};
    std::string spare_output = {};  ///< Whoever sends takes it, and brings it back.
    std::atomic<std::uint64_t> requests = 0;
    std::atomic<std::uint64_t> protocol_errors = 0;
    std::atomic<std::uint64_t> evicted = 0;
};

/// `Transport` tells what differs:
///   Socket, Stream                              types
///   static constexpr std::size_t kReadBytesMax  how much one read may bring
///   Stream make_stream(Socket) const            before the handshake
/// and a Stream has TlsStream's methods.
///
/// Threads: that of its host's table.
/// Lifetime: the host and the transport outlive it.
template <class Transport>
class Connection final : public Session {
  public:
    using Socket = typename Transport::Socket;
    using Stream = typename Transport::Stream;
    template <class T>
    using Awaitable = boost::asio::awaitable<T>;

    Connection(const Transport& transport, SessionHost& host, Socket socket, std::string peer)
        : host_(host),
          stream_(transport.make_stream(std::move(socket))),
          peer_(std::move(peer)),
          parser_({host.limits.header_bytes_max,
                   host.limits.header_count_max,
                   host.limits.body_bytes_max}),
          input_(host.buffers) {
        host_.table.add(*this);
    }
    ~Connection() override { host_.table.remove(*this); }

    static Awaitable<void> run(std::shared_ptr<Connection> self) {
        self->enter(Phase::handshake, self->host_.timeouts.handshake_max);
        const bool ready = co_await self->shake_hands();
        if (!ready) co_return;
        const bool linger = co_await self->serve();
        co_await self->leave(linger);
    }

  private:
    using Piece = std::optional<std::string>;
    enum class Arrival { request, nothing, late, malformed, header_too_large, body_too_large };

    static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    // A body up to this length is copied behind its head: one write and one TLS record.
    static constexpr std::size_t kJoinBytesMax = 16'384;
    static constexpr std::size_t kWriteBytesMax = 16'384;
    static constexpr std::size_t kLingerBytesMax = 1'048'576;

    static const ProtocolError& error_of(Arrival arrival) {
        switch (arrival) {
            case Arrival::late: return kRequestTimeout;
            case Arrival::header_too_large: return kHeaderTooLarge;
            case Arrival::body_too_large: return kBodyTooLarge;
            default: return kBadRequest;
        }
    }
    static Arrival arrival_of(ParseFailure failure) {
        switch (failure) {
            case ParseFailure::header_too_large: return Arrival::header_too_large;
            case ParseFailure::body_too_large: return Arrival::body_too_large;
            default: return Arrival::malformed;
        }
    }

    void cancel() noexcept override {
        boost::system::error_code ignored;
        stream_.socket().cancel(ignored);
    }

    auto until(Wants wants) {
        const auto kind = wants == Wants::writable ? boost::asio::socket_base::wait_write
                                                   : boost::asio::socket_base::wait_read;
        return stream_.socket().async_wait(kind, kAsTuple);
    }

    // Returns whether it is worth trying again.
    Awaitable<bool> wait(Wants wants) {
        if (wants == Wants::end || interrupted()) co_return false;
        const auto [failed] = co_await until(wants);
        co_return !failed && !interrupted();
    }

    // Lets the thread's other sessions, and the deadlines, have their turn.
    Awaitable<void> give_way() {
        const auto executor = stream_.socket().get_executor();
        co_await boost::asio::post(executor, boost::asio::use_awaitable);
    }

    Awaitable<bool> shake_hands() {
        for (;;) {
            const StreamStep step = stream_.handshake();
            if (step.wants == Wants::nothing) co_return true;
            const bool again = co_await wait(step.wants);
            if (!again) co_return false;
        }
    }

    // Returns whether the other side may still be sending, or reading our last words.
    Awaitable<bool> serve() {
        for (;;) {
            const Arrival arrival = co_await receive();
            if (arrival == Arrival::nothing) co_return false;
            if (arrival != Arrival::request) {
                co_await refuse(arrival);
                co_return true;
            }
            const bool again = co_await answer();
            if (!again) co_return true;
        }
    }

    Awaitable<Arrival> receive() {
        enter(Phase::idle, host_.timeouts.idle_max);
        bool told_to_continue = false;
        if (has_input()) co_await give_way();
        for (;;) {
            if (!input_.empty()) {
                if (phase() == Phase::idle) enter(Phase::reading, host_.timeouts.request_max);
                input_.consume(parser_.put(input_.view()));
                if (parser_.failure()) co_return arrival_of(*parser_.failure());
                if (parser_.done()) co_return Arrival::request;
                if (parser_.awaits_continue() && !told_to_continue) {
                    told_to_continue = true;
                    co_await put(kContinue);
                }
            }
            const bool begun = phase() == Phase::reading;
            if (!begun && host_.draining) co_return Arrival::nothing;
            if (interrupted()) co_return begun ? Arrival::late : Arrival::nothing;

            if (input_.full()) co_return Arrival::header_too_large;
            const bool came = co_await read();
            if (!came && begun && interrupted()) co_return Arrival::late;
            if (!came) co_return Arrival::nothing;
        }
    }

    [[nodiscard]] bool has_input() const { return !input_.empty() || stream_.has_input(); }

    // Returns whether bytes have come. Requires that there is space for some; while none are here,
    // there is no buffer either.
    Awaitable<bool> read() {
        Wants wants = stream_.has_input() ? Wants::nothing : Wants::readable;
        for (;;) {
            if (wants == Wants::end) co_return false;
            if (wants != Wants::nothing) {
                // Not wait(): this is where most sessions are most of the time.
                input_.rest();
                const auto [failed] = co_await until(wants);
                if (failed || interrupted()) co_return false;
            }
            const StreamStep step = stream_.read(input_.space());
            input_.commit(step.bytes);
            if (step.wants == Wants::nothing) co_return true;
            wants = step.wants;
        }
    }

    Awaitable<void> refuse(Arrival arrival) {
        host_.protocol_errors.fetch_add(1, std::memory_order_relaxed);
        net::HttpResponse response = host_.hooks.on_error(error_of(arrival));
        const ResponseFrame frame{.keep_alive = false};
        co_await send(std::move(response), frame);
    }

    // Returns whether the connection may carry another request.
    Awaitable<bool> answer() {
        ResponseFrame frame;
        frame.keep_alive = parser_.keep_alive();
        frame.http_1_0 = parser_.http_1_0();
        net::HttpRequest request = parser_.take();
        input_.rest();
        frame.to_head = request.method == "HEAD";
        request.peer = peer_;
        enter_handling();
        host_.requests.fetch_add(1, std::memory_order_relaxed);
        net::HttpResponse response = co_await call(std::move(request));
        if (host_.draining || response.more) frame.keep_alive = false;
        const bool sent = co_await send(std::move(response), frame);
        co_return sent&& frame.keep_alive;
    }

    Awaitable<net::HttpResponse> call(net::HttpRequest request) {
        std::string bug;
        try {
            net::HttpResponse response = co_await host_.hooks.handler(std::move(request));
            if (response.status >= 200 && response.status <= 599 &&
                headers_are_safe(response.headers)) {
                co_return response;
            }
            bug = "a response with an impossible status or header";
        } catch (const std::exception& thrown) {
            bug = thrown.what();
        } catch (...) {
            bug = "not a std::exception";
        }
        if (host_.hooks.on_bug) host_.hooks.on_bug(bug);
        co_return host_.hooks.on_error(kInternalError);
    }

    Awaitable<bool> send(net::HttpResponse response, ResponseFrame frame) {
        std::string output = std::exchange(host_.spare_output, {});
        output.clear();
        append_head(output, response, frame);
        const bool with_body = !frame.to_head && has_body(response.status);
        const bool together = response.body.size() <= kJoinBytesMax;
        if (with_body && together) output += response.body;
        bool sent = co_await write(output, Phase::writing);
        host_.spare_output = std::move(output);
        if (sent && with_body && !together) sent = co_await write(response.body, Phase::writing);
        if (sent && with_body && response.more) sent = co_await send_pieces(response.more);
        co_return sent;
    }

    // Returns whether the body is complete. It is cut off when we are to stop: it can be asked
    // for again, and its reader may take his time.
    Awaitable<bool> send_pieces(std::shared_ptr<net::BodySource> source) {
        for (;;) {
            enter_handling();
            const Result<Piece> made = co_await next_piece(source);
            if (!made || host_.draining) co_return false;
            if (!*made) co_return true;
            const bool sent = co_await write(**made, Phase::streaming);
            if (!sent) co_return false;
        }
    }

    Awaitable<Result<Piece>> next_piece(std::shared_ptr<net::BodySource> source) {
        std::string bug;
        try {
            Piece piece = co_await source->next();
            co_return piece;
        } catch (const std::exception& thrown) {
            bug = thrown.what();
        }
        if (host_.hooks.on_bug) host_.hooks.on_bug(bug);
        co_return Error(ErrorCode::unavailable, std::move(bug));
    }

    Awaitable<bool> write(std::string_view rest, Phase phase) {
        const bool streaming = phase == Phase::streaming;
        const HttpTimeouts& timeouts = host_.timeouts;
        while (!rest.empty()) {
            enter(phase, streaming ? timeouts.streaming_max : timeouts.write_max);
            const std::string_view piece = rest.substr(0, kWriteBytesMax);
            const bool sent = co_await put(piece);
            if (!sent || interrupted()) co_return false;
            rest.remove_prefix(piece.size());
            if (streaming || !rest.empty()) co_await give_way();
            // The next round's phase would forget it.
            if (interrupted()) co_return false;
        }
        co_return true;
    }

    Awaitable<bool> put(std::string_view piece) {
        while (!piece.empty()) {
            const StreamStep step = stream_.write(piece);
            piece.remove_prefix(step.bytes);
            if (step.wants == Wants::nothing) continue;
            const bool again = co_await wait(step.wants);
            if (!again) co_return false;
        }
        co_return true;
    }

    Awaitable<void> say_goodbye() {
        for (;;) {
            const StreamStep step = stream_.goodbye();
            if (step.wants == Wants::nothing) co_return;
            const bool again = co_await wait(step.wants);
            if (!again) co_return;
        }
    }

    // Closing a socket with unread bytes resets the connection, and a reset can overtake our
    // answer: so we stop sending, and read on for a moment.
    Awaitable<void> leave(bool linger) {
        enter(Phase::closing, host_.timeouts.linger_max);
        co_await say_goodbye();
        auto& socket = stream_.socket();
        boost::system::error_code ignored;
        if (linger) socket.shutdown(boost::asio::socket_base::shutdown_send, ignored);
        std::size_t dropped = 0;
        while (linger && !interrupted() && dropped < kLingerBytesMax) {
            input_.consume(input_.view().size());
            const std::span<char> space = input_.space();
            const auto [failed, count] = co_await socket.async_read_some(
                boost::asio::buffer(space.data(), space.size()), kAsTuple);
            if (failed) break;
            dropped += count;
        }
        socket.close(ignored);
    }

    SessionHost& host_;
    Stream stream_;
    const std::string peer_;
    RequestParser parser_;
    ReadBuffer input_;
};

}  // namespace causeway::gateway
