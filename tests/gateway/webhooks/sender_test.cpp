// SPDX-License-Identifier: Apache-2.0
#include "gateway/webhooks/sender.h"

#include "tests/support/https_receiver.h"
#include "tests/support/run.h"

#include <gtest/gtest.h>

namespace causeway::gateway {
namespace {

using test::HttpsReceiver;

WebhookAnswer send(const HttpsReceiver& receiver,
                   bool allow_private,
                   std::chrono::milliseconds answer_max = std::chrono::seconds(5)) {
    const std::unique_ptr<WebhookSender> sender = *make_http_sender(
        {.allow_private = allow_private, .ca_file = receiver.ca_file(), .answer_max = answer_max});
    WebhookMessage message{
        .url = receiver.url(), .headers = {{"webhook-id", "evt_1"}}, .body = "{}"};
    return test::run(sender->send(std::move(message)));
}

TEST(HttpSender, HearsWhatAReceiverSays) {
    // A receiver that says how much follows and then leaves has still taken the message.
    const HttpsReceiver receiver("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
    const WebhookAnswer answer = send(receiver, true);
    EXPECT_EQ(answer.status, 200);
    EXPECT_TRUE(is_delivered(answer));
    EXPECT_NE(receiver.last_head().find("User-Agent: Causeway-Webhooks/1"), std::string::npos);
}

TEST(HttpSender, DoesNotReachInsideUnlessItMay) {
    const HttpsReceiver receiver("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    const WebhookAnswer answer = send(receiver, false);
    EXPECT_EQ(answer.status, std::nullopt);
    EXPECT_EQ(answer.error, "the host's address is not a public one");
    EXPECT_EQ(receiver.connections(), 0);
}

TEST(HttpSender, GivesUpInTime) {
    const HttpsReceiver receiver("");
    const WebhookAnswer answer = send(receiver, true, std::chrono::milliseconds(50));
    EXPECT_EQ(answer.status, std::nullopt);
    EXPECT_FALSE(is_alive(answer));
}

TEST(WebhookAnswer, OfAProxyWhoseServerIsAwayIsNobodys) {
    for (const int code : {429, 502, 503, 504})
        EXPECT_FALSE(is_alive({.status = code, .error = {}})) << code;
    for (const int code : {200, 301, 400, 410, 500})
        EXPECT_TRUE(is_alive({.status = code, .error = {}})) << code;
    for (const int code : {199, 300, 302, 410, 500})
        EXPECT_FALSE(is_delivered({.status = code, .error = {}})) << code;
}

}  // namespace
}  // namespace causeway::gateway
