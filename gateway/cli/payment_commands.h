// SPDX-License-Identifier: Apache-2.0
//
// "payments ...", "refunds ..." and "disputes ...": what an operator sees of merchants' payments,
// and does to them by hand.
//
// What a command begins is the same step as the API's, written in the timeline with the operator's
// name; the janitor of the gateway sends it. So those that change something need the gateway.
// Options of all that change something: by (who does it).
#pragma once

#include "gateway/cli/command.h"

namespace causeway::gateway {

/// Whether the command can only run in a process that has connectors.
[[nodiscard]] bool needs_gateway(const CommandRequest& request);

/// Options: in-doubt (a flag), merchant, limit. With in-doubt a line for each operation.
[[nodiscard]] CommandOutput payments_list(CommandContext& context, const CommandRequest& request);
/// Argument: pay_... No personal data, and of a card its brand and last four digits.
[[nodiscard]] CommandOutput payments_show(CommandContext& context, const CommandRequest& request);
/// Argument: op_...; options: outcome (approved, declined), reason.
[[nodiscard]] CommandOutput payments_decide(CommandContext& context, const CommandRequest& request);
/// Argument: pay_...; options: amount (as for refunds_create()), final (a flag).
[[nodiscard]] CommandOutput payments_capture(CommandContext& context,
                                             const CommandRequest& request);
/// Argument: pay_...
[[nodiscard]] CommandOutput payments_cancel(CommandContext& context, const CommandRequest& request);

/// Options: merchant or payment; limit.
[[nodiscard]] CommandOutput refunds_list(CommandContext& context, const CommandRequest& request);
/// Options: payment, reason, amount: with exactly the currency's decimals, such as 12.00 USD or
/// 1200 JPY; anything else is refused, so that minor units can not be taken for major ones.
[[nodiscard]] CommandOutput refunds_create(CommandContext& context, const CommandRequest& request);

/// Options: merchant or payment; limit.
[[nodiscard]] CommandOutput disputes_list(CommandContext& context, const CommandRequest& request);
/// Argument: dp_... The evidence stays sealed.
[[nodiscard]] CommandOutput disputes_show(CommandContext& context, const CommandRequest& request);
/// Argument: dp_...
[[nodiscard]] CommandOutput disputes_accept(CommandContext& context, const CommandRequest& request);
/// Argument: dp_...; a file: a JSON object of texts.
[[nodiscard]] CommandOutput disputes_evidence(CommandContext& context,
                                              const CommandRequest& request);

}  // namespace causeway::gateway
