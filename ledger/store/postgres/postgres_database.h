// SPDX-License-Identifier: Apache-2.0
//
// Database on a PostgreSQL server, which other processes may use at the same time.
#pragma once

#include "ledger/result.h"
#include "ledger/store/database.h"

#include <memory>
#include <span>
#include <string_view>

namespace causeway::ledger::postgres {

/// Errors: as ledger::is_there.
[[nodiscard]] Result<bool> is_there(std::string_view url);

/// Errors: as Database::open.
[[nodiscard]] Result<std::unique_ptr<Database>> open(std::string_view url,
                                                     std::span<const Migration> migrations,
                                                     const DatabaseOptions& options);

}  // namespace causeway::ledger::postgres
