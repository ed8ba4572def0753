// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/connector_health.h"

#include <algorithm>

namespace causeway::gateway {

std::string_view to_string(CircuitState state) noexcept {
    switch (state) {
        case CircuitState::closed: return "closed";
        case CircuitState::open: return "open";
        case CircuitState::half_open: return "half_open";
    }
    return "unlisted_circuit_state";
}

std::optional<HealthSample> health_of(const Result<connectors::Answer>& outcome) {
    using connectors::Decline;
    if (outcome) {
        const bool in_trouble = outcome->decline == Decline::provider_unavailable ||
                                outcome->decline == Decline::provider_error;
        return in_trouble ? HealthSample::error : HealthSample::ok;
    }
    if (outcome.error().code() == ErrorCode::outcome_unknown) return HealthSample::timeout;
    if (outcome.error().code() == ErrorCode::unavailable) return HealthSample::error;
    return std::nullopt;
}

std::size_t ConnectorHealth::failures_of(const Circuit& circuit, Timestamp now) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        circuit.recent,
        [this, now](const Sample& one) { return one.failed && now - one.at < limits_.forget; }));
}

void ConnectorHealth::trip(Circuit& circuit, Timestamp now) {
    circuit.rest = circuit.tripped ? std::min(circuit.rest * 2, limits_.rest_max) : limits_.rest;
    circuit.tripped = true;
    circuit.open_until = now + circuit.rest;
    circuit.probes_answered = 0;
    circuit.recent.clear();
}

void ConnectorHealth::record(std::string_view connector, HealthSample sample, Timestamp now) {
    const std::lock_guard lock(mutex_);
    auto at = circuits_.find(connector);
    if (at == circuits_.end()) at = circuits_.emplace(connector, Circuit{}).first;
    Circuit& circuit = at->second;
    const bool failed = sample != HealthSample::ok;
    if (circuit.tripped) {
        // What was sent before it tripped says nothing about its recovery.
        if (now < circuit.open_until) return;
        if (failed) return trip(circuit, now);
        if (++circuit.probes_answered >= limits_.probes) circuit = Circuit{};
        return;
    }
    circuit.recent.push_back({.at = now, .failed = failed});
    if (circuit.recent.size() > limits_.samples) circuit.recent.pop_front();
    if (failures_of(circuit, now) >= limits_.failures_max) trip(circuit, now);
}

CircuitView ConnectorHealth::view(std::string_view connector, Timestamp now) const {
    const std::lock_guard lock(mutex_);
    const auto at = circuits_.find(connector);
    if (at == circuits_.end()) return {};
    const Circuit& circuit = at->second;
    CircuitView view{.failures = failures_of(circuit, now), .samples = circuit.recent.size()};
    if (!circuit.tripped) return view;
    view.state = now < circuit.open_until ? CircuitState::open : CircuitState::half_open;
    view.open_until = circuit.open_until;
    return view;
}

}  // namespace causeway::gateway
