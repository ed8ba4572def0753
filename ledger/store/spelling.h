// SPDX-License-Identifier: Apache-2.0
//
// SQL that is written once and spelt as each engine wants it.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace causeway::ledger {

struct Spelling {
    std::string_view ours;
    std::string_view theirs;
};

/// `sql` with each of our words in their spelling. A word of letters counts only when it stands
/// alone: NUMBYTES has nothing to do with BYTES.
[[nodiscard]] std::string respelt(std::string_view sql, std::span<const Spelling> spellings);

}  // namespace causeway::ledger
