// SPDX-License-Identifier: Apache-2.0
//
// The totals of a day as 0500 and 0520 compare them.
#pragma once

#include "connectors/card/message.h"
#include "connectors/card/sandbox/books.h"
#include "ledger/clock.h"

namespace causeway::connectors::card::sandbox {

/// Sets DE66 (1 in balance, 2 out of balance, 3 cannot be compared) and DE39 of the answer to a
/// 0500 or 0520. DE15 names the day, DE50 the currency; of DE74-77 and DE86-89 those that are
/// there are compared. 0500 out of balance is declined with 95; 0520 never is.
[[nodiscard]] Message reconcile_totals(const Message& message, const Books& books, Timestamp now);

}  // namespace causeway::connectors::card::sandbox
