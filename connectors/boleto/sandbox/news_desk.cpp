// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/sandbox/news_desk.h"

#include <boost/json/serialize.hpp>

#include <utility>

namespace causeway::connectors::boleto::sandbox {
namespace {

constexpr std::chrono::minutes kStale{10};

}  // namespace

void NewsDesk::add(const std::vector<BankNews>& news) {
    if (config_.url.empty()) return;
    const std::lock_guard lock(mutex_);
    for (const BankNews& it : news)
        waiting_.push_back(boost::json::serialize(write_body(it)));
}

void NewsDesk::script(NewsTrick trick) {
    const std::lock_guard lock(mutex_);
    script_.push_back(trick);
}

void NewsDesk::release() {
    const std::lock_guard lock(mutex_);
    for (std::string& body : std::exchange(held_, {}))
        waiting_.push_back(std::move(body));
}

boost::asio::awaitable<void> NewsDesk::call(std::string body, NewsTrick trick) {
    const Timestamp now = trick == NewsTrick::stale ? clock_.now() - kStale : clock_.now();
    const std::string secret =
        trick == NewsTrick::bad_signature ? config_.secret + "?" : config_.secret;
    net::HttpRequest request;
    request.method = "POST";
    request.target = config_.url;
    request.headers = sign_news(secret, body, now);
    request.headers.emplace_back("Content-Type", "application/json");
    request.body = body;
    const auto answer = co_await client_.send(std::move(request), config_.limits);
    // What was spoilt on purpose is sent as it should be the next time.
    if (answer && answer->status / 100 == 2) co_return;
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(body));
}

boost::asio::awaitable<void> NewsDesk::send() {
    std::deque<std::string> batch;
    {
        const std::lock_guard lock(mutex_);
        batch.swap(waiting_);
    }
    for (std::string& body : batch) {
        NewsTrick trick = NewsTrick::deliver;
        {
            const std::lock_guard lock(mutex_);
            if (!script_.empty()) {
                trick = script_.front();
                script_.pop_front();
            }
            if (trick == NewsTrick::hold) held_.push_back(body);
        }
        if (trick == NewsTrick::hold || trick == NewsTrick::lose) continue;
        co_await call(body, trick);
        if (trick == NewsTrick::twice) co_await call(body, trick);
    }
}

}  // namespace causeway::connectors::boleto::sandbox
