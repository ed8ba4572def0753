// SPDX-License-Identifier: Apache-2.0
//
// What it takes for a file to be there after a power cut: its bytes are synced, and so is the
// folder that knows its name.
#pragma once

#include "ledger/result.h"

#include <string>
#include <string_view>

namespace causeway::ledger {

/// Errors: `storage`.
[[nodiscard]] Result<void> sync_file(const std::string& path);
/// Errors: `storage`.
[[nodiscard]] Result<void> sync_folder_of(const std::string& path);

/// "can not <what> <path>: <why>", as errno has it.
[[nodiscard]] Error file_error(std::string_view what, const std::string& path);

}  // namespace causeway::ledger
