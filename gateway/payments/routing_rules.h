// SPDX-License-Identifier: Apache-2.0
//
// Which connector shall take which payment, as the operator wrote it down.
#pragma once

#include "ledger/result.h"

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::gateway {

/// What a payment must be for a rule to be about it. An empty list fits everything.
struct RouteCondition {
    std::vector<std::string> methods;
    std::vector<std::string> countries;   ///< ISO 3166; a payment of unknown country does not fit.
    std::vector<std::string> currencies;  ///< ISO 4217.
    std::vector<std::string> merchants;   ///< "mer_..."
    std::int64_t amount_min = 0;          ///< Units: minor units of the rule's one currency.
    std::int64_t amount_max = std::numeric_limits<std::int64_t>::max();  ///< Included.
};

/// How a rule chooses among the connectors that can take the payment.
enum class RouteChoice {
    ordered,   ///< The first.
    weighted,  ///< Each as often as its weight says.
    cheapest,  ///< The one that costs least by contract; of equals the first.
};

[[nodiscard]] std::string_view to_string(RouteChoice choice) noexcept;
/// Errors: `not_found`.
[[nodiscard]] Result<RouteChoice> parse_route_choice(std::string_view text);

struct RouteTarget {
    std::string connector;
    std::int64_t weight = 1;  ///< 1 to 1,000,000.
};

/// One [[routing]] table.
struct RoutingRule {
    std::string name;  ///< As explanations call it.
    RouteCondition when;
    RouteChoice choice = RouteChoice::ordered;
    std::vector<RouteTarget> targets;
};

/// In the order of the configuration.
using RoutingRules = std::vector<RoutingRule>;

}  // namespace causeway::gateway
