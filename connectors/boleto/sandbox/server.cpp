// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/sandbox/server.h"

#include "connectors/boleto/sandbox/core.h"

#include <utility>

namespace causeway::connectors::boleto::sandbox {

namespace asio = boost::asio;

BankSandbox::BankSandbox(std::shared_ptr<Core> core) : core_(std::move(core)) {}

BankSandbox::~BankSandbox() {
    try {
        stop();
    } catch (...) {
        // Out of memory: what is still open closes with its last coroutine.
    }
}

Result<std::unique_ptr<BankSandbox>> BankSandbox::start(const asio::any_io_executor& executor,
                                                        BankSandboxConfig config,
                                                        const Clock& clock,
                                                        Entropy& entropy) {
    if (config.admin.tls) {
        return Error(ErrorCode::invalid_argument, "the admin door is plain and on loopback only");
    }
    if (config.token.empty()) return Error(ErrorCode::invalid_argument, "a token is wanted");
    auto client = net::make_http_client(config.webhook_client);
    if (!client) return client.error();
    const auto core = std::make_shared<Core>(std::move(config), *std::move(client), clock, entropy);
    // The handlers hold no reference that keeps the core: its listeners live in it.
    const std::weak_ptr<Core> weak = core;
    const auto door = [weak](auto serve) {
        return [weak, serve](net::HttpRequest request) -> asio::awaitable<net::HttpReply> {
            const auto open = weak.lock();
            if (!open) co_return net::HttpReply();
            co_return co_await serve(open, std::move(request));
        };
    };
    core->api = std::make_unique<net::HttpListener>(
        executor, core->config.api, door(&Core::serve_api_door));
    core->admin_door = std::make_unique<net::HttpListener>(
        executor, core->config.admin, door(&Core::serve_admin_door));
    return std::unique_ptr<BankSandbox>(new BankSandbox(core));
}

std::uint16_t BankSandbox::api_port() const {
    return core_->api->port();
}
std::uint16_t BankSandbox::admin_port() const {
    return core_->admin_door->port();
}

void BankSandbox::stop() {
    core_->api->close();
    core_->admin_door->close();
}

}  // namespace causeway::connectors::boleto::sandbox
