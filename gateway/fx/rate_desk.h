// SPDX-License-Identifier: Apache-2.0
//
// Between the sources of rates, the database that keeps what they said, and the book that quotes
// are made from.
#pragma once

#include "fx/rate_book.h"
#include "fx/rates_store.h"
#include "fx/source.h"
#include "gateway/config.h"
#include "gateway/metrics.h"
#include "ledger/clock.h"
#include "ledger/currency.h"
#include "ledger/result.h"
#include "ledger/store/database.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace causeway::gateway {

/// The sources that the configuration names, or the European Central Bank when it names none.
///
/// Lifetime: of `settings`, which may be null.
[[nodiscard]] std::span<const fx::RateSource> sources_of(const FxSettings* settings);

/// The source of that name; without a name, the one that is asked first.
///
/// Errors: `not_found` naming those there are.
[[nodiscard]] Result<const fx::RateSource*> find_source(std::span<const fx::RateSource> sources,
                                                        std::string_view name);

/// A file of a source, and how it is taken.
struct RateFile {
    std::string_view content;
    bool correct = false;  ///< Another rate for a known day is a correction.
    fx::RateSource::Gaps gaps = fx::RateSource::Gaps::refused;
    int jump_limit_bps = fx::kJumpLimitBps;
};

struct RatesTaken {
    fx::ImportOutcome outcome;
    std::int64_t skipped = 0;  ///< Of currencies that are not listed.
};

/// Reads and stores a file, whole or not at all. Blocks; for commands.
///
/// Errors: as RateSource::parse() and fx::import_rates().
[[nodiscard]] Result<RatesTaken> take_rates(ledger::Database& database,
                                            const fx::RateSource& source,
                                            const RateFile& file,
                                            Timestamp now);

/// What is stored of the sources' rates, newest first, as far as quotes need it. The built-in
/// rates stand in for a European Central Bank of which nothing was stored yet.
///
/// Errors: `not_found` when there are none at all up to `today`; as fx::load_recent_rates().
[[nodiscard]] Result<fx::RateSnapshot> load_snapshot(ledger::Transaction& tx,
                                                     std::span<const fx::RateSource> sources,
                                                     Day today);

/// The rates of `day`, or of the last day before it that has any, from the first source by priority
/// that has `base` among them; without a base, that has any.
///
/// Errors: `not_found`; as fx::load_rates().
[[nodiscard]] Result<fx::ReferenceTable> reference_rates(ledger::Transaction& tx,
                                                         std::span<const fx::RateSource> sources,
                                                         Day day,
                                                         std::optional<ledger::Currency> base);

/// Puts what is stored into the book. Having no rates is no error.
[[nodiscard]] Result<void> load_rate_book(ledger::Database& database,
                                          std::span<const fx::RateSource> sources,
                                          Day today,
                                          fx::RateBook& book);

/// How old each source's newest rates are, and whether they are too old to quote by; a configured
/// source without any is stale.
///
/// Lifetime: borrows what it is given.
[[nodiscard]] MetricCollector freshness_metrics(const fx::RateBook& book,
                                                const FxSettings& settings,
                                                const Clock& clock);

/// A line for each source: its newest day, and whether it is too old to quote by. Each ends with a
/// line feed.
[[nodiscard]] std::string rates_report(const fx::RateBook& book,
                                       const FxSettings& settings,
                                       Day today);

}  // namespace causeway::gateway
