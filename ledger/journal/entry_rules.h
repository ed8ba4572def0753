// SPDX-License-Identifier: Apache-2.0
//
// What can be said of an entry without looking at the books.
#pragma once

#include "ledger/currency.h"
#include "ledger/journal/account.h"
#include "ledger/journal/entry.h"
#include "ledger/journal/refusal.h"
#include "ledger/result.h"

#include <cstddef>
#include <vector>

namespace causeway::ledger {

inline constexpr std::size_t kLinesMax = 1000;
inline constexpr std::size_t kKindBytesMax = 64;
inline constexpr std::size_t kReferenceBytesMax = 255;
inline constexpr std::size_t kOwnerBytesMax = 255;

// Sums of many lines; g++ and clang both have it.
__extension__ using Int128 = __int128;

/// Holds an entry of types 1 to 4 to the rules. Keeps its scratch space between entries.
///
/// Threads: none of its own.
class EntryRules {
  public:
    /// Errors: the refusals whose code is `invalid_argument`, but for expiry_passed and
    /// line_not_pending, which need the books.
    [[nodiscard]] Result<void> check(const Entry& entry);

  private:
    // The lines of one currency in one fund.
    struct Sum {
        Fund fund;
        Currency currency;
        Int128 minor_units;
    };
    [[nodiscard]] Result<void> check_lines(const Entry& entry);
    [[nodiscard]] Result<void> check_sums(const Entry& entry);

    std::vector<Sum> sums_;
};

/// Holds an account's owner to the rules. Errors: `no_owner`, `text_too_long`,
/// `text_not_storable`.
[[nodiscard]] Result<void> check_owner(const AccountKey& account);

/// The entry's name in a message, followed by `why` when there is something to add.
[[nodiscard]] std::string about(const Uuid& id, std::string_view why = {});

/// An account's name in a message.
[[nodiscard]] std::string about(const AccountKey& account);

}  // namespace causeway::ledger
