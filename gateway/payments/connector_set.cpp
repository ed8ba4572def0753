// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/connector_set.h"

#include <algorithm>
#include <stdexcept>

namespace causeway::gateway {

Result<std::int64_t> CostPlan::of(ledger::Money captured) const {
    std::int64_t total = 0;
    for (const std::int64_t part : {interchange_bps, scheme_bps, markup_bps}) {
        const Result<ledger::Money> cost =
            captured.scale(part, 10'000, ledger::Rounding::half_even);
        if (!cost) return cost.error();
        if (__builtin_add_overflow(total, cost->minor_units(), &total)) {
            return Error(ErrorCode::amount_overflow, "provider cost");
        }
    }
    return total;
}

void ConnectorSet::add(ConnectorEntry entry) {
    const std::string& name = entry.connector->capability().name;
    if (find(name) != nullptr) throw std::invalid_argument("two connectors named " + name);
    entries_.push_back(std::move(entry));
}

const ConnectorEntry* ConnectorSet::find(std::string_view name) const {
    const auto at = std::ranges::find_if(entries_, [name](const ConnectorEntry& entry) {
        return entry.connector->capability().name == name;
    });
    return at == entries_.end() ? nullptr : &*at;
}

}  // namespace causeway::gateway
