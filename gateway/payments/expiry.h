// SPDX-License-Identifier: Apache-2.0
//
// What happens to an authorisation that nobody captured in time.
#pragma once

#include "gateway/payments/records.h"

namespace causeway::gateway {

/// Ends the authorisation of `payment`: what was captured stands, the rest is given back to the
/// provider by an operation that the janitor sends. A payment with a capture or an increment under
/// way is left for ten minutes more: the provider has the last word on those. So is one whose
/// connector the configuration does not name.
[[nodiscard]] Result<void> expire_authorisation(Records& records, Payment& payment);

/// The same for every payment whose time has run out. Returns how many were touched; fewer than
/// `limit` means that no more are due.
[[nodiscard]] Result<int> expire_due(ledger::Transaction& tx, const Workshop& shop, int limit);

}  // namespace causeway::gateway
