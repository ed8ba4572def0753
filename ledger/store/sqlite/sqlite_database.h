// SPDX-License-Identifier: Apache-2.0
//
// Database on an SQLite file: the owner's lock, one writer, a few readers.
#pragma once

#include "ledger/result.h"
#include "ledger/store/database.h"

#include <memory>
#include <span>
#include <string>

namespace causeway::ledger::sqlite {

/// Errors: as Database::open.
[[nodiscard]] Result<std::unique_ptr<Database>> open(const std::string& path,
                                                     std::span<const Migration> migrations,
                                                     const DatabaseOptions& options);

}  // namespace causeway::ledger::sqlite
