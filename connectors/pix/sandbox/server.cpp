// SPDX-License-Identifier: Apache-2.0
#include "connectors/pix/sandbox/server.h"

#include "connectors/pix/sandbox/core.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace causeway::connectors::pix::sandbox {

namespace asio = boost::asio;

PixSandbox::PixSandbox(std::shared_ptr<Core> core) : core_(std::move(core)) {}

PixSandbox::~PixSandbox() {
    try {
        stop();
    } catch (...) {
        // Out of memory: what is still open closes with its last coroutine.
    }
}

Result<std::unique_ptr<PixSandbox>> PixSandbox::start(const asio::any_io_executor& executor,
                                                      PixSandboxConfig config,
                                                      const Clock& clock,
                                                      Entropy& entropy) {
    if (config.admin.tls) {
        return Error(ErrorCode::invalid_argument, "the admin door is plain and on loopback only");
    }
    auto key = net::SigningKey::load(config.signing_certificate_file, config.signing_key_file);
    if (!key) return key.error();
    auto client = net::make_http_client(config.webhooks);
    if (!client) return client.error();
    const auto core = std::make_shared<Core>(
        std::move(config), *std::move(key), *std::move(client), clock, entropy);
    // The handlers hold no reference that keeps the core: its listeners live in it.
    const std::weak_ptr<Core> weak = core;
    const auto door = [weak](auto serve) {
        return [weak, serve](net::HttpRequest request) -> asio::awaitable<net::HttpReply> {
            const auto open = weak.lock();
            if (!open) co_return net::HttpReply();
            co_return co_await serve(open, std::move(request));
        };
    };
    const auto payload_door = [](std::shared_ptr<Core> open,
                                 net::HttpRequest request) -> asio::awaitable<net::HttpReply> {
        const std::lock_guard lock(open->mutex);
        net::HttpReply reply;
        if (open->books) reply.response = open->serve_payload_door(request);
        co_return reply;
    };
    core->payload =
        std::make_unique<net::HttpListener>(executor, core->config.payload, door(payload_door));
    core->api = std::make_unique<net::HttpListener>(
        executor, core->config.api, door(&Core::serve_api_door));
    core->admin_door = std::make_unique<net::HttpListener>(
        executor, core->config.admin, door(&Core::serve_admin_door));
    {
        const std::lock_guard lock(core->mutex);
        core->payload_host = core->config.payload_host;
        if (core->payload_host.empty()) {
            core->payload_host =
                core->config.payload.address + ":" + std::to_string(core->payload->port());
        }
        BooksConfig books = core->config.books;
        books.location_base = core->payload_host + "/qr/v2";
        core->books.emplace(std::move(books), entropy);
    }
    return std::unique_ptr<PixSandbox>(new PixSandbox(core));
}

std::uint16_t PixSandbox::api_port() const {
    return core_->api->port();
}
std::uint16_t PixSandbox::payload_port() const {
    return core_->payload->port();
}
std::uint16_t PixSandbox::admin_port() const {
    return core_->admin_door->port();
}

asio::awaitable<void> PixSandbox::run() {
    const std::shared_ptr<Core> core = core_;
    asio::steady_timer timer(co_await asio::this_coro::executor);
    while (!core->stopped && core->config.pulse.count() > 0) {
        timer.expires_after(core->config.pulse);
        (void)co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
        {
            const std::lock_guard lock(core->mutex);
            core->settle_due();
        }
        co_await core->notices.send();
    }
}

void PixSandbox::stop() {
    core_->stopped = true;
    core_->api->close();
    core_->payload->close();
    core_->admin_door->close();
}

}  // namespace causeway::connectors::pix::sandbox
