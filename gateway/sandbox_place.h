// SPDX-License-Identifier: Apache-2.0
//
// What the sandboxes' commands share: where to listen, as it is written on the command line.
#pragma once

#include "ledger/result.h"

#include <cstdint>
#include <string>

namespace causeway::gateway {

struct SandboxPlace {
    std::string address;
    std::uint16_t port = 0;
};

/// Reads "HOST:PORT". Errors: `invalid_argument` that names the option.
[[nodiscard]] Result<SandboxPlace> parse_place(const std::string& text, const std::string& option);

}  // namespace causeway::gateway
