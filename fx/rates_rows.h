// SPDX-License-Identifier: Apache-2.0
//
// How the columns of a stored rate are read. For the *_store.cpp of rates alone.
#pragma once

#include "fx/rates_store.h"

#include <cstdint>
#include <optional>

namespace causeway::fx {

[[nodiscard]] inline std::int64_t day_number(Day day) noexcept {
    return day.time_since_epoch().count();
}
[[nodiscard]] inline Day day_in(const ledger::Row& row, int column) {
    return Day{std::chrono::days(row.integer(column))};
}

/// What (currency, mantissa, scale) say, if it makes sense.
[[nodiscard]] std::optional<ReferenceRate> rate_in(const ledger::Row& row, int first_column);

/// Whether ISO 4217 still lists the code. A rate of one that it no longer does is history, and not
/// a row that makes no sense.
[[nodiscard]] bool is_listed(const ledger::Row& row, int column);

[[nodiscard]] Error senseless_rate();

/// Rows of "source, base, day, currency, mantissa, scale, revision, status, reason, recorded_us,
/// decided_us, decision".
[[nodiscard]] std::optional<StoredRate> stored_rate_in(const ledger::Row& row);

}  // namespace causeway::fx
