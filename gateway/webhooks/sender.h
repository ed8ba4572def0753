// SPDX-License-Identifier: Apache-2.0
//
// The door to receivers: one message out, and what came of it.
#pragma once

#include "connectors/net/http.h"
#include "connectors/net/http_client.h"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace causeway::gateway {

struct WebhookMessage {
    std::string url;
    net::HttpHeaders headers;
    std::string body;
};

/// What a receiver said.
struct WebhookAnswer {
    std::optional<int> status;  ///< None: no answer.
    std::string error;          ///< Why there was none. Never what the receiver wrote.
};

/// Taken for good.
[[nodiscard]] constexpr bool is_delivered(const WebhookAnswer& answer) noexcept {
    return answer.status && *answer.status >= 200 && *answer.status <= 299;
}

/// Somebody is there who may refuse this message and take the next. 429 and what proxies say of a
/// server that is away count as nobody.
[[nodiscard]] constexpr bool is_alive(const WebhookAnswer& answer) noexcept {
    return answer.status && *answer.status != 429 && *answer.status != 502 &&
           *answer.status != 503 && *answer.status != 504;
}

/// Threads: send() on the dispatcher's executor. Lifetime: outlives its awaitables.
class WebhookSender {
  public:
    WebhookSender() = default;
    WebhookSender(const WebhookSender&) = delete;
    WebhookSender& operator=(const WebhookSender&) = delete;
    virtual ~WebhookSender() = default;

    /// Posts the message, once. Ends in bounded time.
    virtual boost::asio::awaitable<WebhookAnswer> send(WebhookMessage message) = 0;
};

struct HttpSenderConfig {
    bool allow_private = false;  ///< Also http://, and any address. For development.
    std::string ca_file;         ///< PEM; empty: the system's authorities.
    std::chrono::milliseconds answer_max{15'000};
};

/// Errors: `invalid_argument` when the authorities cannot be read.
[[nodiscard]] Result<std::unique_ptr<WebhookSender>> make_http_sender(
    const HttpSenderConfig& config);

}  // namespace causeway::gateway
