// SPDX-License-Identifier: Apache-2.0
//
// Puts the gateway together and runs it until it is told to stop.
#pragma once

#include "gateway/config.h"

#include <string>

namespace causeway::gateway {

/// Serves until SIGINT or SIGTERM, then drains. Prints "listening https://ADDRESS:PORT" on
/// standard output when connections are accepted. Returns an exit code; the reason of a start
/// that failed is on standard error.
[[nodiscard]] int serve(const Settings& settings);

/// The Unix socket on which a running server takes commands: beside its database.
///
/// Errors: `invalid_argument` for a database URL of another form.
[[nodiscard]] Result<std::string> admin_socket_path(const std::string& database_url);

}  // namespace causeway::gateway
