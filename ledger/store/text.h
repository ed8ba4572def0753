// SPDX-License-Identifier: Apache-2.0
//
// Which texts both engines store alike.
#pragma once

#include <string_view>

namespace causeway::ledger {

/// True for UTF-8 without a NUL. SQLite would take anything, PostgreSQL nothing else.
///
/// Source: RFC 3629 section 4 (no overlong forms, no surrogates, nothing above U+10FFFF).
[[nodiscard]] bool is_storable(std::string_view text) noexcept;

}  // namespace causeway::ledger
