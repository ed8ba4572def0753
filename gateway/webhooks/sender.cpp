// SPDX-License-Identifier: Apache-2.0
#include "gateway/webhooks/sender.h"

#include "connectors/net/public_address.h"

#include <algorithm>

namespace asio = boost::asio;

namespace causeway::gateway {
namespace {

class HttpSender final : public WebhookSender {
  public:
    HttpSender(std::unique_ptr<net::HttpClient> client, net::HttpLimits limits)
        : client_(std::move(client)), limits_(limits) {}

    asio::awaitable<WebhookAnswer> send(WebhookMessage message) override {
        net::HttpRequest request;
        request.method = "POST";
        request.target = std::move(message.url);
        request.headers = std::move(message.headers);
        request.body = std::move(message.body);
        const Result<net::HttpResponse> response =
            co_await client_->send(std::move(request), limits_);
        WebhookAnswer answer;
        if (response) {
            answer.status = response->status;
        } else {
            answer.error = response.error().detail();
        }
        co_return answer;
    }

  private:
    std::unique_ptr<net::HttpClient> client_;
    net::HttpLimits limits_;
};

}  // namespace

Result<std::unique_ptr<WebhookSender>> make_http_sender(const HttpSenderConfig& config) {
    net::HttpClientConfig client{.ca_file = config.ca_file};
    client.allow_plain = config.allow_private;
    if (!config.allow_private) client.may_connect = net::is_public;
    client.user_agent = "Causeway-Webhooks/1";
    Result<std::unique_ptr<net::HttpClient>> made = net::make_http_client(client);
    if (!made) return made.error();
    net::HttpLimits limits;
    limits.whole_max = config.answer_max;
    limits.connect_max = std::min(limits.connect_max, config.answer_max);
    limits.handshake_max = std::min(limits.handshake_max, config.answer_max);
    limits.head_only = true;
    return std::unique_ptr<WebhookSender>(std::make_unique<HttpSender>(std::move(*made), limits));
}

}  // namespace causeway::gateway
