// SPDX-License-Identifier: Apache-2.0
//
// The connectors of this gateway and what the operator knows of each: its cost, its patience.
#pragma once

#include "connectors/connector.h"
#include "gateway/collections/receipt_rules.h"
#include "gateway/payments/connector_health.h"
#include "gateway/payments/routing_rules.h"
#include "ledger/money.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace causeway::gateway {

/// What the provider charges us for a capture. Units: basis points of the captured amount, each
/// part rounded half-even to the minor unit by itself, as acquirers bill.
struct CostPlan {
    std::int64_t interchange_bps = 0;
    std::int64_t scheme_bps = 0;
    std::int64_t markup_bps = 0;

    /// Errors: `amount_overflow`.
    [[nodiscard]] Result<std::int64_t> of(ledger::Money captured) const;
};

struct ConnectorEntry {
    std::unique_ptr<connectors::Connector> connector;
    CostPlan cost;
    ReceiptPolicies receipts;  ///< For methods whose money comes later.
    /// How long an operation may be under way before somebody else may take it up: longer than
    /// any answer is awaited.
    std::chrono::milliseconds lease{60'000};
};

/// Threads: filled at start-up, constant afterwards.
class ConnectorSet {
  public:
    /// Throws std::invalid_argument when the name is taken.
    void add(ConnectorEntry entry);

    /// Null when there is none of this name.
    [[nodiscard]] const ConnectorEntry* find(std::string_view name) const;

    /// How payments are spread over them; see routing.h. Call once, at start-up.
    void set_routing(RoutingRules rules, HealthLimits limits) {
        rules_ = std::move(rules);
        health_ = std::make_unique<ConnectorHealth>(limits);
    }
    [[nodiscard]] const RoutingRules& rules() const noexcept { return rules_; }
    /// What changes while the program runs; everything else is constant.
    [[nodiscard]] ConnectorHealth& health() const noexcept { return *health_; }

    [[nodiscard]] const std::vector<ConnectorEntry>& all() const noexcept { return entries_; }

  private:
    std::vector<ConnectorEntry> entries_;
    RoutingRules rules_;
    std::unique_ptr<ConnectorHealth> health_ = std::make_unique<ConnectorHealth>();
};

}  // namespace causeway::gateway
