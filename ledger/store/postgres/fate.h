// SPDX-License-Identifier: Apache-2.0
//
// What a failure of PostgreSQL means for those who asked.
#pragma once

#include <string>
#include <string_view>

namespace causeway::ledger::postgres {

enum class Fate {
    conflict,    ///< A key or a constraint forbids it.
    unstorable,  ///< A value that can not be stored.
    again,       ///< Another transaction stood in the way; the same may succeed later.
    lost,        ///< The connection is gone, or no longer leads to where one can write.
    bug,         ///< The statement is wrong.
    broken,      ///< The server can not do what it is there for: disk full, I/O, damaged data.
};

/// Source: PostgreSQL 15, appendix A (error codes). An empty `sqlstate` is libpq's own: lost.
[[nodiscard]] Fate fate_of(std::string_view sqlstate) noexcept;

struct Failure {
    Fate fate;
    std::string detail;  ///< For the operator; no value of any row.
};

}  // namespace causeway::ledger::postgres
