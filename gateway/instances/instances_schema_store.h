// SPDX-License-Identifier: Apache-2.0
//
// The tables by which several processes share one database.
#pragma once

#include <string_view>

namespace causeway::gateway {

/// One step of the schema; needs the tables of payments.
[[nodiscard]] std::string_view instances_schema_sql() noexcept;

}  // namespace causeway::gateway
