// SPDX-License-Identifier: Apache-2.0
//
// What the checks of `ledger verify` have found so far, and how they name things.
#pragma once

#include "ledger/chain/verify.h"
#include "ledger/journal/entry_rules.h"
#include "ledger/journal/stored_entry.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace causeway::ledger::verifier {

inline constexpr std::size_t kFindingsMax = 100;

/// Lifetime: the report outlives it.
class Findings {
  public:
    explicit Findings(VerifyReport& report) : report_(report) {}

    /// Dropped when there are a hundred already.
    void add(std::string_view rule, std::string detail);
    [[nodiscard]] bool full() const noexcept { return report_.findings.size() >= kFindingsMax; }

  private:
    VerifyReport& report_;
};

[[nodiscard]] std::string text(Int128 number);

/// "entry 5".
[[nodiscard]] std::string entry_at(Sequence sequence);
/// "entry 5 (je_01J...)".
[[nodiscard]] std::string name_of(const StoredEntry& entry);

}  // namespace causeway::ledger::verifier
