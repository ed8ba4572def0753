// SPDX-License-Identifier: Apache-2.0
//
// The kind of connector named "fault" in the configuration: a provider for development and
// benchmarks, refused in live mode.
#pragma once

#include "connectors/fault/connector.h"
#include "connectors/registry.h"

namespace causeway::connectors::fault {

/// The keys that the connector itself reads; docs/connectors.md explains them. A live one is a
/// mistake.
[[nodiscard]] FaultConfig read_fault_config(SettingsReader& settings, const CommonSettings& common);
/// The keys of its provider.
[[nodiscard]] ProviderConfig read_provider_config(SettingsReader& settings);

[[nodiscard]] ConnectorMaker read_fault_connector(SettingsReader& settings,
                                                  const CommonSettings& common);

}  // namespace causeway::connectors::fault
