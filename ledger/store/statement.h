// SPDX-License-Identifier: Apache-2.0
//
// What every engine demands of a statement before it sees it.
#pragma once

#include <string_view>

namespace causeway::ledger {

/// How many parameters `sql` has. Throws std::logic_error for any but SELECT, INSERT, UPDATE,
/// DELETE and WITH, and for parameters that are not $1, $2, ... in order of first use: transactions
/// and the schema have their own places.
[[nodiscard]] int parameters_of(std::string_view sql);

/// Whether it begins with SELECT, and so changes nothing.
[[nodiscard]] bool only_reads(std::string_view sql) noexcept;

/// Throws std::logic_error that quotes the beginning of `sql`.
[[noreturn]] void refuse(std::string_view why, std::string_view sql);

}  // namespace causeway::ledger
