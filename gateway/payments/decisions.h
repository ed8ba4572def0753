// SPDX-License-Identifier: Apache-2.0
//
// A person decides what no provider will say: an operation whose amount stands in suspense.
#pragma once

#include "gateway/payments/records.h"

#include <string>

namespace causeway::gateway {

struct Decision {
    Uuid operation;
    bool approved = false;
    std::string reason;  ///< Kept in the timeline. No personal data.
    std::string by;      ///< Who decided.
    bool force = false;  ///< Although a reversal may have reached the provider.
};

/// Carries the operation on as if the provider had said so, and takes it and its reversal off the
/// janitor's list. What follows, such as the capture of an authorisation, is left to the janitor.
///
/// Errors: `not_found`; `conflict` when the operation is not in doubt, and without `force` when it
/// is approved while a reversal of it may be out (the provider may undo what is believed here),
/// or when a reversal is still to give back what was approved in part. `conflict` also for the
/// approval of a late reversal while the merchant is credited with what it undid.
[[nodiscard]] Result<Payment> decide(ledger::Transaction& tx,
                                     const Workshop& shop,
                                     const Decision& decision);

/// Hands what a step wants sent over to the janitor: for callers that cannot send.
[[nodiscard]] Result<void> leave_to_janitor(ledger::Transaction& tx,
                                            const Workshop& shop,
                                            const Step& step);

}  // namespace causeway::gateway
