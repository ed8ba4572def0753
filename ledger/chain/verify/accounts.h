// SPDX-License-Identifier: Apache-2.0
//
// The accounts as the rows name them, and what the entries make of them.
//
// An account stands at a place of its own in one vector, and its number leads there by way of
// another: numbers are dense in each lane, so that a line costs no search.
#pragma once

#include "ledger/chain/verify/findings.h"
#include "ledger/journal/account.h"
#include "ledger/journal/account_memory.h"
#include "ledger/store/database.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace causeway::ledger::verifier {

/// How many rows there are and, in a way that does not depend on their order, what they say.
struct RowSum {
    std::int64_t count = 0;
    std::array<std::uint64_t, 2> sum{};

    friend bool operator==(const RowSum&, const RowSum&) = default;
};

struct CheckedAccount {
    std::int64_t id = 0;
    AccountState state;
    RowSum displaced_total;     ///< The rows of journal_displaced_totals that there must be.
    RowSum displaced;           ///< The rows of journal_displaced that there must be.
    std::size_t canonical = 0;  ///< Where its canonical bytes start.
    std::uint32_t canonical_size = 0;
    std::uint32_t group = 0;         ///< Of sums; see AccountTable::group().
    std::optional<Purpose> purpose;  ///< None when it is not one of ours.
    bool known = true;               ///< There is a row in journal_accounts.
    bool listed = false;             ///< There is a row in journal_balances.
    bool lost = false;               ///< An entry of it is gone: its history can not be computed.
};

/// What entries must balance in: one currency in one fund.
struct SumGroup {
    Fund fund;
    std::string currency;
};

/// What a row of journal_accounts says, whether it makes sense or not.
struct AccountTexts {
    std::string_view owner;
    std::string_view purpose;
    std::string_view currency;
};

class AccountTable {
  public:
    using Index = std::uint32_t;
    static constexpr Index kNowhere = UINT32_MAX;

    /// An account as its row names it.
    void add(std::int64_t id, const AccountTexts& texts);
    /// A number without a row, which has no name.
    Index add_unknown(std::int64_t id);

    /// Where the account of that number stands; kNowhere when it is not there.
    [[nodiscard]] Index find(std::int64_t id) const noexcept;

    [[nodiscard]] CheckedAccount& at(Index index) { return accounts_[index]; }
    [[nodiscard]] const CheckedAccount& at(Index index) const { return accounts_[index]; }
    [[nodiscard]] std::size_t size() const noexcept { return accounts_.size(); }

    [[nodiscard]] std::span<const std::uint8_t> canonical(Index index) const;
    /// "merchant_pending mer_01J... EUR".
    [[nodiscard]] std::string name(Index index) const;
    [[nodiscard]] std::span<const SumGroup> groups() const noexcept { return groups_; }
    /// Places of accounts with the same name as another.
    [[nodiscard]] std::vector<Index> twins() const;

  private:
    Index append(const CheckedAccount& account);
    void remember(std::int64_t id, Index index);
    [[nodiscard]] std::uint32_t group(Fund fund, std::string_view currency);

    std::vector<CheckedAccount> accounts_;
    std::vector<std::uint8_t> bytes_;
    std::vector<std::vector<Index>> lanes_;           // places by lane and number in the lane
    std::unordered_map<std::int64_t, Index> others_;  // numbers that leave wide gaps
    std::vector<SumGroup> groups_;
};

}  // namespace causeway::ledger::verifier
