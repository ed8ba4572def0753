// SPDX-License-Identifier: Apache-2.0
//
// The one version of the HTTP contract that this program speaks.
#pragma once

#include <string_view>

namespace causeway::gateway {

/// `info.version` of openapi.json and the only value of the Gateway-Version header.
inline constexpr std::string_view kApiVersion = "2026-11-20";

/// Of the program.
inline constexpr std::string_view kProgramVersion = "0.1.0";

}  // namespace causeway::gateway
