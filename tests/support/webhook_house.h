// SPDX-License-Identifier: Apache-2.0
//
// Events, endpoints and a dispatcher in time that is moved by hand, with receivers that do what a
// test tells them.
#pragma once

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

/// Receivers by URL; who is not told otherwise says 204.
class FakeReceivers final : public gateway::WebhookSender {
  public:
    struct Seen {
        std::string url;
        std::string id;
        std::string signature;
        std::string body;
        Timestamp at;
        std::string traceparent = {};
    };

    explicit FakeReceivers(const Clock& clock) : clock_(clock) {}

    boost::asio::awaitable<gateway::WebhookAnswer> send(gateway::WebhookMessage message) override {
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

    [[nodiscard]] std::vector<Timestamp> times_at(const std::string& url) const {
        std::vector<Timestamp> times;
        for (const Seen& one : seen) {
            if (one.url == url) times.push_back(one.at);
        }
        return times;
    }

    std::map<std::string, std::function<gateway::WebhookAnswer(Timestamp)>> rules;
    std::vector<Seen> seen;

  private:
    const Clock& clock_;
};

inline gateway::WebhookAnswer status(int code) {
    gateway::WebhookAnswer answer;
    answer.status = code;
    return answer;
}

inline gateway::WebhookAnswer nobody() {
    gateway::WebhookAnswer answer;
    answer.error = "connect: Connection refused";
    return answer;
}

class WebhookHouse {
  public:
    explicit WebhookHouse(Engine engine = Engine::sqlite)
        : books(engine), vault_(make_vault()), receivers(books.clock) {
        scope.merchant = books.merchant();
    }

    gateway::KeyedEndpoint add(const std::string& url,
                               gateway::WebhookSigning signing = gateway::WebhookSigning::hmac) {
        const gateway::CreateEndpoint wish{.url = url, .events = {}, .signing = signing};
        return write<gateway::KeyedEndpoint>([this, wish](ledger::Transaction& tx) {
            return gateway::add_endpoint(tx, keys(), scope, wish);
        });
    }
    gateway::KeySource keys() {
        return {
            .vault = vault_, .entropy = books.entropy, .ids = books.ids, .now = books.clock.now()};
    }

    /// `count` events in one commit. Returns the last.
    Uuid record(int count = 1) {
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

    /// One round of a process of its own.
    gateway::Dispatcher::Round round(gateway::DispatcherLimits limits = {}) {
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

    /// Moves time from one thing to do to the next, until `until` or until nothing waits.
    void work_until(Timestamp until) {
        for (;;) {
            const gateway::Dispatcher::Round done = round();
            if (done.sent > 0) continue;
            if (!done.wake_at || *done.wake_at > until) break;
            books.clock.set(*done.wake_at);
        }
        if (until != Timestamp::max()) books.clock.set(until);
    }

    gateway::DispatcherParts parts() {
        return {.database = books.database(),
                .readers = readers_,
                .clock = books.clock,
                .entropy = books.entropy,
                .ids = books.ids,
                .vault = vault_,
                .sender = receivers};
    }

    std::vector<gateway::WebhookAttempt> attempts(const Uuid& event) {
        return read<std::vector<gateway::WebhookAttempt>>(
            [event](ledger::Transaction& tx) { return gateway::list_attempts(tx, event); });
    }
    gateway::WebhookEndpoint endpoint(const Uuid& id) {
        return read<gateway::WebhookEndpoint>(
            [id](ledger::Transaction& tx) { return gateway::load_endpoint(tx, id); });
    }
    std::int64_t in_state(const std::string& state) {
        return books.number("SELECT COUNT(*) FROM webhook_deliveries WHERE state = '" + state +
                            "'");
    }
    std::int64_t pending() {
        return books.number(
            "SELECT COUNT(*) FROM webhook_deliveries WHERE next_try_us IS NOT NULL");
    }

    template <class T>
    T write(std::function<Result<T>(ledger::Transaction&)> body) {
        Result<T> done = books.database().writer().template commit<T>(std::move(body));
        if (!done) throw std::runtime_error(done.error().detail());
        return *std::move(done);
    }
    template <class T>
    T read(const std::function<Result<T>(ledger::Transaction&)>& body) {
        std::optional<Result<T>> found;
        const Result<void> done = books.database().read([&](ledger::Transaction& tx) {
            found.emplace(body(tx));
            return Result<void>();
        });
        if (!done || !*found) throw std::runtime_error("cannot read");
        return std::move(**found);
    }

    [[nodiscard]] const gateway::Vault& vault() const { return vault_; }

    GatewayBooks books;

  private:
    gateway::Vault make_vault() {
        const std::string file = folder_.file("vault.key");
        std::ofstream(file) << std::string(64, 'a') << '\n';
        std::filesystem::permissions(file, std::filesystem::perms{0600});
        return *gateway::Vault::open(file, books.entropy);
    }

    TemporaryFolder folder_;
    gateway::Vault vault_;
    boost::asio::thread_pool readers_{1};

  public:
    FakeReceivers receivers;
    gateway::Scope scope;
};

}  // namespace causeway::test
