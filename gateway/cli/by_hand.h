// SPDX-License-Identifier: Apache-2.0
//
// A step of a payment that an operator begins, on behalf of the payment's merchant.
#pragma once

#include "gateway/cli/command.h"
#include "gateway/payments/payment.h"
#include "gateway/payments/steps.h"

#include <functional>
#include <string>

namespace causeway::gateway {

/// The merchant without an idempotency key, and the payment as it is.
struct HandCase {
    ledger::Transaction& tx;
    const Workshop& shop;
    const Caller& caller;
    const Payment& payment;
};
using HandStep = std::function<Result<Step>(const HandCase&)>;

struct HandWish {
    Uuid payment;
    std::string object;  ///< What it is done to, such as "pay_..." or "dp_...".
    std::string what;    ///< "capture", "cancel", ...; in the timeline.
    HandStep step;
};

struct HandResult {
    Payment payment;
    std::string subject;   ///< Of the operation that is left to be sent; may be empty.
    bool is_sent = false;  ///< Something goes to the provider now.
    std::string body;      ///< What the API would have answered, when nothing needs to be sent.
};

/// Runs it in a transaction of its own, notes who did it, and leaves the sending to the janitor.
///
/// Errors: `conflict` when the step was refused; then nothing was written.
/// Requires: context.shop.
[[nodiscard]] Result<HandResult> do_by_hand(CommandContext& context,
                                            const CommandRequest& request,
                                            const HandWish& wish);

/// Who stands in the timeline.
[[nodiscard]] std::string operator_of(const CommandRequest& request);

/// As failed(), but a refusal is the caller's mistake.
[[nodiscard]] CommandOutput refused(const Error& error);

/// Why a command that needs_gateway() can not run here.
[[nodiscard]] CommandOutput no_gateway();

/// Reads "12.00": exactly the currency's decimals, more than nothing.
///
/// Errors: `invalid_argument`, `amount_overflow`.
[[nodiscard]] Result<std::int64_t> read_hand_amount(const std::string& text,
                                                    const ledger::Currency& currency);

}  // namespace causeway::gateway
