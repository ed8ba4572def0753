// SPDX-License-Identifier: Apache-2.0
//
// A command and its output as bytes, for the admin socket: one line of JSON, then the files it
// names, one after the other, as they are.
#pragma once

#include "gateway/cli/command.h"
#include "ledger/result.h"

#include <string>
#include <string_view>

namespace causeway::gateway {

[[nodiscard]] std::string encode(const CommandRequest& request);
[[nodiscard]] std::string encode(const CommandOutput& output);

/// Errors: `invalid_argument` for bytes that encode() did not write.
[[nodiscard]] Result<CommandRequest> decode_request(std::string_view bytes);
[[nodiscard]] Result<CommandOutput> decode_output(std::string_view bytes);

}  // namespace causeway::gateway
