// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/server.h"

#include "tests/support/throwaway_certificate.h"
#include "tests/support/tls_client.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/parse.hpp>
#include <boost/system/system_error.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace asio = boost::asio;

namespace causeway::gateway {
namespace {

using std::chrono::milliseconds;
using test::TlsClient;

constexpr milliseconds kLong{20'000};
constexpr milliseconds kShort{60};

// A door that a test opens; a handler waits before it without blocking its thread.
class Gate {
  public:
    asio::awaitable<void> wait() {
        const auto executor = co_await asio::this_coro::executor;
        auto timer = std::make_shared<asio::steady_timer>(executor);
        timer->expires_at(asio::steady_timer::time_point::max());
        open_ = [executor, timer] { asio::post(executor, [timer] { timer->cancel(); }); };
        arrived_.set_value();
        co_await timer->async_wait(asio::as_tuple(asio::use_awaitable));
    }
    void wait_for_arrival() { arrived_.get_future().wait(); }
    // Keeps nothing of the event loop, which may go before this does.
    void open() { std::exchange(open_, nullptr)(); }

  private:
    std::promise<void> arrived_;
    std::function<void()> open_;
};

class HttpServerTest : public testing::Test {
  protected:
    HttpServerTest() {
        config_.port = 0;
        config_.threads = 2;
        config_.certificate_chain_path = certificate_.certificate_file();
        config_.private_key_path = certificate_.private_key_file();
        config_.timeouts = {kLong, kLong, kLong, kLong, milliseconds{500}, milliseconds{0}};
        hooks_.handler = [this](net::HttpRequest request) { return handle(std::move(request)); };
        hooks_.on_error = [](ProtocolError error) { return problem_response(error, "req_test"); };
        hooks_.on_bug = [this](std::string_view) { ++bugs_; };
    }

    void serve() {
        server_.emplace(config_, hooks_);
        server_->start();
    }
    [[nodiscard]] std::uint16_t port() const { return server_->port(); }

    asio::awaitable<net::HttpResponse> handle(net::HttpRequest request) {
        if (request.target == "/throw") throw std::runtime_error("select * from secrets");
        if (request.target == "/gate") co_await gate_.wait();
        net::HttpResponse response;
        response.status = 200;
        response.headers.emplace_back("X-Peer", request.peer);
        if (request.target == "/forge") response.headers.back().second = "a\r\nSet-Cookie: b";
        response.body = request.method + " " + request.body;
        if (request.target == "/large") response.body.assign(3'000'000, 'x');
        co_return response;
    }

    static std::string post(std::string_view body) {
        return "POST /v1 HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) +
               "\r\n\r\n" + std::string(body);
    }
    static std::string get(std::string_view target) {
        return "GET " + std::string(target) + " HTTP/1.1\r\nHost: a\r\n\r\n";
    }

    test::ThrowawayCertificate certificate_;
    HttpServerConfig config_;
    HttpHooks hooks_;
    Gate gate_;
    std::atomic<int> bugs_ = 0;
    std::optional<HttpServer> server_;
};

void expect_problem(const std::optional<net::HttpResponse>& response,
                    int status,
                    std::string_view code) {
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, status);
    const std::string* type = net::find_header(response->headers, "content-type");
    ASSERT_NE(type, nullptr);
    EXPECT_EQ(*type, "application/problem+json");
    const boost::json::object problem = boost::json::parse(response->body).as_object();
    EXPECT_EQ(problem.at("status").as_int64(), status);
    EXPECT_EQ(std::string_view(problem.at("code").as_string()), code);
    EXPECT_EQ(std::string_view(problem.at("request_id").as_string()), "req_test");
    EXPECT_TRUE(problem.at("retryable").is_bool());
    for (const char* member : {"type", "title", "detail"}) {
        EXPECT_TRUE(problem.contains(member)) << member;
    }
}

TEST_F(HttpServerTest, AnswersARequest) {
    serve();
    TlsClient client(port());
    const auto response = client.exchange(post("{\"a\":1}"));
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->body, "POST {\"a\":1}");
    EXPECT_EQ(*net::find_header(response->headers, "x-peer"), "127.0.0.1");
    EXPECT_EQ(server_->statistics().requests, 1U);
    EXPECT_EQ(server_->statistics().sessions_open, 1U);
}

TEST_F(HttpServerTest, KeepsTheConnectionForMoreRequests) {
    serve();
    TlsClient client(port());
    for (int i = 0; i < 5; ++i) {
        const std::string body = "request " + std::to_string(i);
        const auto response = client.exchange(post(body));
        ASSERT_TRUE(response);
        EXPECT_EQ(response->body, "POST " + body);
    }
    EXPECT_EQ(server_->statistics().requests, 5U);
}

TEST_F(HttpServerTest, AnswersPipelinedRequestsInOrder) {
    serve();
    TlsClient client(port());
    client.send(post("one") + post("two") + post("three"));
    for (const char* body : {"POST one", "POST two", "POST three"}) {
        const auto response = client.receive();
        ASSERT_TRUE(response);
        EXPECT_EQ(response->body, body);
    }
}

TEST_F(HttpServerTest, AnswersHeadWithoutABody) {
    serve();
    TlsClient client(port());
    client.send("HEAD /v1 HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto head = client.receive(true);
    ASSERT_TRUE(head);
    EXPECT_EQ(*net::find_header(head->headers, "content-length"), "5");
    // A body after all would be taken for the next response, and every one after it would
    // answer the wrong question.
    const auto next = client.exchange(get("/v1"));
    ASSERT_TRUE(next);
    EXPECT_EQ(next->body, "GET ");
}

TEST_F(HttpServerTest, ClosesAfterHttp10UnlessAskedToStay) {
    serve();
    TlsClient leaves(port());
    const auto last = leaves.exchange("GET /v1 HTTP/1.0\r\n\r\n");
    ASSERT_TRUE(last);
    EXPECT_EQ(*net::find_header(last->headers, "connection"), "close");
    EXPECT_TRUE(leaves.ends());

    TlsClient stays(port());
    const auto first = stays.exchange("GET /v1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    ASSERT_TRUE(first);
    EXPECT_EQ(*net::find_header(first->headers, "connection"), "keep-alive");
    EXPECT_TRUE(stays.exchange(get("/v1")));
}

TEST_F(HttpServerTest, TellsAWaitingClientToContinue) {
    serve();
    TlsClient client(port());
    client.send(
        "POST /v1 HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(client.receive_some(), "HTTP/1.1 100 Continue\r\n\r\n");
    const auto response = client.exchange("body");
    ASSERT_TRUE(response);
    EXPECT_EQ(response->body, "POST body");
}

TEST_F(HttpServerTest, RefusesAnOversizeBodyBeforeItIsSent) {
    config_.limits.body_bytes_max = 1000;
    serve();
    TlsClient client(port());
    const auto response = client.exchange(
        "POST /v1 HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\nExpect: 100-continue\r\n\r\n");
    expect_problem(response, 413, "body_too_large");
    EXPECT_TRUE(client.ends());
}

TEST_F(HttpServerTest, TheRefusalSurvivesTheBodyBehindIt) {
    serve();
    TlsClient client(port());
    // Closed at once, the connection would be reset and the client never learn why.
    client.send(post(std::string(300'000, 'x')));
    expect_problem(client.receive(), 413, "body_too_large");
}

TEST_F(HttpServerTest, CountsAChunkedBodyToo) {
    config_.limits.body_bytes_max = 10;
    serve();
    TlsClient client(port());
    const auto response = client.exchange(
        "POST /v1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        "6\r\nabcdef\r\n6\r\nabcdef\r\n0\r\n\r\n");
    expect_problem(response, 413, "body_too_large");
}

TEST_F(HttpServerTest, RefusesAnOversizeHeader) {
    serve();
    TlsClient client(port());
    const auto response = client.exchange(
        "GET /v1 HTTP/1.1\r\nHost: a\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n");
    expect_problem(response, 431, "header_too_large");
}

TEST_F(HttpServerTest, RefusesTooManyHeaders) {
    config_.limits.header_count_max = 3;
    serve();
    TlsClient client(port());
    const auto response =
        client.exchange("GET / HTTP/1.1\r\nHost: a\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n");
    expect_problem(response, 431, "header_too_large");
}

TEST_F(HttpServerTest, RefusesGarbage) {
    serve();
    TlsClient client(port());
    expect_problem(client.exchange("\x01\x02\x03 what is this\r\n\r\n"), 400, "bad_request");
    EXPECT_TRUE(client.ends());
    EXPECT_EQ(server_->statistics().protocol_errors, 1U);
}

TEST_F(HttpServerTest, ADrippingClientGetsNoMoreTime) {
    config_.timeouts.request_max = kShort;
    config_.limits.body_bytes_max = 10'000'000;
    serve();
    TlsClient client(port());
    EXPECT_TRUE(client.exchange(get("/v1")));
    client.send("POST /v1 HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000\r\n\r\n");
    // Every byte is progress, and would push out a deadline that counted from the last one:
    // the request would arrive whole, seconds later, and be answered 200.
    for (int sent = 0; sent < 5'000'000 && !client.readable(); ++sent)
        client.send("x");
    expect_problem(client.receive(), 408, "request_timeout");
}

TEST_F(HttpServerTest, ASilentRequestIsAnsweredAndDropped) {
    config_.timeouts.request_max = kShort;
    serve();
    TlsClient client(port());
    const auto response =
        client.exchange("POST /v1 HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf");
    expect_problem(response, 408, "request_timeout");
    EXPECT_TRUE(client.ends());
}

TEST_F(HttpServerTest, AnIdleConnectionIsClosedWithoutAWord) {
    config_.timeouts.idle_max = kShort;
    serve();
    TlsClient client(port());
    EXPECT_TRUE(client.exchange(get("/v1")));
    EXPECT_TRUE(client.ends());
    EXPECT_EQ(server_->statistics().protocol_errors, 0U);
}

TEST_F(HttpServerTest, ASilentHandshakeIsDropped) {
    config_.timeouts.handshake_max = kShort;
    serve();
    EXPECT_TRUE(test::TcpClient(port()).ends());
}

TEST_F(HttpServerTest, AClientThatDoesNotReadIsDropped) {
    config_.timeouts.write_max = kShort;
    serve();
    TlsClient client(port());
    // More than the sockets' buffers hold.
    std::string many;
    for (int i = 0; i < 40; ++i)
        many += get("/large");
    client.send(many);
    while (server_->statistics().requests == 0 || server_->statistics().sessions_open > 0)
        std::this_thread::yield();
    EXPECT_LT(server_->statistics().requests, 40U);
}

TEST_F(HttpServerTest, SendsLargeBodiesWhole) {
    serve();
    TlsClient client(port());
    const auto response = client.exchange(get("/large"));
    ASSERT_TRUE(response);
    EXPECT_TRUE(response->body == std::string(3'000'000, 'x'));
}

TEST_F(HttpServerTest, WaitsForASlowReaderOfALargeBody) {
    serve();
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        TlsClient client(port(), {.version_max = version});
        client.send(get("/large"));
        // The server has other work meanwhile, and its sockets' buffers are full.
        for (int i = 0; i < 50; ++i) {
            TlsClient other(port());
            EXPECT_TRUE(other.exchange(get("/v1")));
        }
        const auto response = client.receive();
        ASSERT_TRUE(response);
        EXPECT_TRUE(response->body == std::string(3'000'000, 'x'));
        EXPECT_TRUE(client.exchange(get("/v1")));
    }
}

TEST_F(HttpServerTest, AnswersRequestsThatCameInOnePacket) {
    serve();
    TlsClient client(port());
    // The second and third lie in OpenSSL when the first is answered; the socket is silent.
    client.send_together({post("one"), post("two"), post("three")});
    for (const char* body : {"POST one", "POST two", "POST three"}) {
        const auto response = client.receive();
        ASSERT_TRUE(response);
        EXPECT_EQ(response->body, body);
    }
}

TEST_F(HttpServerTest, AnswersWhoHasEndedSending) {
    serve();
    TlsClient client(port());
    client.send(post("last"));
    client.end_sending();
    const auto response = client.receive();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->body, "POST last");
    EXPECT_TRUE(client.ends());
}

TEST_F(HttpServerTest, AGoodbyeAmidARequestIsNoRequest) {
    serve();
    TlsClient client(port());
    client.send("POST /v1 HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf");
    client.end_sending();
    EXPECT_TRUE(client.ends());
    EXPECT_TRUE(client.heard_goodbye());
    EXPECT_EQ(server_->statistics().requests, 0U);
    EXPECT_TRUE(TlsClient(port()).exchange(get("/v1")));
}

TEST_F(HttpServerTest, RefusesRenegotiation) {
    serve();
    TlsClient client(port(), {.version_max = TLS1_2_VERSION});
    EXPECT_TRUE(client.exchange(get("/v1")));
    EXPECT_FALSE(client.renegotiate());
}

TEST_F(HttpServerTest, SpeaksOnlyModernTls) {
    serve();
    EXPECT_FALSE(TlsClient(port(), {.version_max = TLS1_1_VERSION}).connected());
    TlsClient old(port(), {.version_max = TLS1_2_VERSION});
    EXPECT_EQ(old.version(), "TLSv1.2");
    EXPECT_TRUE(old.exchange(get("/v1")));
    EXPECT_EQ(TlsClient(port()).version(), "TLSv1.3");
}

TEST_F(HttpServerTest, RefusesAClientThatSpeaksOtherProtocolsOnly) {
    serve();
    EXPECT_FALSE(TlsClient(port(), {.alpn = "\x02h2"}).connected());
    EXPECT_TRUE(TlsClient(port(), {.alpn = "\x02h2\x08http/1.1"}).connected());
}

TEST_F(HttpServerTest, DropsPlaintext) {
    serve();
    const test::TcpClient client(port());
    client.send(get("/v1"));
    EXPECT_TRUE(client.ends());
    EXPECT_EQ(server_->statistics().requests, 0U);
}

TEST_F(HttpServerTest, ServesManyClientsAtOnce) {
    serve();
    constexpr int kClients = 100;
    std::atomic<int> answered = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < kClients; ++i) {
        threads.emplace_back([this, i, &answered] {
            TlsClient client(port());
            for (int j = 0; j < 3; ++j) {
                const std::string body = std::to_string(i) + "." + std::to_string(j);
                const auto response = client.exchange(post(body));
                if (response && response->body == "POST " + body) ++answered;
            }
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    EXPECT_EQ(answered, 3 * kClients);
    EXPECT_EQ(server_->statistics().requests, 3U * kClients);
}

TEST_F(HttpServerTest, AFailingHandlerTellsNothingOfItsInsides) {
    serve();
    TlsClient client(port());
    const auto response = client.exchange(get("/throw"));
    expect_problem(response, 500, "internal_error");
    EXPECT_EQ(response->body.find("secrets"), std::string::npos);
    EXPECT_EQ(bugs_, 1);
    EXPECT_TRUE(client.exchange(get("/v1")));
}

TEST_F(HttpServerTest, AHeaderWithALineBreakNeverLeaves) {
    serve();
    TlsClient client(port());
    // A merchant's text that ended up in a header could set cookies for the dashboard.
    expect_problem(client.exchange(get("/forge")), 500, "internal_error");
    EXPECT_EQ(bugs_, 1);
}

TEST_F(HttpServerTest, WhenFullAnIdleSessionMakesRoom) {
    config_.threads = 1;
    config_.limits.sessions_max = 1;
    serve();
    TlsClient idle(port());
    EXPECT_TRUE(idle.exchange(get("/v1")));
    TlsClient newcomer(port());
    EXPECT_TRUE(newcomer.exchange(get("/v1")));
    EXPECT_TRUE(idle.ends());
    EXPECT_EQ(server_->statistics().sessions_evicted, 1U);
}

TEST_F(HttpServerTest, WhenFullABusySessionKeepsItsSeat) {
    config_.threads = 1;
    config_.limits.sessions_max = 1;
    serve();
    TlsClient busy(port());
    busy.send(get("/gate"));
    gate_.wait_for_arrival();
    auto newcomer = std::async(std::launch::async, [this] {
        TlsClient client(port());
        return client.exchange(get("/v1")).has_value();
    });
    gate_.open();
    EXPECT_TRUE(busy.receive());
    EXPECT_TRUE(newcomer.get());
}

TEST_F(HttpServerTest, DrainFinishesTheRequestUnderWay) {
    serve();
    TlsClient idle(port());
    EXPECT_TRUE(idle.exchange(get("/v1")));
    TlsClient busy(port());
    busy.send(get("/gate"));
    gate_.wait_for_arrival();
    auto drained = std::async(std::launch::async, [this] { return server_->drain(kLong); });
    EXPECT_TRUE(idle.ends());
    EXPECT_TRUE(idle.heard_goodbye());
    // Each thread closes the port in its own time; then nobody listens.
    const auto connect_until_refused = [this] {
        for (;;)
            const test::TcpClient late(port());
    };
    EXPECT_THROW(connect_until_refused(), std::runtime_error);
    gate_.open();
    const auto response = busy.receive();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(*net::find_header(response->headers, "connection"), "close");
    EXPECT_TRUE(busy.ends());
    EXPECT_TRUE(drained.get());
}

TEST_F(HttpServerTest, DrainGivesUpAtItsDeadline) {
    serve();
    TlsClient busy(port());
    busy.send(get("/gate"));
    gate_.wait_for_arrival();
    EXPECT_FALSE(server_->drain(kShort));
    // What the handler waited for comes too late, and must not find the loop gone.
    gate_.open();
}

TEST_F(HttpServerTest, ASecondServerOnThePortDoesNotStart) {
    serve();
    config_.port = port();
    EXPECT_THROW(HttpServer(config_, hooks_), boost::system::system_error);
}

TEST_F(HttpServerTest, DoesNotStartWithoutItsCertificate) {
    config_.certificate_chain_path += ".missing";
    EXPECT_THROW(HttpServer(config_, hooks_), boost::system::system_error);
}

}  // namespace
}  // namespace causeway::gateway
