// SPDX-License-Identifier: Apache-2.0
//
// "db ...": copies of the whole database, and the way back. The one room in which commands write
// files of their own: a database is too large to be handed through the admin socket.
#pragma once

#include "gateway/cli/command.h"

#include <string>

namespace causeway::gateway {

/// Argument: the file to make, an absolute path as the process that owns the database sees it.
/// Exit 1 when the books of the copy do not verify; then it is kept only with --keep-broken.
[[nodiscard]] CommandOutput db_backup(CommandContext& context, const CommandRequest& request);

/// Argument: the backup. Fills the database of `url`, which nobody has open, or --to instead; exit
/// 1 when the books of the backup do not verify.
[[nodiscard]] CommandOutput db_restore(const std::string& url, const CommandRequest& request);

}  // namespace causeway::gateway
