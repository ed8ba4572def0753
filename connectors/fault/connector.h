// SPDX-License-Identifier: Apache-2.0
//
// A connector that misbehaves on command, for tests, benchmarks and development.
//
// It has every side that a connector can have. Its provider is in the same process, so an
// operation that is not told to misbehave is answered at once. It never takes live money.
#pragma once

#include "connectors/connector.h"
#include "connectors/fault/provider.h"
#include "connectors/registry.h"

#include <chrono>
#include <memory>
#include <set>
#include <string>

namespace causeway::connectors::fault {

struct FaultConfig {
    CommonSettings common;
    std::string method = "card";
    std::vector<ledger::Currency> currencies;    ///< Empty: every currency.
    bool single_message = false;                 ///< Sales only, no authorisations.
    bool inquiry = true;                         ///< Whether it can be asked.
    std::chrono::seconds authorisation_valid{};  ///< Zero: it does not say.
};

class FaultConnector final : public Connector, private Inquiry, private Disputing {
  public:
    /// Throws std::invalid_argument when it is to be live.
    FaultConnector(FaultConfig config,
                   std::shared_ptr<FaultProvider> provider,
                   Sleep sleep,
                   const Clock& clock);

    [[nodiscard]] const Capability& capability() const noexcept override { return capability_; }
    /// "FLT-123": the sequence number alone.
    [[nodiscard]] std::string make_reference(std::int64_t sequence,
                                             Timestamp now,
                                             const Operation& operation) const override;
    [[nodiscard]] Result<OperationKind> first_operation(const Card& card,
                                                        bool capture_now) const override;
    boost::asio::awaitable<Result<Answer>> perform(Operation operation) override;
    /// The payment's id, and our reference.
    [[nodiscard]] StatementKey statement_key(const Operation& operation) const override;
    [[nodiscard]] bool ready() const noexcept override { return true; }

    [[nodiscard]] Inquiry* inquiry() noexcept override { return can_be_asked_ ? this : nullptr; }
    [[nodiscard]] const NoticeReader* notices() const noexcept override { return reader_.get(); }
    [[nodiscard]] Disputing* disputing() noexcept override { return this; }

    [[nodiscard]] FaultProvider& provider() noexcept { return *provider_; }

  private:
    boost::asio::awaitable<Result<Finding>> find(Operation operation) override;
    boost::asio::awaitable<Result<Answer>> represent(DisputeOperation operation) override;
    boost::asio::awaitable<Result<Answer>> accept(DisputeOperation operation) override;

    const std::chrono::milliseconds answer_max_;
    const bool can_be_asked_;
    const Capability capability_;
    const std::shared_ptr<FaultProvider> provider_;
    const Sleep sleep_;
    const Clock& clock_;
    std::unique_ptr<NoticeReader> reader_;
};

}  // namespace causeway::connectors::fault
