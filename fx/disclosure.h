// SPDX-License-Identifier: Apache-2.0
//
// What a buyer must see before agreeing to pay in another currency: both amounts, the rate, and
// the whole cost as one percentage over the reference rate. Facts only; words are the page's.
#pragma once

#include "fx/quote.h"
#include "ledger/clock.h"
#include "ledger/money.h"
#include "ledger/result.h"

#include <string>

namespace causeway::fx {

/// Source: Regulation (EC) 924/2009, article 3a, inserted by Regulation (EU) 2019/518: the total
/// conversion charges as a percentage over the latest euro reference rate of the European Central
/// Bank, and the amount in both currencies, before the payment. The percentage is over the rates of
/// `rate_source`; only where that is "ECB" is it the Regulation's.
struct Disclosure {
    ledger::Money total;     ///< What the buyer pays, all included.
    ledger::Money receives;  ///< What the merchant gets.
    Decimal mid_rate;        ///< Units: as Quote.
    Decimal rate;
    /// (total at the mid rate - receives) / receives: spread, fee and rounding together. Two
    /// decimals, rounded up, so that it never says less than is charged; below zero when the
    /// rounding gave more than the rest took.
    std::string markup_percent;
    ledger::Money fee;  ///< In the currency of `receives`; contained in the percentage.
    RoundingSide rounding;
    Bearer bearer;
    std::string rate_source;
    Day rate_date;
    Timestamp valid_until;  ///< The first moment at which none of this is true.
};

/// Errors: `amount_overflow`, for amounts that no quote of ours has.
[[nodiscard]] Result<Disclosure> disclosure_of(const Quote& quote);

}  // namespace causeway::fx
