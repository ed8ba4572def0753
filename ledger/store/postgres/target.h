// SPDX-License-Identifier: Apache-2.0
//
// Where the database is, and what of that may be said aloud.
#pragma once

#include "ledger/result.h"

#include <string>
#include <string_view>

namespace causeway::ledger::postgres {

struct Target {
    std::string url;   ///< Secret: it may hold a password.
    std::string name;  ///< For messages: the database and its host, and nothing else.
};

/// True for "postgresql://..." and "postgres://...".
[[nodiscard]] bool is_target(std::string_view url) noexcept;

/// Errors: `invalid_argument` for a URL that libpq does not understand. The detail quotes nothing
/// of it: in a URL that is misread the password may stand anywhere.
[[nodiscard]] Result<Target> target_of(std::string_view url);

}  // namespace causeway::ledger::postgres
