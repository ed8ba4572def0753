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

    explicit FakeReceivers(const Clock& clock);

    boost::asio::awaitable<gateway::WebhookAnswer> send(gateway::WebhookMessage message) override;

    [[nodiscard]] std::vector<Timestamp> times_at(const std::string& url) const;

    std::map<std::string, std::function<gateway::WebhookAnswer(Timestamp)>> rules;
    std::vector<Seen> seen;

  private:
    const Clock& clock_;
};

gateway::WebhookAnswer status(int code);

gateway::WebhookAnswer nobody();

class WebhookHouse {
  public:
    explicit WebhookHouse(Engine engine = Engine::sqlite);

    gateway::KeyedEndpoint add(const std::string& url,
                               gateway::WebhookSigning signing = gateway::WebhookSigning::hmac);
    gateway::KeySource keys();

    /// `count` events in one commit. Returns the last.
    Uuid record(int count = 1);

    /// One round of a process of its own.
    gateway::Dispatcher::Round round(gateway::DispatcherLimits limits = {});

    /// Moves time from one thing to do to the next, until `until` or until nothing waits.
    void work_until(Timestamp until);

    gateway::DispatcherParts parts();

    std::vector<gateway::WebhookAttempt> attempts(const Uuid& event);
    gateway::WebhookEndpoint endpoint(const Uuid& id);
    std::int64_t in_state(const std::string& state);
    std::int64_t pending();

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

    [[nodiscard]] const gateway::Vault& vault() const;

    GatewayBooks books;

  private:
    gateway::Vault make_vault();

    TemporaryFolder folder_;
    gateway::Vault vault_;
    boost::asio::thread_pool readers_{1};

  public:
    FakeReceivers receivers;
    gateway::Scope scope;
};

}  // namespace causeway::test
