// SPDX-License-Identifier: Apache-2.0
//
// Rates that leapt and wait for a human: a slipped decimal point and a devaluation look alike, and
// only somebody who reads the news can tell them apart.
#pragma once

#include "fx/rates_store.h"
#include "ledger/clock.h"
#include "ledger/currency.h"
#include "ledger/result.h"
#include "ledger/store/database.h"

#include <string_view>
#include <vector>

namespace causeway::fx {

/// Every held rate, by source, day and currency.
///
/// Errors: `integrity` when a stored row makes no sense; `storage`.
[[nodiscard]] Result<std::vector<StoredRate>> list_held_rates(ledger::Transaction& transaction);

struct RateDecision {
    std::string_view source;
    Day day;
    ledger::Currency currency;
    std::string_view reason;  ///< Of the human; kept with the rate.
    Timestamp now;
    int jump_limit_bps = kJumpLimitBps;  ///< 0: no other rate is released with it.
};

/// Makes the held rate current, and with it the held ones of the days behind it that follow without
/// another leap, up to the first day that has a current rate: what comes after that leapt from
/// another rate, which nobody has doubted. Gives what is current now, oldest first.
///
/// Errors: `not_found` when no such rate is held; `invalid_argument` without a reason; `storage`.
[[nodiscard]] Result<std::vector<StoredRate>> release_rate(ledger::Transaction& transaction,
                                                           const RateDecision& decision);

/// Leaves the held rate out for good; an import that brings that number again changes nothing. The
/// source may still publish another for that day.
///
/// Errors: as release_rate().
[[nodiscard]] Result<void> reject_rate(ledger::Transaction& transaction,
                                       const RateDecision& decision);

}  // namespace causeway::fx
