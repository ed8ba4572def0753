// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/http_client.h"

#include "connectors/net/public_address.h"
#include "tests/support/https_receiver.h"
#include "tests/support/run.h"

#include <gtest/gtest.h>

namespace causeway::net {
namespace {

using test::HttpsReceiver;

constexpr const char* kOk = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Word: yes\r\n\r\nhello";

HttpRequest post(const std::string& url, const std::string& body = "{}") {
    HttpRequest request;
    request.method = "POST";
    request.target = url;
    request.headers = {{"Content-Type", "application/json"}, {"webhook-id", "evt_1"}};
    request.body = body;
    return request;
}

class HttpClientTest : public testing::Test {
  protected:
    static std::unique_ptr<HttpClient> client(const HttpsReceiver& receiver,
                                              AddressCheck check = {}) {
        HttpClientConfig config{.ca_file = receiver.ca_file()};
        config.may_connect = std::move(check);
        return *make_http_client(config);
    }
    static Result<HttpResponse> ask(const HttpsReceiver& receiver,
                                    HttpLimits limits = {},
                                    AddressCheck check = {}) {
        const std::unique_ptr<HttpClient> one = client(receiver, std::move(check));
        return test::run(one->send(post(receiver.url()), limits));
    }
};

TEST_F(HttpClientTest, SendsARequestAndReadsItsAnswer) {
    const HttpsReceiver receiver(kOk);
    const Result<HttpResponse> response = ask(receiver);
    ASSERT_TRUE(response) << response.error().detail();
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->body, "hello");
    EXPECT_EQ(*find_header(response->headers, "x-word"), "yes");
    const std::string head = receiver.last_head();
    EXPECT_TRUE(head.starts_with("POST /hook HTTP/1.1\r\n")) << head;
    EXPECT_NE(head.find("Host: 127.0.0.1:" + std::to_string(receiver.port())), std::string::npos);
    EXPECT_NE(head.find("Content-Length: 2\r\n"), std::string::npos) << head;
    EXPECT_NE(head.find("webhook-id: evt_1\r\n"), std::string::npos) << head;
}

TEST_F(HttpClientTest, ReadsPastInterimAnswers) {
    const HttpsReceiver receiver(std::string("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n") + kOk);
    const Result<HttpResponse> response = ask(receiver);
    ASSERT_TRUE(response) << response.error().detail();
    EXPECT_EQ(response->status, 200);
}

TEST_F(HttpClientTest, DoesNotFollowARedirect) {
    const HttpsReceiver receiver(
        "HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(ask(receiver)->status, 302);
    EXPECT_EQ(receiver.connections(), 1);
}

// Not one byte may go to an address that was not allowed, whatever name it hides behind.
TEST_F(HttpClientTest, DoesNotConnectToAnAddressThatIsRefused) {
    const HttpsReceiver receiver(kOk, "DNS:localhost");
    const std::unique_ptr<HttpClient> one = client(receiver, is_public);
    for (const std::string host : {"127.0.0.1", "localhost"}) {
        const std::string url = "https://" + host + ":" + std::to_string(receiver.port()) + "/";
        const Result<HttpResponse> response = test::run(one->send(post(url), {}));
        ASSERT_FALSE(response) << host;
        EXPECT_EQ(response.error().code(), ErrorCode::unavailable) << host;
    }
    EXPECT_EQ(receiver.connections(), 0);
}

TEST_F(HttpClientTest, ConnectsToTheAddressThatWasChecked) {
    const HttpsReceiver receiver(kOk);
    std::vector<std::string> asked;
    const auto check = [&asked](const boost::asio::ip::address& address) {
        asked.push_back(address.to_string());
        return true;
    };
    ASSERT_TRUE(ask(receiver, {}, check));
    EXPECT_EQ(asked, (std::vector<std::string>{"127.0.0.1"}));
}

TEST_F(HttpClientTest, SpeaksToNobodyWithAnothersCertificate) {
    const HttpsReceiver receiver(kOk, "DNS:other.test");
    const Result<HttpResponse> wrong_name = ask(receiver);
    ASSERT_FALSE(wrong_name);
    EXPECT_EQ(wrong_name.error().code(), ErrorCode::unavailable);
    const HttpsReceiver stranger(kOk);
    const std::unique_ptr<HttpClient> one = client(receiver);
    EXPECT_EQ(test::run(one->send(post(stranger.url()), {})).error().code(),
              ErrorCode::unavailable);
    EXPECT_EQ(stranger.last_head(), "");
}

TEST_F(HttpClientTest, EndsAtTheDeadlineWithAnUnknownOutcome) {
    const HttpsReceiver silent("");
    HttpLimits limits;
    limits.whole_max = std::chrono::milliseconds(100);
    const Result<HttpResponse> response = ask(silent, limits);
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().code(), ErrorCode::outcome_unknown);
}

TEST_F(HttpClientTest, StopsReadingAtTheLimit) {
    const HttpsReceiver receiver("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" +
                                 std::string(100'000, 'a'));
    HttpLimits limits;
    limits.body_bytes_max = 1'000;
    const Result<HttpResponse> response = ask(receiver, limits);
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().code(), ErrorCode::outcome_unknown);
    limits.head_only = true;
    EXPECT_EQ(ask(receiver, limits)->status, 200);
}

TEST_F(HttpClientTest, TakesACutAnswerForNone) {
    const HttpsReceiver receiver("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    EXPECT_EQ(ask(receiver).error().code(), ErrorCode::outcome_unknown);
    const HttpsReceiver nonsense("I am no HTTP\r\n\r\n");
    EXPECT_EQ(ask(nonsense).error().code(), ErrorCode::outcome_unknown);
}

TEST_F(HttpClientTest, RefusesWhatCannotBeSent) {
    const HttpsReceiver receiver(kOk);
    const std::unique_ptr<HttpClient> one = client(receiver);
    HttpRequest split = post(receiver.url());
    split.headers.emplace_back("X-A", "b\r\nHost: other");
    EXPECT_EQ(test::run(one->send(split, {})).error().code(), ErrorCode::invalid_argument);
    const HttpRequest plain = post("http://127.0.0.1/");
    EXPECT_EQ(test::run(one->send(plain, {})).error().code(), ErrorCode::invalid_argument);
    EXPECT_EQ(receiver.connections(), 0);
}

TEST_F(HttpClientTest, SaysThatNothingWasSentWhenNobodyListens) {
    std::string url;
    std::unique_ptr<HttpClient> one;
    {
        const HttpsReceiver gone(kOk);
        url = gone.url();
        one = client(gone);
    }
    EXPECT_EQ(test::run(one->send(post(url), {})).error().code(), ErrorCode::unavailable);
}

}  // namespace
}  // namespace causeway::net
