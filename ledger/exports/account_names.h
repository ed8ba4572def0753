// SPDX-License-Identifier: Apache-2.0
//
// What an account of ours is called in the files of plain-text accounting. Two accounts never
// share a name, and a name tells its account: docs/exports.md has the table and the spelling.
#pragma once

#include "ledger/journal/account.h"

#include <string>

namespace causeway::ledger {

/// "client:merchant_pending:mer_1:EUR". In the owner, all but letters, digits and "_.-/" is
/// escaped.
void append_hledger_account(const AccountKey& account, std::string& out);

/// hledger's letter: A assets, L liabilities, E equity, R revenue, X expenses.
[[nodiscard]] char hledger_account_type(Purpose purpose) noexcept;

/// "Liabilities:Client:MerchantPending:Mer--1:EUR". A part of a name must begin with a capital or
/// a digit and hold nothing else but letters, digits and '-', so in the owner '_' becomes "--" and
/// any other byte '-' and two hexadecimal digits; a first letter a-z becomes its capital, and
/// before anything else stands a 0.
void append_beancount_account(const AccountKey& account, std::string& out);

}  // namespace causeway::ledger
