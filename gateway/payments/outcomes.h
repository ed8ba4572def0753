// SPDX-License-Identifier: Apache-2.0
//
// The steps that follow a provider's word, or its silence.
//
// One function for every kind of operation, whoever waits for it: the request that sent it, or
// the janitor after a time-out or a restart. An outcome that comes for an operation which is
// closed already changes nothing.
#pragma once

#include "gateway/payments/steps.h"

namespace causeway::gateway {

/// Writes what became of `sent`. With a caller, the step ends in an answer or in the next
/// operation of the same request; without one it ends in nothing, or in the next operation.
[[nodiscard]] Result<Step> apply_outcome(ledger::Transaction& tx,
                                         const Workshop& shop,
                                         const std::optional<Caller>& caller,
                                         const OperationRow& sent,
                                         const Result<connectors::Answer>& outcome);

/// Writes what an inquiry found. An operation that is not unknown any more is left alone.
[[nodiscard]] Result<Step> apply_finding(ledger::Transaction& tx,
                                         const Workshop& shop,
                                         const OperationRow& asked,
                                         const Result<connectors::Finding>& finding);

/// Takes an open operation up again: counts the try, renews the lease, and says what to send.
/// An authorisation, sale, increment or refund that may have been sent is not sent again: it
/// becomes unknown, and the step ends in nothing. An unknown one is asked for.
[[nodiscard]] Result<Step> take_up(ledger::Transaction& tx,
                                   const Workshop& shop,
                                   const Uuid& operation);

/// Answers a request whose process died, with what its payment looks like now.
[[nodiscard]] Result<void> answer_abandoned(ledger::Transaction& tx, const Abandoned& request);

/// How long to wait before try number `tries` + 1: 10 s, 30 s, 60 s, then 5 min.
[[nodiscard]] std::chrono::seconds retry_after(int tries) noexcept;

}  // namespace causeway::gateway
