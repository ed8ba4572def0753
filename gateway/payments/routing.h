// SPDX-License-Identifier: Apache-2.0
//
// Chooses the connector of a payment and says why it, and why not each of the others.
//
// Pure and deterministic: the same rules, connectors, health and payment give the same decision,
// in every process. Chance comes from the payment's id.
#pragma once

#include "gateway/payments/connector_health.h"
#include "gateway/payments/connector_set.h"
#include "gateway/payments/routing_rules.h"
#include "ledger/clock.h"
#include "ledger/id.h"
#include "ledger/money.h"

#include <string>
#include <vector>

namespace causeway::gateway {

/// What routing may know of a payment.
struct RouteRequest {
    Uuid payment;  ///< Spreads weighted choices and probes.
    std::string method;
    ledger::Money amount;
    std::string country{};   ///< Of the buyer; empty: not known.
    std::string merchant{};  ///< "mer_..."
    bool livemode = false;
    Timestamp now;
    std::vector<std::string> tried{};  ///< Connectors that have declined this payment already.
};

struct RejectedRoute {
    std::string connector;
    std::string why;

    friend bool operator==(const RejectedRoute&, const RejectedRoute&) = default;
};

struct RouteDecision {
    const ConnectorEntry* entry = nullptr;  ///< Null: nobody can take the payment.
    std::string why;
    /// Every other connector that was considered, once, in the order in which it was.
    std::vector<RejectedRoute> rejected;
    /// Whether the amount is all that stood in the way somewhere.
    bool amount_too_large = false;
};

/// One line for people: "no rule: first of 2 connectors; not acq_b: not needed".
[[nodiscard]] std::string explain(const RouteDecision& decision);

/// The first rule that is about the payment and has a connector that can take it decides; rules
/// that are about it and have none are passed over. When no rule is about it, every connector is
/// considered in the order of the configuration.
///
/// A connector whose circuit is open or that is not ready comes after all that are well, and is
/// taken all the same when there is no other: it may work again, a refusal certainly does not.
/// A half-open one gets one payment in ten.
[[nodiscard]] RouteDecision choose(const RoutingRules& rules,
                                   const ConnectorSet& connectors,
                                   const ConnectorHealth& health,
                                   const RouteRequest& request);

}  // namespace causeway::gateway
