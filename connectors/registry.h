// SPDX-License-Identifier: Apache-2.0
//
// Every kind of connector there is, by the name that the configuration uses for it.
//
// Adding a payment method is a folder and one line in registry.cpp: the configuration, the
// gateway and the contract tests go through this list and know no kind by name.
#pragma once

#include "connectors/connector.h"
#include "connectors/settings.h"
#include "ledger/clock.h"
#include "ledger/entropy.h"
#include "ledger/result.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::connectors {

/// What every kind has; the gateway reads these keys itself.
struct CommonSettings {
    std::string name;
    bool livemode = false;
    std::chrono::milliseconds answer_max{15'000};  ///< After so long the outcome is unknown.
    Lifecycle lifecycle;
    std::vector<std::string> countries;
};

/// Waits on the caller's executor; the real one, or a test's.
using Sleep = std::function<boost::asio::awaitable<void>(std::chrono::milliseconds)>;
[[nodiscard]] Sleep real_sleep();

/// The world that a connector is put into. Lifetime: clock and entropy outlive the connector.
struct Surroundings {
    boost::asio::any_io_executor executor;
    const Clock& clock;
    Entropy& entropy;
    Sleep sleep;
    /// Tells the operator what happened, of which connector, and why. Called from any thread; no
    /// word of it is secret.
    std::function<void(std::string_view event, std::string_view connector, std::string_view why)>
        report;
};

/// Makes the connector that a table of settings describes. Throws on settings that only the world
/// can refuse, such as a certificate that is not there.
using ConnectorMaker = std::function<std::unique_ptr<Connector>(const Surroundings&)>;

struct ConnectorKind {
    std::string_view name;
    /// Reads the keys of its own; a mistake is left in the reader.
    ConnectorMaker (*read)(SettingsReader& settings, const CommonSettings& common);
};

[[nodiscard]] std::span<const ConnectorKind> connector_kinds() noexcept;

/// Errors: `not_found` naming the kinds there are.
[[nodiscard]] Result<ConnectorKind> find_connector_kind(std::string_view name);

}  // namespace causeway::connectors
