// SPDX-License-Identifier: Apache-2.0
//
// What was written to a provider, and what became of what it sent, for people and for programs.
#pragma once

#include "gateway/provider_files/read_file.h"
#include "gateway/provider_files/write_file.h"

#include <string>

namespace causeway::gateway {

[[nodiscard]] std::string written_text(const WriteOutcome& outcome);
/// One line.
[[nodiscard]] std::string written_json(const WriteOutcome& outcome);

[[nodiscard]] std::string read_text(const ReadReport& report);
/// One line.
[[nodiscard]] std::string read_json(const ReadReport& report);

/// The exit code that a file earns: kExitOk when there is nothing for a person to look at.
[[nodiscard]] int exit_code_of(const ReadReport& report);

}  // namespace causeway::gateway
