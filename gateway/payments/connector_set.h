// SPDX-License-Identifier: Apache-2.0
//
// The connectors of this gateway and what the operator knows of each: its cost, its patience.
#pragma once

#include "connectors/connector.h"
#include "ledger/money.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
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

    /// The first connector, in the order of the configuration, that takes this method and
    /// currency in this mode; one that is ready before one that is not. Null when there is none.
    [[nodiscard]] const ConnectorEntry* route(std::string_view method,
                                              ledger::Currency currency,
                                              bool livemode) const;

    [[nodiscard]] const std::vector<ConnectorEntry>& all() const noexcept { return entries_; }

  private:
    std::vector<ConnectorEntry> entries_;
};

}  // namespace causeway::gateway
