// SPDX-License-Identifier: Apache-2.0
//
// What a restricted key may do: "RESOURCE:read" or "RESOURCE:write" for the first word of a path
// behind /v1/, or "*" for every resource. To write does not include to read.
#pragma once

#include "ledger/result.h"

#include <string>
#include <string_view>

namespace causeway::gateway {

/// "refunds" for "/v1/refunds/{id}". Throws std::logic_error for a path without an entry in the
/// closed list of resources: a route that no permission names could be called with none.
[[nodiscard]] std::string_view resource_of(std::string_view path_template);

/// A comma list as `--allow` has it, sorted and each once.
///
/// Errors: `invalid_argument` for an empty list and for what is no permission.
[[nodiscard]] Result<std::string> parse_permissions(std::string_view list);

/// Whether the stored list has the permission.
[[nodiscard]] bool permits(std::string_view list, std::string_view resource, bool write) noexcept;

}  // namespace causeway::gateway
