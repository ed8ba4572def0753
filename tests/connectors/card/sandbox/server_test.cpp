// SPDX-License-Identifier: Apache-2.0
#include "connectors/card/sandbox/server.h"

#include "connectors/card/codec.h"
#include "tests/support/card_messages.h"
#include "tests/support/run.h"
#include "tests/support/temporary_folder.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace causeway::connectors::card::sandbox {
namespace {

namespace asio = boost::asio;
using test::Terminal;
using Channel = std::unique_ptr<net::FramedChannel>;

const Dialect kBcd = *find_dialect("bcd");

asio::awaitable<void> send(net::FramedChannel& channel, Message message) {
    net::Frame frame = *encode(message, kBcd);
    const auto sent = co_await channel.send(std::move(frame));
    EXPECT_TRUE(sent);
}

// An empty message when the connection has ended.
asio::awaitable<Message> receive(net::FramedChannel& channel) {
    const auto frame = co_await channel.receive();
    Message message;
    if (!frame) co_return message;
    message = *decode(*frame, kBcd);
    co_return message;
}

class Server : public testing::Test {
  protected:
    using Script = std::function<asio::awaitable<bool>(Server&, net::FramedChannel&)>;

    // Serves while `script` plays one terminal that has signed on.
    void play(Script script) {
        const bool ended = test::run(played(std::move(script)));
        EXPECT_TRUE(ended);
    }

    asio::awaitable<bool> played(Script script) {
        const auto executor = co_await asio::this_coro::executor;
        SandboxConfig config;
        config.books_file = path_;
        config.dialect = kBcd;
        config.acquirer.late = std::chrono::milliseconds(50);
        config.plain = net::ListenConfig{};
        config.plain->tls = false;
        config.log = [this](std::string_view line) { log_.emplace_back(line); };
        auto sandbox = Sandbox::start(executor, std::move(config), clock_);
        asio::co_spawn(executor, (*sandbox)->run(), asio::detached);
        Channel channel = co_await dial((*sandbox)->plain_port());
        co_await send(*channel, terminal_.sign_on());
        const Message answer = co_await receive(*channel);
        EXPECT_EQ(answer.get(39), "00");
        sandbox_ = sandbox->get();
        const bool done = co_await script(*this, *channel);
        (*sandbox)->stop();
        co_return done;
    }

    static asio::awaitable<Channel> dial(std::uint16_t port) {
        net::ConnectConfig config;
        config.port = port;
        config.tls = false;
        auto channel = co_await net::connect(std::move(config));
        EXPECT_TRUE(channel);
        co_return *std::move(channel);
    }

    test::TemporaryFolder folder_;
    std::string path_ = folder_.file("books");
    ManualClock clock_{test::at("2026-11-21T12:00:05Z")};
    Terminal terminal_;
    Sandbox* sandbox_ = nullptr;
    std::vector<std::string> log_;

  public:
    [[nodiscard]] Message purchase(std::int64_t amount) { return terminal_.purchase(amount); }
    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] Sandbox& sandbox() { return *sandbox_; }
    static asio::awaitable<Channel> another(std::uint16_t port) { return dial(port); }
};

TEST_F(Server, BooksBeforeItAnswers) {
    play([](Server& server, net::FramedChannel& channel) -> asio::awaitable<bool> {
        const Message request = server.purchase(1000);
        co_await send(channel, request);
        const Message answer = co_await receive(channel);
        EXPECT_EQ(answer.get(39), "00");
        const auto books = Books::load(server.path());
        EXPECT_EQ(books->find(request.get(37))->authorised, 1000);
        co_return true;
    });
    ASSERT_FALSE(log_.empty());
    for (const std::string& line : log_) {
        EXPECT_EQ(line.find("4761739001010119"), std::string::npos) << line;
    }
}

// A provider that is slow with one answer is not slow with the next one.
TEST_F(Server, ALateAnswerHoldsUpNoOther) {
    play([](Server& server, net::FramedChannel& channel) -> asio::awaitable<bool> {
        const Message late = server.purchase(9998);
        const Message silent = server.purchase(9999);
        const Message prompt = server.purchase(1000);
        co_await send(channel, late);
        co_await send(channel, silent);
        co_await send(channel, prompt);
        const Message first = co_await receive(channel);
        const Message second = co_await receive(channel);
        EXPECT_EQ(first.get(11), prompt.get(11));
        EXPECT_EQ(second.get(11), late.get(11));
        co_return true;
    });
}

TEST_F(Server, CutsTheConnectionAfterBooking) {
    play([](Server& server, net::FramedChannel& channel) -> asio::awaitable<bool> {
        const Message request = server.purchase(9997);
        co_await send(channel, request);
        const Message answer = co_await receive(channel);
        EXPECT_EQ(answer.mti, "");
        const auto books = Books::load(server.path());
        EXPECT_EQ(books->find(request.get(37))->authorised, 9997);
        co_return true;
    });
}

TEST_F(Server, GoesOnAfterAMessageItCannotRead) {
    play([](Server& server, net::FramedChannel& channel) -> asio::awaitable<bool> {
        net::Frame garbage(7, 0xff);
        const auto sent = co_await channel.send(std::move(garbage));
        EXPECT_TRUE(sent);
        co_await send(channel, server.purchase(1000));
        const Message answer = co_await receive(channel);
        EXPECT_EQ(answer.get(39), "00");
        co_return true;
    });
}

TEST_F(Server, EveryConnectionSignsOnForItself) {
    play([](Server& server, net::FramedChannel&) -> asio::awaitable<bool> {
        const Channel other = co_await another(server.sandbox().plain_port());
        co_await send(*other, server.purchase(1000));
        const Message answer = co_await receive(*other);
        EXPECT_EQ(answer.get(39), "91");
        co_return true;
    });
}

TEST_F(Server, StopEndsEveryConnection) {
    play([](Server& server, net::FramedChannel& channel) -> asio::awaitable<bool> {
        server.sandbox().stop();
        const Message answer = co_await receive(channel);
        EXPECT_EQ(answer.mti, "");
        co_return true;
    });
}

TEST(ServerStart, RefusesAConfigurationThatCannotWork) {
    const test::TemporaryFolder folder;
    asio::io_context io;
    const ManualClock clock{Timestamp{}};
    SandboxConfig config;
    config.books_file = folder.file("books");
    EXPECT_EQ(Sandbox::start(io.get_executor(), config, clock).error().code(),
              ErrorCode::invalid_argument);
    config.plain = net::ListenConfig{};
    config.plain->tls = false;
    config.books_file = folder.file("no/such/books");
    EXPECT_EQ(Sandbox::start(io.get_executor(), config, clock).error().code(), ErrorCode::storage);
}

}  // namespace
}  // namespace causeway::connectors::card::sandbox
