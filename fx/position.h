// SPDX-License-Identifier: Apache-2.0
//
// What the operator holds of one currency against another, what it cost and what it made.
//
// There is no table of positions: a position is what the pair's accounts in the own fund say. The
// trading accounts hold the mirror of what is held, as in any trading account: a pair that bought
// 100 USD for 85 EUR has -100 USD and +85 EUR in them.
//
// Payments and their refunds move a position at their own mid rate and realise nothing. What closes
// it - a hedge, the provider's settlement - takes cost out at the average of all that is open; the
// rest of what it brought is realised.
#pragma once

#include "fx/decimal.h"
#include "ledger/currency.h"
#include "ledger/journal/account.h"
#include "ledger/journal/entry.h"
#include "ledger/money.h"
#include "ledger/result.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::fx {

/// Two currencies in the order in which payments turn the first into the second.
struct Pair {
    ledger::Currency base;
    ledger::Currency counter;
    bool livemode = true;

    /// How the journal names the owner of its accounts: "USD/EUR", "test/USD/EUR".
    [[nodiscard]] std::string owner() const;
    /// The inverse of owner(). Errors: `not_found` for anything else.
    static Result<Pair> of_owner(std::string_view owner);

    friend bool operator==(const Pair&, const Pair&) = default;
};

/// Gains are positive here, as a reader expects; in the journal they are credits.
///
/// Units: `open` in minor units of the base currency, all others of the counter currency.
struct Position {
    Pair pair;
    std::int64_t open = 0;        ///< Held; negative when more was given away than taken.
    std::int64_t cost = 0;        ///< What was given for it; negative for what was received.
    std::int64_t margin = 0;      ///< Markups of the quotes.
    std::int64_t fees = 0;        ///< Their fixed fees.
    std::int64_t realised = 0;    ///< By what closed the position.
    std::int64_t unrealised = 0;  ///< As it is booked: of the last revaluation, until its reversal.

    friend bool operator==(const Position&, const Position&) = default;
};

/// The positions that these balances of the journal are, in order of the owner's name. Owners that
/// name no pair have none.
///
/// Errors: `integrity` when a pair has a balance in a third currency.
[[nodiscard]] Result<std::vector<Position>> positions_of(
    std::span<const ledger::AccountBalance> balances);

/// Units of counter per one unit of base that the open amount cost, to kRateDigits; none when
/// nothing is open, or when so much was made already that the cost has another sign.
///
/// Errors: as Decimal::ratio().
[[nodiscard]] Result<std::optional<Decimal>> average_rate(const Position& position);

/// The worth of the open amount at `mid`, half-even. Units: counter per base.
///
/// Errors: `amount_overflow`.
[[nodiscard]] Result<ledger::Money> market_value(const Position& position, const Decimal& mid);

/// What closing all of it at `mid` would realise: market value less cost.
///
/// Errors: `amount_overflow`.
[[nodiscard]] Result<ledger::Money> unrealised_at(const Position& position, const Decimal& mid);

/// What is bought and what is paid for it; both negative for a sale.
struct Trade {
    std::int64_t base = 0;     ///< Units: minor units of the base currency.
    std::int64_t counter = 0;  ///< Units: minor units of the counter currency.
};

/// Where the money of a trade comes from and goes to: an account of the own fund in each currency.
struct TradeAccounts {
    ledger::AccountKey base;
    ledger::AccountKey counter;
};

/// A position after a trade.
struct Traded {
    Position after;
    std::int64_t realised = 0;  ///< By this trade. Units: minor units of the counter currency.
};

/// Takes the trade's closing part out at average cost, half-even, the whole taking the whole; what
/// goes beyond the open amount opens the other way at the trade's own rate.
///
/// Errors: `amount_overflow`; `invalid_argument` when the trade has no base amount.
[[nodiscard]] Result<Traded> apply(const Position& position, const Trade& trade);

/// The lines of apply() in the own fund; with them the journal says what `after` says.
[[nodiscard]] Result<std::vector<ledger::Line>> trade_lines(const Position& position,
                                                            const Trade& trade,
                                                            const TradeAccounts& accounts);

/// Refunds at their own rate can leave a cost where nothing is open any more. It is a result: these
/// lines realise it. None when there is nothing to do.
[[nodiscard]] std::vector<ledger::Line> residue_lines(const Position& position);

/// Books what is unrealised at the day's `mid`, into accounts of its own: the position itself stays
/// at cost. None when there is nothing. Requires that the last revaluation was reversed.
///
/// Errors: `conflict` when it was not; `amount_overflow`.
[[nodiscard]] Result<std::vector<ledger::Line>> revaluation_lines(const Position& position,
                                                                  const Decimal& mid);

/// Undoes what revaluation stands in the books. None when there is none.
[[nodiscard]] std::vector<ledger::Line> reversal_lines(const Position& position);

}  // namespace causeway::fx
