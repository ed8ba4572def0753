// SPDX-License-Identifier: Apache-2.0
//
// A circuit breaker for each connector: who keeps failing is left in peace for a while, and then
// tried with a few payments before it gets all of them again.
//
//     closed --(failures_max of the last `samples` failed)--> open
//     open   --(rest has passed)--> half_open
//     half_open --(probes answered in a row)--> closed
//     half_open --(one failure)--> open, for twice as long, up to rest_max
//
// A decline is an answer and no failure. A failure is older news after `forget` and does not count.
#pragma once

#include "connectors/operation.h"
#include "ledger/clock.h"
#include "ledger/result.h"

#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace causeway::gateway {

enum class HealthSample {
    ok,       ///< The provider answered, whatever it said.
    timeout,  ///< Sent, and no answer.
    error,    ///< Nothing could be sent, or the provider says that it is in trouble.
};

enum class CircuitState { closed, open, half_open };

[[nodiscard]] std::string_view to_string(CircuitState state) noexcept;

/// What an outcome says about the connector's health. Nothing when the caller was wrong.
[[nodiscard]] std::optional<HealthSample> health_of(const Result<connectors::Answer>& outcome);

struct HealthLimits {
    std::size_t samples = 20;
    std::size_t failures_max = 10;
    std::size_t probes = 3;
    std::chrono::seconds forget{60};
    std::chrono::seconds rest{30};
    std::chrono::seconds rest_max{600};
};

/// What is known of one connector.
struct CircuitView {
    CircuitState state = CircuitState::closed;
    std::size_t failures = 0;  ///< Of the samples that still count.
    std::size_t samples = 0;
    Timestamp open_until{};  ///< When open.
};

/// Of this process; several processes on one database each learn for themselves.
///
/// Threads: every method may be called from any thread.
class ConnectorHealth {
  public:
    explicit ConnectorHealth(HealthLimits limits = {}) : limits_(limits) {}

    void record(std::string_view connector, HealthSample sample, Timestamp now);
    [[nodiscard]] CircuitView view(std::string_view connector, Timestamp now) const;
    [[nodiscard]] bool open(std::string_view connector, Timestamp now) const {
        return view(connector, now).state == CircuitState::open;
    }

  private:
    struct Sample {
        Timestamp at;
        bool failed;
    };
    struct Circuit {
        std::deque<Sample> recent;
        bool tripped = false;
        Timestamp open_until{};
        std::chrono::seconds rest{};
        std::size_t probes_answered = 0;
    };
    void trip(Circuit& circuit, Timestamp now);
    [[nodiscard]] std::size_t failures_of(const Circuit& circuit, Timestamp now) const;

    const HealthLimits limits_;
    mutable std::mutex mutex_;
    std::map<std::string, Circuit, std::less<>> circuits_;
};

}  // namespace causeway::gateway
