// SPDX-License-Identifier: Apache-2.0
//
// The bank's calls to the webhook: one signed POST for each thing that happened.
#pragma once

#include "connectors/boleto/bank_api.h"
#include "connectors/boleto/sandbox/script.h"
#include "connectors/net/http_client.h"
#include "ledger/clock.h"

#include <boost/asio/awaitable.hpp>

#include <deque>
#include <mutex>
#include <string>
#include <vector>

namespace causeway::connectors::boleto::sandbox {

struct WebhookConfig {
    std::string url;     ///< Absolute; empty: nobody is told.
    std::string secret;  ///< Signs what is told.
    net::HttpLimits limits = {};
};

/// Threads: every method from any thread. Lifetime: client and clock outlive it.
class NewsDesk {
  public:
    NewsDesk(net::HttpClient& client, const Clock& clock, WebhookConfig config)
        : client_(client), clock_(clock), config_(std::move(config)) {}

    void add(const std::vector<BankNews>& news);
    void script(NewsTrick trick);
    /// What was held waits again.
    void release();

    /// Sends what waits. A call that is not answered with 2xx waits again.
    boost::asio::awaitable<void> send();

  private:
    boost::asio::awaitable<void> call(std::string body, NewsTrick trick);

    net::HttpClient& client_;
    const Clock& clock_;
    const WebhookConfig config_;
    std::mutex mutex_;  ///< Guards what follows.
    std::deque<std::string> waiting_;
    std::deque<std::string> held_;
    std::deque<NewsTrick> script_;
};

}  // namespace causeway::connectors::boleto::sandbox
