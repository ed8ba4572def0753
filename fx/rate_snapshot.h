// SPDX-License-Identifier: Apache-2.0
//
// Every source's newest rates at one moment, and the choice between them. It never changes; when
// rates come, another takes its place (rate_book.h).
//
// Which rate a pair gets: the first source by priority that serves both currencies, has them on
// one and the same day, and is not stale. Both legs come from that one source and day, because
// legs of two days or two publishers make a rate at which nobody ever dealt. Only when no source
// has both, the rate goes through a third currency, the base of a source, and says so; two halves
// of one publisher are of one day there too.
#pragma once

#include "fx/rate.h"
#include "ledger/calendar/calendar.h"
#include "ledger/clock.h"
#include "ledger/currency.h"
#include "ledger/result.h"

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::fx {

/// How old rates are on `today`. Units: calendar days since the last day on which nothing newer
/// was due.
///
/// Rates of a day are as good as new until the day before `calendar` is next open: on the Monday
/// after Easter those of Thursday have age 0 and on Tuesday, when new ones are due, age 1. From
/// then on every calendar day counts. Where the calendar does not know, every day counts from the
/// first.
[[nodiscard]] std::chrono::days rate_age(Day rates, Day today, const ledger::Calendar& calendar);

/// Rates are stale when their rate_age() on `today` is more than `age_max`.
struct Freshness {
    Day today;
    std::chrono::days age_max{4};
};

/// What one source has.
struct SourceRates {
    int priority = 100;  ///< The smallest is asked first.
    const ledger::Calendar* calendar =
        nullptr;  ///< On which days it publishes. Lifetime: the program's.
    std::vector<ledger::Currency> currencies = {};  ///< For these alone; empty: for all.
    std::vector<ReferenceTable> tables = {};  ///< Of one publisher and base; newest day first.
};

/// Units: `value` is units of target per one unit of source.
///
/// Lifetime: of what it points to, the snapshot's.
struct MidRate {
    Decimal value;
    Decimal cut;                   ///< Its digits cut where those of `value` are rounded.
    Day day;                       ///< Of the rates; of the older ones when there are two.
    std::string_view publisher;    ///< "ECB".
    std::string_view second = {};  ///< Who gave the second half, if somebody else did.
    std::optional<ledger::Currency> via = {};  ///< Between the two halves.

    /// "ECB", or "ECB+desk".
    [[nodiscard]] std::string publishers() const;
};

/// Threads: immutable once built; share freely.
class RateSnapshot {
  public:
    /// Errors: `invalid_argument` when a source has no calendar or no table, its tables are of
    /// several publishers or bases or not newest first, or two sources have one publisher.
    static Result<RateSnapshot> make(std::vector<SourceRates> sources);

    /// A single source with a single table, published on the days of its base currency.
    static RateSnapshot of(ReferenceTable table);

    /// The mid rate of a pair, with kRateDigits significant digits, a tie to the even neighbour;
    /// through a third currency both halves and their product are rounded so. No table older than
    /// `freshness` is used. Does not allocate unless it fails.
    ///
    /// Errors: `expired` when there are only stale rates; `not_found` when there are none;
    /// `amount_overflow` as ReferenceTable::cross().
    [[nodiscard]] Result<MidRate> mid(ledger::Currency source,
                                      ledger::Currency target,
                                      const Freshness& freshness) const;

    /// The same, however old: for showing, not for promising.
    [[nodiscard]] Result<MidRate> mid(ledger::Currency source, ledger::Currency target) const;

    /// The currencies with a mid() into `target`, in order of code, without itself.
    [[nodiscard]] std::vector<ledger::Currency> quotable(ledger::Currency target,
                                                         const Freshness& freshness) const;

    /// In order of priority, then of publisher.
    [[nodiscard]] std::span<const SourceRates> sources() const noexcept { return sources_; }

    /// The newest table of the source that is asked first; for those who show one table.
    [[nodiscard]] const ReferenceTable& front() const noexcept {
        return sources_.front().tables.front();
    }
    /// The newest day of all sources.
    [[nodiscard]] Day day() const noexcept;

    /// Whether every source is stale.
    [[nodiscard]] bool is_stale(const Freshness& freshness) const;

  private:
    struct Choice;

    explicit RateSnapshot(std::vector<SourceRates> sources);

    [[nodiscard]] Result<MidRate> choose(ledger::Currency source,
                                         ledger::Currency target,
                                         const Freshness* freshness) const;
    [[nodiscard]] Choice find(ledger::Currency a,
                              ledger::Currency b,
                              const Freshness* freshness) const;
    [[nodiscard]] Choice halves(ledger::Currency source,
                                ledger::Currency target,
                                const Freshness* freshness) const;
    [[nodiscard]] bool is_fresh(std::size_t source,
                                std::size_t table,
                                const Freshness* freshness) const;

    std::vector<SourceRates> sources_;
    /// For every table the last day on which nothing newer was due.
    std::vector<std::vector<Day>> good_until_;
};

}  // namespace causeway::fx
