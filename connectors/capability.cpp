// SPDX-License-Identifier: Apache-2.0
#include "connectors/capability.h"

#include <algorithm>
#include <array>
#include <utility>

namespace causeway::connectors {
namespace {

constexpr std::array<std::pair<LifecycleStage, std::string_view>, 3> kStages{{
    {LifecycleStage::active, "active"},
    {LifecycleStage::refund_only, "refund_only"},
    {LifecycleStage::retired, "retired"},
}};

bool allowed(OperationKind kind, LifecycleStage stage) noexcept {
    switch (kind) {
        case OperationKind::authorise:
        case OperationKind::sale:
        case OperationKind::increment:
        case OperationKind::collect: return stage == LifecycleStage::active;
        case OperationKind::capture: return stage != LifecycleStage::retired;
        case OperationKind::refund:
        case OperationKind::reverse:
        case OperationKind::release:
        case OperationKind::represent:
        case OperationKind::concede:
        case OperationKind::withdraw: return true;
    }
    return false;
}

}  // namespace

std::string_view to_string(LifecycleStage stage) noexcept {
    for (const auto& [value, text] : kStages) {
        if (value == stage) return text;
    }
    return "unlisted_lifecycle_stage";
}

Result<LifecycleStage> parse_lifecycle_stage(std::string_view text) {
    for (const auto& [value, spelling] : kStages) {
        if (spelling == text) return value;
    }
    return Error(ErrorCode::not_found, "lifecycle stage");
}

bool Capability::takes(ledger::Currency currency) const noexcept {
    return currencies.empty() || std::ranges::find(currencies, currency) != currencies.end();
}

bool Capability::takes_country(std::string_view country) const noexcept {
    return countries.empty() || country.empty() ||
           std::ranges::find(countries, country) != countries.end();
}

bool Capability::offers(OperationKind kind, Day today) const noexcept {
    return operations.contains(kind) && allowed(kind, lifecycle.on(today));
}

Result<void> check_offered(const Capability& capability, const Operation& operation, Day today) {
    const bool goes_on = operation.repeat && capability.operations.contains(operation.kind);
    if (goes_on || capability.offers(operation.kind, today)) return {};
    return Error(ErrorCode::invalid_argument,
                 capability.name + " does not offer to " + std::string(to_string(operation.kind)));
}

}  // namespace causeway::connectors
