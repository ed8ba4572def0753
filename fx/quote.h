// SPDX-License-Identifier: Apache-2.0
//
// A quote is a promise: this much of one currency is that much of another until a moment. It is
// made once and never recomputed; what is captured and refunded later draws on its two amounts.
// The terms of its corridor are copied into it, so a later change of the corridor changes nothing.
#pragma once

#include "fx/corridor.h"
#include "fx/decimal.h"
#include "fx/rate_book.h"
#include "ledger/clock.h"
#include "ledger/currency.h"
#include "ledger/id.h"
#include "ledger/money.h"
#include "ledger/result.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace causeway::fx {

/// How ids of quotes begin: "fxq_01J...".
inline constexpr std::string_view kQuotePrefix = "fxq";

/// What a JSON number carries exactly everywhere, 2^53 - 1. Units: minor units.
inline constexpr std::int64_t kQuoteAmountMax = 9'007'199'254'740'991;

enum class QuoteStatus { open, consumed, expired };

[[nodiscard]] std::string_view to_string(QuoteStatus status) noexcept;

/// target = source * rate, rounded by `rounding`, less `fee`; whichever of the two amounts was
/// asked for is exactly that.
///
/// Units: both rates are units of target per one unit of source.
struct Quote {
    Uuid id;
    Uuid merchant;
    bool livemode = false;
    ledger::Money source;  ///< What the buyer gives, all included.
    ledger::Money target;  ///< What the merchant gets, all deducted.
    Decimal mid_rate;      ///< Before the markup.
    /// Applied: the mid rate less the markup; see Bearer. With favour_operator all its digits are
    /// cut, so without a markup it can be one less in the last digit than mid_rate.
    Decimal rate;
    int markup_bps = 0;
    /// The corridor's fixed fee, whoever bears it. Units: minor units of the target currency.
    std::int64_t fee = 0;
    RoundingSide rounding = RoundingSide::nearest;
    Bearer bearer = Bearer::merchant;
    std::string rate_source;  ///< Who published the rates: "ECB".
    Day rate_date;            ///< The day for which they were published.
    Timestamp created_at;     ///< Whole microseconds.
    Timestamp expires_at;     ///< The first moment at which the quote is no longer valid.
    std::optional<Uuid> consumed_by = {};  ///< The payment that uses it.
    bool automatic = false;                ///< Made for a payment that named none.

    friend bool operator==(const Quote&, const Quote&) = default;
};

[[nodiscard]] QuoteStatus status_at(const Quote& quote, Timestamp now) noexcept;

/// Whether a payment may still be sent at this rate. Asked when the quote is consumed and again at
/// the moment of sending, which may come later.
[[nodiscard]] bool still_valid(const Quote& quote, Timestamp now) noexcept;

/// Exactly one of the two amounts is set.
struct QuoteRequest {
    Uuid merchant;
    bool livemode = false;
    ledger::Currency source;
    ledger::Currency target;
    std::optional<std::int64_t> source_amount = {};  ///< Units: minor units of `source`.
    std::optional<std::int64_t> target_amount = {};  ///< Units: minor units of `target`.
    /// None: five minutes, or what of the corridor's bounds is nearest to them.
    std::optional<std::chrono::seconds> valid_for = {};
    /// As long as the corridor allows, whatever `valid_for` says: for the payment's own quote.
    bool longest = false;
};

/// What quotes are made from.
///
/// Lifetime: everything referred to outlives it.
struct QuoteSources {
    const RateBook& rates;
    const Clock& clock;
    IdSource& ids;
    const Corridors& corridors;
};

/// Makes a quote. It is a promise only once it is stored; see quotes_store.h.
///
/// With source_amount the target is its conversion less the fee. With target_amount the target is
/// exactly that, and the source is what target and fee take: the exact amount to the nearest, or
/// one unit more where less would not convert to them; with a side that a source is rounded for,
/// the exact amount cut or rounded up. See RoundingSide.
///
/// Errors: `invalid_argument` for equal currencies, none or both of the amounts, an amount below
/// 1, valid_for outside the corridor's limits, and an amount that converts to nothing or to less
/// than the fee; `limit_exceeded` for a source amount outside the corridor's; `unavailable` when no
/// rates are loaded; `expired` when they are too old; `not_found` when they lack a currency or no
/// corridor fits; `amount_overflow` when an amount is or becomes more than kQuoteAmountMax.
[[nodiscard]] Result<Quote> make_quote(const QuoteRequest& request, const QuoteSources& from);

/// The same from `rates` instead of the newest, so that several quotes are of one moment.
///
/// Errors: as above, without `unavailable`.
[[nodiscard]] Result<Quote> make_quote(const QuoteRequest& request,
                                       const QuoteSources& from,
                                       const RateSnapshot& rates);

/// What the first `cumulative_source` minor units of the quote's source are worth in the target:
/// proportional, rounded to the side to which the quote's target was: cut for the operator, up for
/// the merchant, else to the nearest, a tie to the even unit. The whole source gives exactly the
/// quoted target, so the differences between successive captures or refunds never lose a unit.
///
/// Errors: `limit_exceeded` unless 0 <= cumulative_source <= the quote's source amount.
[[nodiscard]] Result<ledger::Money> target_of(const Quote& quote, std::int64_t cumulative_source);

/// The same at the mid rate: the worth before the markup.
///
/// Errors: as target_of(); `amount_overflow`.
[[nodiscard]] Result<ledger::Money> mid_value_of(const Quote& quote,
                                                 std::int64_t cumulative_source);

/// What a stretch of the source is in the target currency.
/// Invariant: mid_value = target + fee + margin + what is left to rounding, which may be negative.
///
/// Units: minor units of the target currency.
struct QuotePart {
    std::int64_t target = 0;     ///< The merchant's.
    std::int64_t mid_value = 0;  ///< At the mid rate.
    std::int64_t margin = 0;     ///< The markup's share of mid_value, half-even.
    std::int64_t fee = 0;        ///< The share of the fixed fee, half-even.

    friend bool operator==(const QuotePart&, const QuotePart&) = default;
};

/// The stretch that begins after the first `before` minor units of the source and is `length` long.
/// Each member is the difference of two running totals: however a stretch is cut, its parts sum to
/// it in every member, so refunds of all that was captured return exactly what the captures gave.
///
/// Errors: `limit_exceeded` unless the stretch lies within the quote; `amount_overflow`.
[[nodiscard]] Result<QuotePart> part_of(const Quote& quote,
                                        std::int64_t before,
                                        std::int64_t length);

}  // namespace causeway::fx
