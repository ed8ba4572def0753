// SPDX-License-Identifier: Apache-2.0
//
// Which accounts there are. An account is (owner, purpose, currency); its purpose says whose
// money it speaks of.
//
// The books are two sets of accounts in one journal. The client fund holds what belongs to
// merchants and buyers, the own fund what belongs to the operator. Every entry balances in each
// currency inside each fund, so client money can not leak into a fee or a loss without a line
// that says so: the operator's part of the client money is one account of the client fund
// (operator_share), mirrored to the unit by one account of the own fund (client_money_claim).
#pragma once

#include "ledger/currency.h"
#include "ledger/result.h"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace causeway::ledger {

enum class Fund { client, own };

/// The spelling is stored and shown; never rename one.
enum class Purpose {
    // client fund
    provider_receivable,  ///< Owner: connector. What the provider owes for captured payments.
    bank_client,          ///< Owner: bank account. Client money at the bank.
    merchant_pending,     ///< Owner: merchant. Earned, not yet settled.
    merchant_available,   ///< Owner: merchant. Settled, not yet paid out.
    merchant_reserve,     ///< Owner: merchant. Held back against refunds and disputes.
    merchant_receivable,  ///< Owner: merchant. What a negative merchant owes us.
    dispute,              ///< Owner: merchant. Amounts under dispute.
    suspense,             ///< Owner: connector or merchant. Money in doubt.
    unallocated_receipt,  ///< Owner: connector. Came in from buyers and is nobody's yet.
    operator_share,       ///< Owner: "operator". The operator's part of the client money.
    // own fund
    client_money_claim,  ///< Owner: "operator". Mirror of operator_share.
    bank_own,            ///< Owner: bank account. The operator's money at the bank.
    fee_revenue,         ///< Owner: "operator".
    provider_cost,       ///< Owner: connector.
    fx_trading,          ///< Owner: pair, such as "EUR/USD". One account for each currency.
    fx_result,           ///< Owner: pair. Margin: markups of quotes.
    rounding,            ///< Owner: "operator".
    fx_realised,         ///< Owner: pair. Gain and loss of what was closed.
    fx_unrealised,       ///< Owner: pair. Gain and loss of what is open, until the next day.
    fx_revaluation,      ///< Owner: pair. What an open position is worth above its cost.
    fx_fee,              ///< Owner: pair. Fixed fees of quotes.
};

[[nodiscard]] Fund fund_of(Purpose purpose) noexcept;
[[nodiscard]] std::string_view to_string(Purpose purpose) noexcept;
/// Errors: `not_found`.
[[nodiscard]] Result<Purpose> parse_purpose(std::string_view text);

struct AccountKey {
    std::string owner;
    Purpose purpose;
    Currency currency;

    friend bool operator==(const AccountKey&, const AccountKey&) = default;
};

}  // namespace causeway::ledger
