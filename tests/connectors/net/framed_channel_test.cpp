// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/framed_channel.h"

#include "tests/support/case_name.h"
#include "tests/support/run.h"
#include "tests/support/throwaway_certificate.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include <array>
#include <future>
#include <string>
#include <vector>

namespace causeway::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Opened = Result<std::unique_ptr<FramedChannel>>;

const test::ThrowawayCertificate& certificate() {
    static const test::ThrowawayCertificate made("DNS:bank.test,IP:127.0.0.1");
    return made;
}

ListenConfig listening(bool tls) {
    ListenConfig config;
    config.tls = tls;
    config.certificate_file = certificate().certificate_file();
    config.private_key_file = certificate().private_key_file();
    return config;
}

ConnectConfig connecting(bool tls, std::uint16_t port) {
    ConnectConfig config;
    config.port = port;
    config.tls = tls;
    config.ca_file = certificate().certificate_file();
    config.server_name = "bank.test";
    config.connect_max = std::chrono::milliseconds(3000);
    return config;
}

Frame bytes(const std::string& text) {
    return {text.begin(), text.end()};
}

// What a receive() in the background brought.
struct Heard {
    std::promise<Result<Frame>> promise;
    std::future<Result<Frame>> future = promise.get_future();
};

asio::awaitable<void> hear(FramedChannel* channel, std::shared_ptr<Heard> heard) {
    Result<Frame> frame = co_await channel->receive();
    heard->promise.set_value(std::move(frame));
}

struct TransportCase {
    std::string name;
    bool tls;
};

class FramedChannelOver : public testing::TestWithParam<TransportCase> {};

asio::awaitable<int> echo_frames(bool tls) {
    const auto executor = co_await asio::this_coro::executor;
    FramedListener listener(executor, listening(tls));
    Opened client = co_await connect(connecting(tls, listener.port()));
    EXPECT_TRUE(client) << client.error().detail();
    Opened server = co_await listener.accept();
    int equal = 0;
    for (const std::size_t size : std::array<std::size_t, 4>{1, 2, 255, kFrameBytesMax}) {
        const Frame sent(size, static_cast<std::uint8_t>(size & 0xFFU));
        const Result<void> there = co_await (*client)->send(sent);
        const Result<Frame> seen = co_await (*server)->receive();
        const Result<void> back = co_await (*server)->send(*seen);
        const Result<Frame> returned = co_await (*client)->receive();
        if (there && back && *seen == sent && *returned == sent) ++equal;
    }
    co_return equal;
}

TEST_P(FramedChannelOver, CarriesFramesOfEverySizeBothWays) {
    EXPECT_EQ(test::run(echo_frames(GetParam().tls)), 4);
}

asio::awaitable<Error> receive_while_closing(bool tls) {
    const auto executor = co_await asio::this_coro::executor;
    FramedListener listener(executor, listening(tls));
    Opened client = co_await connect(connecting(tls, listener.port()));
    Opened server = co_await listener.accept();
    const auto heard = std::make_shared<Heard>();
    asio::co_spawn(executor, hear(client->get(), heard), asio::detached);
    co_await asio::post(asio::use_awaitable);
    (*client)->close();
    (*client)->close();
    const Result<Frame> other_side = co_await (*server)->receive();
    EXPECT_EQ(other_side.error().code(), ErrorCode::unavailable);
    const Result<void> sent = co_await (*client)->send(bytes("x"));
    // Nothing left this process: a payment may safely be tried on another connection.
    EXPECT_EQ(sent.error().code(), ErrorCode::unavailable);
    co_await asio::post(asio::use_awaitable);
    const Result<Frame> frame = heard->future.get();
    co_return frame.error();
}

TEST_P(FramedChannelOver, CloseWakesAReceiverAndStopsSending) {
    EXPECT_EQ(test::run(receive_while_closing(GetParam().tls)).code(), ErrorCode::unavailable);
}

asio::awaitable<ErrorCode> send_too_much(bool tls) {
    const auto executor = co_await asio::this_coro::executor;
    FramedListener listener(executor, listening(tls));
    Opened client = co_await connect(connecting(tls, listener.port()));
    Opened server = co_await listener.accept();
    const Frame large(kFrameBytesMax + 1, 0);
    const Result<void> sent = co_await (*client)->send(large);
    const Result<void> next = co_await (*client)->send(bytes("still fine"));
    EXPECT_TRUE(next);
    const Result<Frame> seen = co_await (*server)->receive();
    EXPECT_EQ(*seen, bytes("still fine"));
    co_return sent.error().code();
}

TEST_P(FramedChannelOver, RefusesToSendMoreThanTheLimit) {
    EXPECT_EQ(test::run(send_too_much(GetParam().tls)), ErrorCode::invalid_argument);
}

INSTANTIATE_TEST_SUITE_P(Transport,
                         FramedChannelOver,
                         testing::Values(TransportCase{"Plain", false}, TransportCase{"Tls", true}),
                         test::case_name<TransportCase>);

// A host that writes these pieces, each in a segment of its own, and closes.
asio::awaitable<Result<Frame>> receive_pieces(std::vector<std::string> pieces) {
    const auto executor = co_await asio::this_coro::executor;
    tcp::acceptor acceptor(executor, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    Opened client = co_await connect(connecting(false, acceptor.local_endpoint().port()));
    tcp::socket host = co_await acceptor.async_accept(asio::use_awaitable);
    host.set_option(tcp::no_delay(true));
    const auto heard = std::make_shared<Heard>();
    asio::co_spawn(executor, hear(client->get(), heard), asio::detached);
    for (const std::string& piece : pieces) {
        co_await asio::async_write(host, asio::buffer(piece), asio::use_awaitable);
        co_await asio::post(asio::use_awaitable);
    }
    host.close();
    while (heard->future.wait_for(std::chrono::seconds(0)) != std::future_status::ready)
        co_await asio::post(asio::use_awaitable);
    co_return heard->future.get();
}

std::vector<std::string> one_by_one(const std::string& wire) {
    std::vector<std::string> pieces;
    for (const char byte : wire)
        pieces.emplace_back(1, byte);
    return pieces;
}

struct WireCase {
    std::string name;
    std::vector<std::string> pieces;
    std::string frame;
};

class FramedChannelReceives : public testing::TestWithParam<WireCase> {};

TEST_P(FramedChannelReceives, TheFrame) {
    const Result<Frame> frame = test::run(receive_pieces(GetParam().pieces));
    ASSERT_TRUE(frame) << frame.error().detail();
    EXPECT_EQ(*frame, bytes(GetParam().frame));
}

const std::string kAbc("\0\3abc", 5);
const std::string kKeepAlive("\0\0", 2);

INSTANTIATE_TEST_SUITE_P(
    FromTheWire,
    FramedChannelReceives,
    testing::Values(WireCase{"WholeInOnePiece", {kAbc}, "abc"},
                    WireCase{"ByteByByte", one_by_one(kAbc), "abc"},
                    WireCase{"AfterKeepAlives", {kKeepAlive + kKeepAlive + kAbc}, "abc"},
                    WireCase{"AfterKeepAlivesByteByByte", one_by_one(kKeepAlive + kAbc), "abc"},
                    WireCase{"FirstOfTwoInOnePiece", {kAbc + std::string("\0\1z", 3)}, "abc"}),
    test::case_name<WireCase>);

struct BrokenCase {
    std::string name;
    std::vector<std::string> pieces;
    ErrorCode code;
};

class FramedChannelFails : public testing::TestWithParam<BrokenCase> {};

TEST_P(FramedChannelFails, WithTheReason) {
    const Result<Frame> frame = test::run(receive_pieces(GetParam().pieces));
    ASSERT_FALSE(frame);
    EXPECT_EQ(frame.error().code(), GetParam().code) << frame.error().detail();
}

INSTANTIATE_TEST_SUITE_P(
    FromTheWire,
    FramedChannelFails,
    testing::Values(
        BrokenCase{"ClosedAtOnce", {}, ErrorCode::unavailable},
        BrokenCase{"ClosedInTheHeader", {std::string(1, '\0')}, ErrorCode::unavailable},
        BrokenCase{"ClosedInTheBody", {std::string("\0\3ab", 4)}, ErrorCode::unavailable},
        BrokenCase{"Oversized", {std::string("\x10\x01", 2)}, ErrorCode::invalid_argument}),
    test::case_name<BrokenCase>);

asio::awaitable<std::size_t> first_segment() {
    const auto executor = co_await asio::this_coro::executor;
    tcp::acceptor acceptor(executor, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    Opened client = co_await connect(connecting(false, acceptor.local_endpoint().port()));
    tcp::socket host = co_await acceptor.async_accept(asio::use_awaitable);
    const Result<void> sent = co_await (*client)->send(bytes("abc"));
    EXPECT_TRUE(sent);
    std::array<char, 64> room{};
    const auto buffer = asio::buffer(room);
    const std::size_t count = co_await host.async_read_some(buffer, asio::use_awaitable);
    EXPECT_EQ(std::string(room.data(), count), kAbc);
    co_return count;
}

// Some hosts read the header and the body with one read each and take what comes.
TEST(FramedChannel, SendsHeaderAndBodyTogether) {
    EXPECT_EQ(test::run(first_segment()), kAbc.size());
}

asio::awaitable<void> accept_one(FramedListener* listener, std::shared_ptr<bool> accepted) {
    Opened channel = co_await listener->accept();
    if (accepted) *accepted = channel.has_value();
}

asio::awaitable<Error> connect_error(ConnectConfig config, bool listen_tls) {
    const auto executor = co_await asio::this_coro::executor;
    FramedListener listener(executor, listening(listen_tls));
    asio::co_spawn(executor, accept_one(&listener, nullptr), asio::detached);
    if (config.port == 0) config.port = listener.port();
    Opened client = co_await connect(config);
    co_return client ? Error(ErrorCode::conflict, "it connected") : client.error();
}

TEST(FramedChannel, RefusesACertificateForAnotherName) {
    ConnectConfig config = connecting(true, 0);
    config.server_name = "other.test";
    const Error error = test::run(connect_error(config, true));
    EXPECT_EQ(error.code(), ErrorCode::unavailable);
    EXPECT_NE(error.detail().find("certificate verify failed"), std::string::npos)
        << error.detail();
}

TEST(FramedChannel, ComparesTheHostWhenNoNameIsGiven) {
    ConnectConfig config = connecting(true, 0);
    config.server_name.clear();  // 127.0.0.1 is in the certificate, localhost is not.
    EXPECT_EQ(test::run(connect_error(config, true)).code(), ErrorCode::conflict);
    config.host = "localhost";
    EXPECT_EQ(test::run(connect_error(config, true)).code(), ErrorCode::unavailable);
}

TEST(FramedChannel, RefusesACertificateOfAnUnknownAuthority) {
    const test::ThrowawayCertificate stranger("DNS:bank.test");
    ConnectConfig config = connecting(true, 0);
    config.ca_file = stranger.certificate_file();
    EXPECT_EQ(test::run(connect_error(config, true)).code(), ErrorCode::unavailable);
    config.ca_file.clear();  // The system's authorities do not know it either.
    EXPECT_EQ(test::run(connect_error(config, true)).code(), ErrorCode::unavailable);
}

// Card numbers must not cross a network in clear, whatever the configuration says.
TEST(FramedChannel, RefusesPlainConnectionsBeyondLoopback) {
    for (const char* host : {"192.0.2.1", "bank.test", "::2", "0.0.0.0"}) {
        ConnectConfig config = connecting(false, 9);
        config.host = host;
        EXPECT_EQ(test::run(connect(config)).error().code(), ErrorCode::invalid_argument) << host;
    }
    ListenConfig config = listening(false);
    config.address = "0.0.0.0";
    asio::io_context io;
    EXPECT_THROW(FramedListener(io.get_executor(), config), boost::system::system_error);
}

TEST(FramedChannel, RefusesAConfigurationThatCannotWork) {
    ConnectConfig config = connecting(true, 9);
    config.ca_file = "/nowhere/ca.pem";
    EXPECT_EQ(test::run(connect(config)).error().code(), ErrorCode::invalid_argument);
    config = connecting(true, 0);
    EXPECT_EQ(test::run(connect(config)).error().code(), ErrorCode::invalid_argument);
    config = connecting(true, 9);
    config.frame_bytes_max = 0x1'0000;
    EXPECT_EQ(test::run(connect(config)).error().code(), ErrorCode::invalid_argument);
}

asio::awaitable<Error> silent_host(bool tls) {
    const auto executor = co_await asio::this_coro::executor;
    // The kernel answers the connection, nobody answers the handshake.
    tcp::acceptor acceptor(executor, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    ConnectConfig config = connecting(tls, acceptor.local_endpoint().port());
    config.connect_max = std::chrono::milliseconds(20);
    Opened client = co_await connect(config);
    co_return client ? Error(ErrorCode::conflict, "it connected") : client.error();
}

TEST(FramedChannel, GivesUpOnAHandshakeThatNeverEnds) {
    const Error error = test::run(silent_host(true));
    EXPECT_EQ(error.code(), ErrorCode::unavailable);
    EXPECT_EQ(error.detail(), "TLS: no answer in time");
}

asio::awaitable<Error> nobody_listens() {
    const auto executor = co_await asio::this_coro::executor;
    tcp::acceptor acceptor(executor, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    const std::uint16_t port = acceptor.local_endpoint().port();
    acceptor.close();
    Opened client = co_await connect(connecting(true, port));
    co_return client ? Error(ErrorCode::conflict, "it connected") : client.error();
}

TEST(FramedChannel, IsUnavailableWhenNobodyListens) {
    EXPECT_EQ(test::run(nobody_listens()).code(), ErrorCode::unavailable);
}

asio::awaitable<bool> accept_after_a_bad_peer() {
    const auto executor = co_await asio::this_coro::executor;
    FramedListener listener(executor, listening(true));
    tcp::socket stalled(executor);
    const tcp::endpoint there(asio::ip::address_v4::loopback(), listener.port());
    co_await stalled.async_connect(there, asio::use_awaitable);
    tcp::socket babbling(executor);
    co_await babbling.async_connect(there, asio::use_awaitable);
    co_await asio::async_write(babbling, asio::buffer("GET / "), asio::use_awaitable);
    const auto accepted = std::make_shared<bool>(false);
    asio::co_spawn(executor, accept_one(&listener, accepted), asio::detached);
    Opened client = co_await connect(connecting(true, listener.port()));
    EXPECT_TRUE(client);
    while (!*accepted)
        co_await asio::post(asio::use_awaitable);
    co_return *accepted;
}

TEST(FramedListener, IsNotHeldUpByPeersThatFailTheHandshake) {
    EXPECT_TRUE(test::run(accept_after_a_bad_peer()));
}

asio::awaitable<ErrorCode> accept_until_closed() {
    const auto executor = co_await asio::this_coro::executor;
    auto listener = std::make_shared<FramedListener>(executor, listening(true));
    asio::post(executor, [listener] { listener->close(); });
    Opened channel = co_await listener->accept();
    co_return channel.error().code();
}

TEST(FramedListener, CloseWakesAnAccept) {
    EXPECT_EQ(test::run(accept_until_closed()), ErrorCode::unavailable);
}

constexpr int kSessions = 8;
constexpr int kRounds = 50;

asio::awaitable<void> serve_echo(std::unique_ptr<FramedChannel> channel) {
    for (;;) {
        Result<Frame> frame = co_await channel->receive();
        if (!frame) co_return;
        const Result<void> sent = co_await channel->send(*frame);
        if (!sent) co_return;
    }
}

asio::awaitable<void> serve_all(FramedListener* listener) {
    const auto executor = co_await asio::this_coro::executor;
    for (int i = 0; i < kSessions; ++i) {
        Opened channel = co_await listener->accept();
        asio::co_spawn(executor, serve_echo(std::move(*channel)), asio::detached);
    }
}

asio::awaitable<int> talk(ConnectConfig config) {
    Opened channel = co_await connect(config);
    int equal = 0;
    for (int round = 0; round < kRounds; ++round) {
        const Frame sent = bytes("round " + std::to_string(round));
        const Result<void> there = co_await (*channel)->send(sent);
        const Result<Frame> back = co_await (*channel)->receive();
        if (there && back && *back == sent) ++equal;
    }
    co_return equal;
}

// Callers on a pool of threads know nothing of the strands below; ThreadSanitizer watches.
TEST(FramedListener, ServesManyConnectionsOnManyThreads) {
    asio::thread_pool pool(4);
    FramedListener listener(pool.get_executor(), listening(true));
    asio::co_spawn(pool, serve_all(&listener), asio::detached);
    std::vector<std::future<int>> sessions;
    for (int i = 0; i < kSessions; ++i) {
        sessions.push_back(asio::co_spawn(asio::make_strand(pool.get_executor()),
                                          talk(connecting(true, listener.port())),
                                          asio::use_future));
    }
    for (std::future<int>& session : sessions)
        EXPECT_EQ(session.get(), kRounds);
    listener.close();
    pool.join();
}

}  // namespace
}  // namespace causeway::net
