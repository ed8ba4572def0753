// SPDX-License-Identifier: Apache-2.0
#include "connectors/pix/sandbox/notices.h"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <iterator>
#include <utility>

namespace causeway::connectors::pix::sandbox {
namespace {

void join(PixNotice& to, PixNotice from) {
    to.pix.insert(to.pix.end(),
                  std::make_move_iterator(from.pix.begin()),
                  std::make_move_iterator(from.pix.end()));
}

}  // namespace

void Notices::add(const std::string& url, ReceivedPix pix) {
    const std::lock_guard lock(mutex_);
    waiting_[url].pix.push_back(std::move(pix));
}

void Notices::script(NoticeTrick trick) {
    const std::lock_guard lock(mutex_);
    script_.push_back(trick);
}

void Notices::release() {
    const std::lock_guard lock(mutex_);
    for (auto& [url, notice] : std::exchange(held_, {}))
        join(waiting_[url], notice);
}

boost::asio::awaitable<void> Notices::call(std::string url, PixNotice notice) {
    net::HttpRequest request;
    request.method = "POST";
    request.target = url + "/pix";
    request.headers.emplace_back("Content-Type", "application/json");
    request.body = boost::json::serialize(write_body(notice));
    const auto answer = co_await client_.send(std::move(request), limits_);
    if (answer && answer->status / 100 == 2) co_return;
    const std::lock_guard lock(mutex_);
    join(waiting_[url], std::move(notice));
}

boost::asio::awaitable<void> Notices::send() {
    std::map<std::string, PixNotice> batch;
    {
        const std::lock_guard lock(mutex_);
        batch.swap(waiting_);
    }
    for (auto& [url, notice] : batch) {
        NoticeTrick trick = NoticeTrick::deliver;
        {
            const std::lock_guard lock(mutex_);
            if (!script_.empty()) {
                trick = script_.front();
                script_.pop_front();
            }
            if (trick == NoticeTrick::hold) join(held_[url], notice);
        }
        if (trick == NoticeTrick::deliver || trick == NoticeTrick::twice) {
            co_await call(url, notice);
        }
        if (trick == NoticeTrick::twice) co_await call(url, notice);
    }
}

}  // namespace causeway::connectors::pix::sandbox
