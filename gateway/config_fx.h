// SPDX-License-Identifier: Apache-2.0
//
// The table [fx] of the configuration, with its sources of rates and its corridors. For
// config.cpp alone.
#pragma once

#include "gateway/config.h"
#include "gateway/config_table.h"

#include <string>

namespace causeway::gateway {

void read_fx(const toml::table& table, FxSettings& fx, std::string& mistake);

}  // namespace causeway::gateway
