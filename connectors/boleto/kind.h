// SPDX-License-Identifier: Apache-2.0
//
// The kind of connector named "boleto" in the configuration: which keys it reads, and what becomes
// of them.
#pragma once

#include "connectors/boleto/config.h"
#include "connectors/registry.h"

namespace causeway::connectors::boleto {

/// connectors/boleto/README.md explains the keys.
[[nodiscard]] BoletoConfig read_boleto_config(SettingsReader& settings,
                                              const CommonSettings& common);

[[nodiscard]] ConnectorMaker read_boleto_connector(SettingsReader& settings,
                                                   const CommonSettings& common);

}  // namespace causeway::connectors::boleto
