// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/look_up.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>
#include <utility>

namespace causeway::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto kAsTuple = asio::as_tuple(asio::use_awaitable);

// Fills `found`, then cancels `alarm`.
void ask(const std::string& host,
         std::uint16_t port,
         const std::shared_ptr<tcp::resolver>& resolver,
         const std::shared_ptr<LookedUp>& found,
         const std::shared_ptr<asio::steady_timer>& alarm) {
    resolver->async_resolve(
        host,
        std::to_string(port),
        [resolver, found, alarm](const error_code& error, const tcp::resolver::results_type& all) {
            found->error = error;
            for (const auto& one : all)
                found->endpoints.push_back(one.endpoint());
            alarm->cancel();
        });
}

}  // namespace

asio::awaitable<LookedUp> look_up(std::string host,
                                  std::uint16_t port,
                                  std::chrono::steady_clock::time_point deadline) {
    LookedUp known;
    const auto address = asio::ip::make_address(host, known.error);
    if (!known.error) {
        known.endpoints.emplace_back(address, port);
        co_return known;
    }
    const auto executor = co_await asio::this_coro::executor;
    const auto found = std::make_shared<LookedUp>();
    const auto resolver = std::make_shared<tcp::resolver>(executor);
    const auto alarm = std::make_shared<asio::steady_timer>(executor, deadline);
    ask(host, port, resolver, found, alarm);
    // The work runs on another thread and so is never done before this wait begins.
    (void)co_await alarm->async_wait(kAsTuple);
    co_return std::move(*found);
}

}  // namespace causeway::net
