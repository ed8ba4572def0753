// SPDX-License-Identifier: Apache-2.0
//
// Card payments through an acquirer's ISO 8583:1987 host.
//
// The host cannot be asked what became of an operation. One without an answer is cleared up by
// what may be said twice: a capture, a reversal or a release is repeated, everything else is
// reversed.
#pragma once

#include "connectors/card/dialect.h"
#include "connectors/card/link.h"
#include "connectors/card/requests.h"
#include "connectors/connector.h"
#include "ledger/clock.h"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace causeway::connectors::card {

struct CardConfig {
    std::string name = "card";
    bool livemode = false;
    Lifecycle lifecycle;
    std::vector<std::string> countries;  ///< As in Capability.
    CardAcceptor acceptor;
    LinkConfig link;  ///< Where the host is and which dialect it speaks.
    /// How a payment that is captured at once is charged: an authorisation and its completion, or
    /// one purchase message, where the acquirer clears those too. Maestro knows only the latter.
    bool purchases = false;
    std::chrono::milliseconds answer_max{15'000};  ///< After so long the outcome is unknown.
};

class CardConnector final : public Connector {
  public:
    /// Throws std::invalid_argument when a member of `config.acceptor` does not fit its field.
    /// Lifetime: `clock` outlives the connector.
    CardConnector(const boost::asio::any_io_executor& executor,
                  CardConfig config,
                  const Clock& clock);

    void start() override { link_.start(); }
    /// Signs off at the end.
    boost::asio::awaitable<void> stop() override { return link_.stop(); }
    /// Waits until operations can be sent; false after stop().
    boost::asio::awaitable<bool> until_ready() { return link_.until_ready(); }

    [[nodiscard]] const Capability& capability() const noexcept override { return capability_; }

    /// As reference.h describes it. An operation with an original that is not a refund carries
    /// the original's RRN.
    [[nodiscard]] std::string make_reference(std::int64_t sequence,
                                             Timestamp now,
                                             const Operation& operation) const override;

    /// `sale` for what is captured at once, if the acquirer takes purchases. Maestro knows single
    /// messages only: without `capture_now` it is refused.
    [[nodiscard]] Result<OperationKind> first_operation(const Card& card,
                                                        bool capture_now) const override;

    boost::asio::awaitable<Result<Answer>> perform(Operation operation) override;

    /// The RRN of the payment, and DE7 followed by DE11 of this message.
    [[nodiscard]] StatementKey statement_key(const Operation& operation) const override;

    [[nodiscard]] bool ready() const noexcept override { return link_.ready(); }
    [[nodiscard]] LinkCounters counters() const noexcept { return link_.counters(); }

  private:
    const CardAcceptor acceptor_;
    const bool purchases_;
    const std::chrono::milliseconds answer_max_;
    const Capability capability_;
    const Clock& clock_;
    Link link_;
};

}  // namespace causeway::connectors::card
