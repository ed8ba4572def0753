// SPDX-License-Identifier: Apache-2.0
#include "connectors/registry.h"

#include "connectors/boleto/kind.h"
#include "connectors/card/kind.h"
#include "connectors/fault/kind.h"
#include "connectors/pix/kind.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>

namespace causeway::connectors {
namespace {

namespace asio = boost::asio;

constexpr std::array<ConnectorKind, 4> kKindsOfConnectors{{
    {.name = "boleto", .read = boleto::read_boleto_connector},
    {.name = "card", .read = card::read_card_connector},
    {.name = "fault", .read = fault::read_fault_connector},
    {.name = "pix", .read = pix::read_pix_connector},
}};

asio::awaitable<void> sleep_on_timer(std::chrono::milliseconds length) {
    asio::steady_timer timer(co_await asio::this_coro::executor, length);
    (void)co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
}

}  // namespace

Sleep real_sleep() {
    return sleep_on_timer;
}

std::span<const ConnectorKind> connector_kinds() noexcept {
    return kKindsOfConnectors;
}

Result<ConnectorKind> find_connector_kind(std::string_view name) {
    std::string names;
    for (const ConnectorKind& kind : kKindsOfConnectors) {
        if (kind.name == name) return kind;
        names.append(names.empty() ? "\"" : ", \"").append(kind.name).append("\"");
    }
    return Error(ErrorCode::not_found, "must be one of " + names);
}

}  // namespace causeway::connectors
