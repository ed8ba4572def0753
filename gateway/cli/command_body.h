// SPDX-License-Identifier: Apache-2.0
//
// The output of a command that comes in pieces, or whose work is done in parts, as the admin
// socket's answer to it.
#pragma once

#include "connectors/net/body_source.h"
#include "gateway/cli/command.h"

#include <boost/asio/any_io_executor.hpp>

#include <memory>

namespace causeway::gateway {

/// Each piece is made on `commands` when the one before has been taken, so that other commands
/// come in between. Behind the last comes the rest of the output; behind a piece that failed, what
/// went wrong: either is the end, and a body without it was cut off.
///
/// Lifetime: what the pieces use outlives the body.
[[nodiscard]] std::shared_ptr<net::BodySource> body_of(CommandOutput output,
                                                       boost::asio::any_io_executor commands);

}  // namespace causeway::gateway
