// SPDX-License-Identifier: Apache-2.0
//
// The sandbox's calls to webhooks: what waits is sent together, one call for each URL.
#pragma once

#include "connectors/net/http_client.h"
#include "connectors/pix/payment.h"
#include "connectors/pix/sandbox/script.h"

#include <boost/asio/awaitable.hpp>

#include <deque>
#include <map>
#include <mutex>
#include <string>

namespace causeway::connectors::pix::sandbox {

/// Threads: every method from any thread. Lifetime: the client outlives it.
class Notices {
  public:
    Notices(net::HttpClient& client, net::HttpLimits limits) : client_(client), limits_(limits) {}

    /// `url` as it was configured; "/pix" is added.
    void add(const std::string& url, ReceivedPix pix);
    void script(NoticeTrick trick);
    /// What was held waits again.
    void release();

    /// Sends what waits. A call that is not answered with 2xx waits again.
    boost::asio::awaitable<void> send();

  private:
    boost::asio::awaitable<void> call(std::string url, PixNotice notice);

    net::HttpClient& client_;
    const net::HttpLimits limits_;
    std::mutex mutex_;  ///< Guards what follows.
    std::map<std::string, PixNotice> waiting_;
    std::map<std::string, PixNotice> held_;
    std::deque<NoticeTrick> script_;
};

}  // namespace causeway::connectors::pix::sandbox
