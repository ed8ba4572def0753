// SPDX-License-Identifier: Apache-2.0
//
// A connector as the API and the commands show it.
#pragma once

#include "connectors/connector.h"

#include <string>
#include <vector>

namespace causeway::gateway {

/// In words, from what a connector says of itself: "authorise", "refund", ...
[[nodiscard]] std::vector<std::string> capabilities_of(connectors::Connector& connector);

[[nodiscard]] std::string render_connector(connectors::Connector& connector);

}  // namespace causeway::gateway
