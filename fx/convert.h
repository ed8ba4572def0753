// SPDX-License-Identifier: Apache-2.0
//
// Turning an amount in one currency into an amount in another, exactly, with one rounding at the
// end. Minor units differ (JPY has none, KWD three decimals); both exponents are applied here, so
// nobody else multiplies an amount by a rate.
#pragma once

#include "fx/decimal.h"
#include "ledger/money.h"
#include "ledger/result.h"

namespace causeway::fx {

/// `amount` times `rate`, rounded to the minor unit of `target`; unless told otherwise to the
/// nearest, a tie to the even one.
///
/// Units: `rate` is units of `target` per one unit of amount.currency() (whole units, not minor).
/// Errors: `amount_overflow`.
[[nodiscard]] Result<ledger::Money> convert(
    const ledger::Money& amount,
    const Decimal& rate,
    ledger::Currency target,
    ledger::Rounding rounding = ledger::Rounding::half_even);

/// `amount` divided by `rate`, rounded to the minor unit of `source`: the way back.
///
/// Units: `rate` is units of amount.currency() per one unit of `source`.
/// Errors: `invalid_argument` unless `rate` is positive; `amount_overflow`.
[[nodiscard]] Result<ledger::Money> convert_back(const ledger::Money& amount,
                                                 const Decimal& rate,
                                                 ledger::Currency source,
                                                 ledger::Rounding rounding);

/// The smallest amount in `source` whose convert() at `rate` reaches `wanted`. Where the source's
/// minor unit is worth more than the target's, its conversion can exceed `wanted`.
///
/// Units: `rate` is units of wanted.currency() per one unit of `source`.
/// Errors: `invalid_argument` unless `wanted` and `rate` are positive; `amount_overflow`.
[[nodiscard]] Result<ledger::Money> amount_for(const ledger::Money& wanted,
                                               const Decimal& rate,
                                               ledger::Currency source);

}  // namespace causeway::fx
