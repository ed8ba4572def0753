// SPDX-License-Identifier: Apache-2.0
//
// What a connector can do, as data: routing, the API and the command line read it, and nobody
// finds out by trying.
#pragma once

#include "connectors/operation.h"
#include "ledger/clock.h"
#include "ledger/money.h"

#include <chrono>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::connectors {

/// A method outlives its end: years of its payments must still be refunded and reconciled.
enum class LifecycleStage {
    active,
    refund_only,  ///< No new charge; what was charged before goes on to its end.
    retired,      ///< Nothing is taken any more; money still goes back.
};

[[nodiscard]] std::string_view to_string(LifecycleStage stage) noexcept;
/// Errors: `not_found`.
[[nodiscard]] Result<LifecycleStage> parse_lifecycle_stage(std::string_view text);

/// Where in its life a method is. Before `since` it is active.
struct Lifecycle {
    LifecycleStage stage = LifecycleStage::active;
    Day since{};  ///< The first day of `stage`, in UTC; one in the future announces it.

    [[nodiscard]] LifecycleStage on(Day today) const noexcept {
        return today < since ? LifecycleStage::active : stage;
    }
};

/// Constant for the connector's whole life.
struct Capability {
    std::string name;           ///< Of this instance, such as "demo_card"; unique in a gateway.
    std::string version = "1";  ///< Of the provider's interface, in the provider's words.
    std::string method;         ///< `payment_method.type`, such as "card".
    bool livemode = false;
    std::set<OperationKind> operations{OperationKind::authorise,
                                       OperationKind::sale,
                                       OperationKind::capture,
                                       OperationKind::refund,
                                       OperationKind::reverse,
                                       OperationKind::release};
    std::vector<ledger::Currency> currencies;  ///< Empty: every currency.
    /// Of buyers; ISO 3166 in two capital letters. Empty: every country.
    std::vector<std::string> countries;
    /// The largest amount one operation can carry. Units: minor units.
    std::int64_t amount_max = std::numeric_limits<std::int64_t>::max();
    /// How long an authorisation can be captured; zero: the provider does not say.
    std::chrono::seconds authorisation_valid{0};
    Lifecycle lifecycle;

    [[nodiscard]] bool takes(ledger::Currency currency) const noexcept;
    /// `country` empty: not known, which forbids nothing.
    [[nodiscard]] bool takes_country(std::string_view country) const noexcept;
    /// Whether `kind` is among the operations and the method's stage of that day allows it.
    [[nodiscard]] bool offers(OperationKind kind, Day today) const noexcept;
};

/// What perform() checks first. A repeat is of something that was begun while it was allowed.
///
/// Errors: `invalid_argument` when the connector does not offer the operation today.
[[nodiscard]] Result<void> check_offered(const Capability& capability,
                                         const Operation& operation,
                                         Day today);

}  // namespace causeway::connectors
