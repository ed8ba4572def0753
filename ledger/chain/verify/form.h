// SPDX-License-Identifier: Apache-2.0
//
// What can be said of a stored entry without looking at any other: its form, and whether it
// balances in each currency inside each fund.
#pragma once

#include "ledger/chain/verify/accounts.h"
#include "ledger/chain/verify/findings.h"
#include "ledger/journal/stored_entry.h"

#include <span>
#include <vector>

namespace causeway::ledger::verifier {

/// Keeps its scratch space between entries.
class FormCheck {
  public:
    FormCheck(const AccountTable& accounts, Findings& findings)
        : accounts_(accounts), findings_(findings) {}

    /// `places`: where the accounts of the entry's lines stand.
    void check(const StoredEntry& entry, std::span<const AccountTable::Index> places);

  private:
    void check_texts(const StoredEntry& entry);
    void check_lines(const StoredEntry& entry);
    void check_sums(const StoredEntry& entry, std::span<const AccountTable::Index> places);

    const AccountTable& accounts_;
    Findings& findings_;
    std::vector<Int128> sums_;            // by group
    std::vector<std::uint32_t> touched_;  // groups of the entry in hand
};

}  // namespace causeway::ledger::verifier
