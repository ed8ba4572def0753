// SPDX-License-Identifier: Apache-2.0
//
// The kind of connector named "card" in the configuration: which keys it reads, and what becomes
// of them.
#pragma once

#include "connectors/card/connector.h"
#include "connectors/registry.h"

namespace causeway::connectors::card {

/// The keys that a card connector reads; docs/operations.md explains them.
[[nodiscard]] CardConfig read_card_config(SettingsReader& settings, const CommonSettings& common);

[[nodiscard]] ConnectorMaker read_card_connector(SettingsReader& settings,
                                                 const CommonSettings& common);

}  // namespace causeway::connectors::card
