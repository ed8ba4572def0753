// SPDX-License-Identifier: Apache-2.0
//
// How numbers, days and foreign text stand in an export. Text that comes from outside is written
// in printable ASCII whatever it holds, because a reader in the C locale stops at the first other
// byte, and because a line break or a quote in it would forge lines.
#pragma once

#include "ledger/clock.h"
#include "ledger/currency.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace causeway::ledger {

void append_number(std::int64_t number, std::string& out);

/// With exactly the currency's decimals: "-12.34", "500", "0.007".
void append_decimals(std::int64_t minor_units, Currency currency, std::string& out);

/// Whether a day has a year of four digits, and a day after it has too.
[[nodiscard]] bool has_plain_year(Day day) noexcept;

/// "2026-04-13". Requires has_plain_year().
void append_day(Day day, std::string& out);

/// "2026-04-13T10:01:00.000250Z", to the microsecond. A moment without a plain year is written as
/// its count of microseconds since 1970.
void append_moment(Timestamp moment, std::string& out);

/// Appends "%0A" for a line feed, and so for every byte that is_plain() denies. Whoever replaces
/// every %XX by its byte has the text again, provided that is_plain() denies '%'.
void append_escaped(std::string_view text, bool (*is_plain)(char), std::string& out);

/// The same for text in the middle of a line: what is left as it is can not end a string, a
/// comment or a payee. A space is escaped at both edges, where readers trim.
void append_text(std::string_view text, std::string& out);

}  // namespace causeway::ledger
