// SPDX-License-Identifier: Apache-2.0
//
// The kind of connector named "pix" in the configuration.
#pragma once

#include "connectors/pix/connector.h"
#include "connectors/registry.h"

namespace causeway::connectors::pix {

/// The keys that a Pix connector reads; docs/pix.md explains them.
[[nodiscard]] PixConfig read_pix_config(SettingsReader& settings, const CommonSettings& common);

[[nodiscard]] ConnectorMaker read_pix_connector(SettingsReader& settings,
                                                const CommonSettings& common);

}  // namespace causeway::connectors::pix
