// SPDX-License-Identifier: Apache-2.0
//
// A quote is a promise: this much of one currency is that much of another until a moment. It is
// made once and never recomputed; what is captured and refunded later draws on its two amounts.
#pragma once

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

inline constexpr std::chrono::seconds kQuoteValidMin{5};
inline constexpr std::chrono::seconds kQuoteValidMax{86'400};

/// What a JSON number carries exactly everywhere, 2^53 - 1. Units: minor units.
inline constexpr std::int64_t kQuoteAmountMax = 9'007'199'254'740'991;

enum class QuoteStatus { open, consumed, expired };

[[nodiscard]] std::string_view to_string(QuoteStatus status) noexcept;

/// Units: both rates are units of target per one unit of source.
struct Quote {
    Uuid id;
    Uuid merchant;
    bool livemode = false;
    ledger::Money source;  ///< What the buyer gives.
    ledger::Money target;  ///< What the merchant gets.
    Decimal mid_rate;      ///< Before the markup.
    Decimal rate;          ///< Applied: mid_rate less the markup.
    int markup_bps = 0;
    std::string rate_source;  ///< Who published the rates: "ECB".
    Day rate_date;            ///< The day for which they were published.
    Timestamp created_at;     ///< Whole microseconds.
    Timestamp expires_at;     ///< The first moment at which the quote is no longer valid.
    std::optional<Uuid> consumed_by = {};  ///< The payment that uses it.

    friend bool operator==(const Quote&, const Quote&) = default;
};

[[nodiscard]] QuoteStatus status_at(const Quote& quote, Timestamp now) noexcept;

/// Exactly one of the two amounts is set.
struct QuoteRequest {
    Uuid merchant;
    bool livemode = false;
    ledger::Currency source;
    ledger::Currency target;
    std::optional<std::int64_t> source_amount = {};  ///< Units: minor units of `source`.
    std::optional<std::int64_t> target_amount = {};  ///< Units: minor units of `target`.
    int markup_bps = 0;
    std::chrono::seconds valid_for{300};
};

/// What quotes are made from.
///
/// Lifetime: everything referred to outlives it.
struct QuoteSources {
    const RateBook& rates;
    const Clock& clock;
    IdSource& ids;
    /// Age at which rates are refused. The longest silence of the European Central Bank is Easter:
    /// from Thursday to Tuesday.
    std::chrono::days rate_age_max{7};
};

/// Makes a quote. It is a promise only once it is stored; see quotes_store.h.
///
/// With source_amount the target is its conversion. With target_amount the target is exactly
/// that, and the source the smallest amount whose conversion reaches it.
///
/// Errors: `invalid_argument` for equal currencies, none or both of the amounts, an amount below
/// 1, valid_for or markup_bps outside their limits, and an amount that converts to nothing;
/// `unavailable` when no rates are loaded; `expired` when they are too old; `not_found` when they
/// lack a currency; `amount_overflow` when an amount is or becomes more than kQuoteAmountMax.
[[nodiscard]] Result<Quote> make_quote(const QuoteRequest& request, const QuoteSources& from);

/// What the first `cumulative_source` minor units of the quote's source are worth in the target:
/// proportional, a tie to the even unit. The whole source gives exactly the quoted target, so the
/// differences between successive captures or refunds never lose a unit.
///
/// Errors: `limit_exceeded` unless 0 <= cumulative_source <= the quote's source amount.
[[nodiscard]] Result<ledger::Money> target_of(const Quote& quote, std::int64_t cumulative_source);

/// The same at the mid rate: the worth before the markup.
///
/// Errors: as target_of(); `amount_overflow`.
[[nodiscard]] Result<ledger::Money> mid_value_of(const Quote& quote,
                                                 std::int64_t cumulative_source);

}  // namespace causeway::fx
