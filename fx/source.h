// SPDX-License-Identifier: Apache-2.0
//
// Where rates come from. A kind of source knows a layout of files and the days on which it
// publishes; a source is a kind with a name, a priority and perhaps an address.
//
// Adding a kind is a reader and one line in source.cpp: the configuration, the importing commands
// and the tests go through the list and know no kind by name. Nothing here opens a connection: who
// fetches hands over the bytes.
#pragma once

#include "fx/feed.h"
#include "ledger/calendar/calendar.h"
#include "ledger/clock.h"
#include "ledger/currency.h"
#include "ledger/result.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::fx {

/// What the configuration says of a source.
struct SourceSettings {
    std::string name;  ///< Who publishes, as stored and shown: "ECB". 1 to 32 of A-Za-z0-9_.-
    std::string kind;
    int priority = 100;    ///< The smallest is asked first.
    std::string url = {};  ///< "https://..."; empty: the kind's own, or it is only imported.
    std::optional<ledger::Currency> base = {};      ///< Needed unless the kind knows it.
    std::string calendar = {};                      ///< Empty: the kind's, or the base's.
    std::vector<ledger::Currency> currencies = {};  ///< Asked for these alone; empty: for all.
};

struct SourceKind {
    std::string_view name;
    std::string_view base;      ///< The only one it has; empty: the settings say.
    std::string_view calendar;  ///< Empty: that of the base currency.
    std::string_view url;       ///< Where it is fetched unless the settings say; empty: nowhere.
    bool is_complete;           ///< Between the first and last day of its files none is missing.
    Result<Feed> (*read)(std::string_view content, const FeedLimits& limits);
};

/// "ecb", "manual" and "json".
[[nodiscard]] std::span<const SourceKind> source_kinds() noexcept;

/// Errors: `not_found` naming the kinds there are.
[[nodiscard]] Result<SourceKind> find_source_kind(std::string_view name);

/// Threads: immutable once built; share freely.
class RateSource {
  public:
    /// Errors: `invalid_argument` for a name, priority, address or base that can not be;
    /// `not_found` for a kind or calendar that is not there.
    static Result<RateSource> make(const SourceSettings& settings);

    [[nodiscard]] const std::string& name() const noexcept { return settings_.name; }
    [[nodiscard]] ledger::Currency base() const noexcept { return base_; }
    [[nodiscard]] int priority() const noexcept { return settings_.priority; }
    /// Where to fetch, or empty.
    [[nodiscard]] const std::string& url() const noexcept { return settings_.url; }
    /// On which days it publishes.
    [[nodiscard]] const ledger::Calendar& calendar() const noexcept { return *calendar_; }
    [[nodiscard]] std::span<const ledger::Currency> currencies() const noexcept {
        return settings_.currencies;
    }
    /// Whether it may be asked for `currency`; for its base always.
    [[nodiscard]] bool serves(ledger::Currency currency) const noexcept;

    enum class Gaps { refused, accepted };

    /// Reads what it published up to `today`.
    ///
    /// Errors: `invalid_argument` as the reader of its kind, and when the file is against another
    /// base. Gaps::accepted lets days be missing where the kind has them all.
    [[nodiscard]] Result<Feed> parse(std::string_view content,
                                     Day today,
                                     Gaps gaps = Gaps::refused) const;

  private:
    RateSource(SourceSettings settings,
               SourceKind kind,
               ledger::Currency base,
               const ledger::Calendar& calendar)
        : settings_(std::move(settings)), kind_(kind), base_(base), calendar_(&calendar) {}

    SourceSettings settings_;
    SourceKind kind_;
    ledger::Currency base_;
    const ledger::Calendar* calendar_;
};

/// The European Central Bank as it is when nothing is configured.
[[nodiscard]] const RateSource& ecb_source();

}  // namespace causeway::fx
