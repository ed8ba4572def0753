// SPDX-License-Identifier: Apache-2.0
//
// Rates at rest, second edition. A rate that was stored is never overwritten: a correction is a
// further revision of the same day, recorded later, and what the books were kept by stays to be
// read.
//
// Who is believed: the same file may come a hundred times. A file that says something else about a
// known day is refused whole, unless the import is said to correct. A rate that leaps is stored
// but held, and used only after a human released it (held_rates_store.h).
#pragma once

#include "fx/feed.h"
#include "fx/rate.h"
#include "ledger/clock.h"
#include "ledger/currency.h"
#include "ledger/result.h"
#include "ledger/store/database.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::fx {

/// The tables of the first edition, as they were published.
[[nodiscard]] std::string_view rates_schema_sql();

/// The step that follows: the tables of this edition, with the rates of the first.
[[nodiscard]] std::string_view rates_second_schema_sql();

/// The step after that: of a source, day and currency one revision at most is current and one held,
/// whatever two processes do at once.
[[nodiscard]] std::string_view rates_third_schema_sql();

/// Units: basis points of the lesser of the two rates.
inline constexpr int kJumpLimitBps = 1'000;

/// How far back load_recent_rates() goes from the newest day.
inline constexpr std::chrono::days kRecentDays{14};

enum class RateStatus {
    current,     ///< What is quoted by.
    held,        ///< Leapt; waits for a human.
    superseded,  ///< A later revision is current.
    rejected,    ///< Held, and found wrong.
};

[[nodiscard]] std::string_view to_string(RateStatus status) noexcept;

/// One revision of one rate.
struct StoredRate {
    std::string source;
    ledger::Currency base;
    Day day;
    ledger::Currency currency;
    std::int64_t revision = 1;
    Decimal per_base;
    RateStatus status = RateStatus::current;
    std::string reason;                      ///< Why it is held.
    std::optional<Timestamp> recorded = {};  ///< None: by the first edition, which kept no time.
    std::optional<Timestamp> decided = {};   ///< When a human released or rejected it,
    std::string decision;                    ///< and why.

    friend bool operator==(const StoredRate&, const StoredRate&) = default;
};

struct RateImport {
    std::string_view source;
    ledger::Currency base;
    std::span<const FeedRow> rows;  ///< In order of day, as in Feed.
    Timestamp now;
    bool correct = false;                ///< Another rate for a known day is a correction.
    int jump_limit_bps = kJumpLimitBps;  ///< 0: nothing is held.
};

struct ImportOutcome {
    std::int64_t inserted = 0;   ///< Of days and currencies that had no current rate, and current.
    std::int64_t unchanged = 0;  ///< Known already, with the same rate: current, held or rejected.
    std::int64_t corrected = 0;  ///< A current rate gave way.
    std::int64_t held = 0;
};

/// Whether the greater of the two is more than `limit_bps` hundredths of a percent above the
/// lesser, so that a rate and its inverse leap alike. Requires 0 <= limit_bps; 0: never.
[[nodiscard]] bool is_jump(const Decimal& before, const Decimal& fresh, int limit_bps);

/// Stores rates. Call inside one body of the CommitQueue: when it fails, let the body fail with
/// its error, and nothing stays behind.
///
/// Held is a rate that would be quoted by and leaps. That is one of the newest kRecentDays of its
/// source, since a pair takes the newest day that has both its currencies, whichever that is; or
/// one newer than the last of its currency; at a currency's first import the newest of the file.
/// Each is compared with the current rates of its currency on the day before and the day after that
/// have one, those of the same file among them; the European Central Bank's first of a currency
/// with the built-in rates. Older days are taken as they are; but a correction, of whatever day, is
/// also compared with the rate that it would replace.
///
/// Errors: `integrity` naming day and currency when a known rate differs, and when the source is
/// known with another base; `storage`.
[[nodiscard]] Result<ImportOutcome> import_rates(ledger::Transaction& transaction,
                                                 const RateImport& wish);

/// The newest table of `publisher` of `day` or before, of current rates alone. Here and below,
/// rates of a currency that ISO 4217 no longer lists are left out.
///
/// Errors: `not_found` when there is none; `integrity` when a stored row makes no sense;
/// `storage`.
[[nodiscard]] Result<ReferenceTable> load_rates(ledger::Transaction& transaction,
                                                std::string_view publisher,
                                                Day day);

/// What a RateSnapshot is made of: the tables of the newest kRecentDays up to `day`, and of every
/// currency that has no rate in them its newest one, in a table of its own day. Newest first; empty
/// when there are none.
///
/// Errors: `integrity`, `storage` as load_rates().
[[nodiscard]] Result<std::vector<ReferenceTable>> load_recent_rates(
    ledger::Transaction& transaction, std::string_view publisher, Day day);

/// The rate of a pair on one day. Units: units of the target per one unit of the source.
struct PairRate {
    Day day;
    Decimal value;

    friend bool operator==(const PairRate&, const PairRate&) = default;
};

struct PairSpan {
    ledger::Currency source;
    ledger::Currency target;
    Day since;
    Day until;  ///< The last day.
};

/// The cross rate of every day on which `publisher` had both currencies, oldest first.
///
/// Errors: `integrity`, `storage` as load_rates(); `amount_overflow` as ReferenceTable::cross().
[[nodiscard]] Result<std::vector<PairRate>> load_pair_rates(ledger::Transaction& transaction,
                                                            std::string_view publisher,
                                                            const PairSpan& span);

/// Every revision of one day's rate, oldest first.
///
/// Errors: `integrity`, `storage` as load_rates().
[[nodiscard]] Result<std::vector<StoredRate>> load_rate_revisions(ledger::Transaction& transaction,
                                                                  std::string_view publisher,
                                                                  Day day,
                                                                  ledger::Currency currency);

}  // namespace causeway::fx
