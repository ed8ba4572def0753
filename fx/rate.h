// SPDX-License-Identifier: Apache-2.0
//
// Rates, and the reference table of one day from which any pair is derived.
//
// A rate without its direction, its source and its date is a rumour: Rate carries all three. The
// table quotes everything against one base currency, as the European Central Bank does with the
// euro.
#pragma once

#include "fx/decimal.h"
#include "ledger/clock.h"
#include "ledger/currency.h"
#include "ledger/result.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::fx {

/// Digits to which a derived rate is rounded: enough for any amount a payment has, few enough to
/// print, and a fixed rule, so that an outsider computes the same rate from the two published ones.
inline constexpr int kRateDigits = 10;

/// Units: `value` is units of `target` per one unit of `source`.
struct Rate {
    ledger::Currency source;
    ledger::Currency target;
    Decimal value;
    std::string publisher;  ///< Who says so: "ECB".
    Day day;                ///< The day for which it was published.

    friend bool operator==(const Rate&, const Rate&) = default;
};

/// Units: `per_base` is units of `currency` per one unit of the table's base currency.
struct ReferenceRate {
    ledger::Currency currency;
    Decimal per_base;

    friend bool operator==(const ReferenceRate&, const ReferenceRate&) = default;
};

/// What a publisher said on one day about its base currency.
///
/// Threads: immutable once built; share freely.
class ReferenceTable {
  public:
    /// Errors: `invalid_argument` when there is no rate, one is zero, a currency occurs twice, or
    /// the base itself is listed with another rate than 1.
    static Result<ReferenceTable> make(std::string publisher,
                                       ledger::Currency base,
                                       Day day,
                                       std::vector<ReferenceRate> rates);
    /// The same against the euro.
    static Result<ReferenceTable> make(std::string publisher,
                                       Day day,
                                       std::vector<ReferenceRate> rates);

    [[nodiscard]] const std::string& publisher() const noexcept { return publisher_; }
    [[nodiscard]] Day day() const noexcept { return day_; }
    [[nodiscard]] ledger::Currency base() const noexcept { return base_; }
    /// In order of code, without the base.
    [[nodiscard]] std::span<const ReferenceRate> rates() const noexcept { return rates_; }

    /// Whether `currency` is the base or has a rate. Does not allocate.
    [[nodiscard]] bool has(ledger::Currency currency) const noexcept;

    /// Units of `currency` per one unit of the base; 1 for the base itself.
    ///
    /// Errors: `not_found` when this day has no rate for it.
    [[nodiscard]] Result<Decimal> per_base(ledger::Currency currency) const;

    /// The rate of any pair: per_base(target) / per_base(source), with kRateDigits significant
    /// digits, unless told otherwise to the nearest, a tie to the even neighbour. Does not allocate
    /// unless it fails.
    ///
    /// Errors: `not_found`; `amount_overflow` when it can not be written.
    [[nodiscard]] Result<Decimal> cross(
        ledger::Currency source,
        ledger::Currency target,
        ledger::Rounding rounding = ledger::Rounding::half_even) const;

    /// cross() with everything that belongs to a rate.
    [[nodiscard]] Result<Rate> rate(ledger::Currency source, ledger::Currency target) const;

    friend bool operator==(const ReferenceTable&, const ReferenceTable&) = default;

  private:
    ReferenceTable(std::string publisher,
                   ledger::Currency base,
                   Day day,
                   std::vector<ReferenceRate> rates)
        : publisher_(std::move(publisher)), base_(base), day_(day), rates_(std::move(rates)) {}

    [[nodiscard]] const ReferenceRate* find(ledger::Currency currency) const noexcept;

    std::string publisher_;
    ledger::Currency base_;
    Day day_;
    std::vector<ReferenceRate> rates_;
};

/// mid * (10000 - markup_bps) / 10000 with kRateDigits significant digits, unless told otherwise to
/// the nearest, a tie to the even neighbour: what is left of the mid rate for the one who receives
/// the target currency.
///
/// Errors: `invalid_argument` unless 0 <= markup_bps < 10000; `amount_overflow`.
[[nodiscard]] Result<Decimal> with_markup(const Decimal& mid,
                                          int markup_bps,
                                          ledger::Rounding rounding = ledger::Rounding::half_even);

}  // namespace causeway::fx
