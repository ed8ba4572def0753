// SPDX-License-Identifier: Apache-2.0
#include "tests/support/webhook_house.h"

#include "gateway/vault/vault.h"
#include "gateway/webhooks/desk.h"
#include "gateway/webhooks/dispatcher.h"
#include "tests/support/gateway_store.h"
#include "tests/support/temporary_folder.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace causeway::test {

FakeReceivers::FakeReceivers(const Clock& clock) : clock_(clock) {}

boost::asio::awaitable<gateway::WebhookAnswer> FakeReceivers::send(
    gateway::WebhookMessage message) {
    Seen one{.url = message.url,
             .id = *net::find_header(message.headers, "webhook-id"),
             .signature = *net::find_header(message.headers, "webhook-signature"),
             .body = message.body,
             .at = clock_.now()};
    const std::string* const trace = net::find_header(message.headers, "traceparent");
    if (trace != nullptr) one.traceparent = *trace;
    seen.push_back(std::move(one));
    gateway::WebhookAnswer answer;
    answer.status = 204;
    const auto rule = rules.find(message.url);
    if (rule != rules.end()) answer = rule->second(clock_.now());
    co_return answer;
}

std::vector<Timestamp> FakeReceivers::times_at(const std::string& url) const {
    std::vector<Timestamp> times;
    for (const Seen& one : seen) {
        if (one.url == url) times.push_back(one.at);
    }
    return times;
}

gateway::WebhookAnswer status(int code) {
    gateway::WebhookAnswer answer;
    answer.status = code;
    return answer;
}

gateway::WebhookAnswer nobody() {
    gateway::WebhookAnswer answer;
    answer.error = "connect: Connection refused";
    return answer;
}

WebhookHouse::WebhookHouse(Engine engine)
    : books(engine), vault_(make_vault()), receivers(books.clock) {
    scope.merchant = books.merchant();
}

gateway::KeyedEndpoint WebhookHouse::add(const std::string& url, gateway::WebhookSigning signing) {
    const gateway::CreateEndpoint wish{.url = url, .events = {}, .signing = signing};
    return write<gateway::KeyedEndpoint>([this, wish](ledger::Transaction& tx) {
        return gateway::add_endpoint(tx, keys(), scope, wish);
    });
}

gateway::KeySource WebhookHouse::keys() {
    return {.vault = vault_, .entropy = books.entropy, .ids = books.ids, .now = books.clock.now()};
}

Uuid WebhookHouse::record(int count) {
    return write<Uuid>([this, count](ledger::Transaction& tx) -> Result<Uuid> {
        Uuid last;
        for (int i = 0; i < count; ++i) {
            const Result<Uuid> id = gateway::record_event(
                tx,
                books.ids,
                books.clock,
                {.scope = scope, .type = "payment.succeeded", .object = R"({"id":"pay_1"})"});
            if (!id) return id.error();
            last = *id;
        }
        return last;
    });
}

gateway::Dispatcher::Round WebhookHouse::round(gateway::DispatcherLimits limits) {
    boost::asio::io_context io;
    gateway::Dispatcher dispatcher(io.get_executor(), parts(), limits);
    std::optional<gateway::Dispatcher::Round> done;
    boost::asio::co_spawn(
        io,
        dispatcher.run_once(),
        [&done](const std::exception_ptr& failure, gateway::Dispatcher::Round got) {
            if (!failure) done = got;
        });
    io.run_for(std::chrono::seconds{60});
    if (!done) throw std::runtime_error("the dispatcher did not come back");
    return *done;
}

void WebhookHouse::work_until(Timestamp until) {
    for (;;) {
        const gateway::Dispatcher::Round done = round();
        if (done.sent > 0) continue;
        if (!done.wake_at || *done.wake_at > until) break;
        books.clock.set(*done.wake_at);
    }
    if (until != Timestamp::max()) books.clock.set(until);
}

gateway::DispatcherParts WebhookHouse::parts() {
    return {.database = books.database(),
            .readers = readers_,
            .clock = books.clock,
            .entropy = books.entropy,
            .ids = books.ids,
            .vault = vault_,
            .sender = receivers};
}

std::vector<gateway::WebhookAttempt> WebhookHouse::attempts(const Uuid& event) {
    return read<std::vector<gateway::WebhookAttempt>>(
        [event](ledger::Transaction& tx) { return gateway::list_attempts(tx, event); });
}

gateway::WebhookEndpoint WebhookHouse::endpoint(const Uuid& id) {
    return read<gateway::WebhookEndpoint>(
        [id](ledger::Transaction& tx) { return gateway::load_endpoint(tx, id); });
}

std::int64_t WebhookHouse::in_state(const std::string& state) {
    return books.number("SELECT COUNT(*) FROM webhook_deliveries WHERE state = '" + state + "'");
}

std::int64_t WebhookHouse::pending() {
    return books.number("SELECT COUNT(*) FROM webhook_deliveries WHERE next_try_us IS NOT NULL");
}

const gateway::Vault& WebhookHouse::vault() const {
    return vault_;
}

gateway::Vault WebhookHouse::make_vault() {
    const std::string file = folder_.file("vault.key");
    std::ofstream(file) << std::string(64, 'a') << '\n';
    std::filesystem::permissions(file, std::filesystem::perms{0600});
    return *gateway::Vault::open(file, books.entropy);
}

}  // namespace causeway::test
