// SPDX-License-Identifier: Apache-2.0
//
// The rows by which an account's history is found: marks, displaced lines and their totals.
#pragma once

#include "ledger/chain/verify/accounts.h"
#include "ledger/chain/verify/findings.h"
#include "ledger/chain/verify/row_digest.h"
#include "ledger/result.h"
#include "ledger/store/database.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace causeway::ledger::verifier {

class HistoryCheck {
  public:
    HistoryCheck(Transaction& snapshot, AccountTable& accounts, Findings& findings)
        : snapshot_(snapshot), accounts_(accounts), findings_(findings) {}

    /// The account has come to a mark, with that line of an entry. It is looked at soon.
    void expect_mark(AccountTable::Index index, std::int64_t line_no);
    /// A line was out of order.
    void expect_displaced(AccountTable::Index index, const LineFacts& line, std::int64_t line_no);

    /// Looks at the marks that are expected when there are many. Errors: `storage`.
    [[nodiscard]] Result<void> check_some();
    /// The journal is over. Errors: `storage`.
    [[nodiscard]] Result<void> finish();

  private:
    using RowSums = std::vector<RowSum>;  // by the account's place
    struct ExpectedMark {
        AccountTable::Index index;
        std::int64_t line_no;
        AccountState state;
    };
    [[nodiscard]] Result<void> check_mark(const ExpectedMark& mark);
    [[nodiscard]] Result<void> check_marks();
    [[nodiscard]] Result<void> check_mark_counts();
    // displaced_store.cpp
    [[nodiscard]] Result<void> check_displaced();
    [[nodiscard]] Result<void> check_totals();
    void compare(std::string_view rule, RowSum CheckedAccount::*expected, const RowSums& found);

    Transaction& snapshot_;
    AccountTable& accounts_;
    Findings& findings_;
    RowDigest digest_;
    std::vector<ExpectedMark> marks_;
};

}  // namespace causeway::ledger::verifier
