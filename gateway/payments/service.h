// SPDX-License-Identifier: Apache-2.0
//
// Runs steps: commits what a step wants written, sends what it wants sent, feeds the provider's
// word into the next one, until there is an answer.
#pragma once

#include "gateway/payments/intents.h"
#include "gateway/payments/steps.h"
#include "ledger/store/database.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <functional>
#include <mutex>
#include <set>
#include <utility>

namespace causeway::gateway {

/// Threads: every method may be called from any thread.
/// Lifetime: outlives every awaitable it returned; borrows what it is given.
class PaymentService {
  public:
    using FirstStep = std::function<Result<Step>(ledger::Transaction&)>;

    PaymentService(ledger::Database& database, Workshop shop)
        : database_(database), shop_(std::move(shop)) {}

    /// Runs a request from its first step to its answer. Never throws; what cannot be helped is
    /// a problem of status 500 or 503.
    boost::asio::awaitable<Reply> run(Caller caller, FirstStep first);

    /// Takes an open operation up and carries it to its next rest. For the janitor.
    boost::asio::awaitable<Result<void>> resume(Uuid operation);

    /// Whether this process is sending the operation right now.
    [[nodiscard]] bool is_under_way(const Uuid& operation) const;

    [[nodiscard]] const Workshop& shop() const noexcept { return shop_; }

    /// Called whenever an outcome may have left work for the janitor.
    std::function<void()> on_open_work = [] {};

  private:
    boost::asio::awaitable<Result<connectors::Answer>> perform(const ConnectorEntry& entry,
                                                               Send& send);
    boost::asio::awaitable<Result<Step>> ask_and_apply(const ConnectorEntry& entry, Send send);
    boost::asio::awaitable<Result<Step>> send_and_apply(std::optional<Caller> caller, Send send);

    ledger::Database& database_;
    Workshop shop_;
    mutable std::mutex mutex_;
    std::set<Uuid> under_way_;
};

}  // namespace causeway::gateway
