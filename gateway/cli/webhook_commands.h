// SPDX-License-Identifier: Apache-2.0
//
// "webhooks ...", "events ..." and "trigger": what merchants are told, seen by the operator.
// Everything is asked for by merchant and mode; the mode is test unless it is said.
#pragma once

#include "gateway/cli/command.h"

namespace causeway::gateway {

/// Options: merchant, mode.
[[nodiscard]] CommandOutput webhooks_list(CommandContext& context, const CommandRequest& request);
/// Options: merchant, mode, url, events (comma list), signing. Shows the secret once.
[[nodiscard]] CommandOutput webhooks_create(CommandContext& context, const CommandRequest& request);
/// Argument: we_...
[[nodiscard]] CommandOutput webhooks_delete(CommandContext& context, const CommandRequest& request);
/// Argument: we_...; shows the new secret once.
[[nodiscard]] CommandOutput webhooks_rotate(CommandContext& context, const CommandRequest& request);

/// Options: merchant, mode, limit.
[[nodiscard]] CommandOutput events_list(CommandContext& context, const CommandRequest& request);
/// Argument: evt_...; options: merchant, mode. With its attempts.
[[nodiscard]] CommandOutput events_show(CommandContext& context, const CommandRequest& request);
/// Argument: evt_...; options: merchant, mode.
[[nodiscard]] CommandOutput events_redeliver(CommandContext& context,
                                             const CommandRequest& request);
/// Options: merchant, mode, after (evt_...; empty: none, only where the list ends). For `listen`:
/// a JSON list, oldest first, of at most 100.
[[nodiscard]] CommandOutput events_after(CommandContext& context, const CommandRequest& request);

/// Argument: an event type; option: merchant. Always in test mode.
[[nodiscard]] CommandOutput trigger_event(CommandContext& context, const CommandRequest& request);

}  // namespace causeway::gateway
