// SPDX-License-Identifier: Apache-2.0
#include "ledger/exports/account_names.h"

#include "ledger/exports/text.h"

#include <array>
#include <cstddef>
#include <string_view>

namespace causeway::ledger {
namespace {

struct Place {
    Purpose purpose;
    char type;  ///< hledger's letter
    std::string_view path;
};

constexpr std::array kPlaces{
    Place{Purpose::provider_receivable, 'A', "Assets:Client:ProviderReceivable"},
    Place{Purpose::bank_client, 'A', "Assets:Client:Bank"},
    Place{Purpose::merchant_pending, 'L', "Liabilities:Client:MerchantPending"},
    Place{Purpose::merchant_available, 'L', "Liabilities:Client:MerchantAvailable"},
    Place{Purpose::merchant_reserve, 'L', "Liabilities:Client:MerchantReserve"},
    Place{Purpose::merchant_receivable, 'A', "Assets:Client:MerchantReceivable"},
    Place{Purpose::dispute, 'L', "Liabilities:Client:Dispute"},
    Place{Purpose::suspense, 'L', "Liabilities:Client:Suspense"},
    Place{Purpose::unallocated_receipt, 'L', "Liabilities:Client:UnallocatedReceipt"},
    Place{Purpose::operator_share, 'L', "Liabilities:Client:OperatorShare"},
    Place{Purpose::client_money_claim, 'A', "Assets:Own:ClientMoneyClaim"},
    Place{Purpose::bank_own, 'A', "Assets:Own:Bank"},
    Place{Purpose::fee_revenue, 'R', "Income:Own:FeeRevenue"},
    Place{Purpose::provider_cost, 'X', "Expenses:Own:ProviderCost"},
    Place{Purpose::fx_trading, 'E', "Equity:Own:FxTrading"},
    Place{Purpose::fx_result, 'R', "Income:Own:FxResult"},
    Place{Purpose::rounding, 'X', "Expenses:Own:Rounding"},
    Place{Purpose::fx_realised, 'R', "Income:Own:FxRealised"},
    Place{Purpose::fx_unrealised, 'R', "Income:Own:FxUnrealised"},
    Place{Purpose::fx_revaluation, 'A', "Assets:Own:FxRevaluation"},
    Place{Purpose::fx_fee, 'R', "Income:Own:FxFee"},
};

constexpr bool in_order() {
    for (std::size_t i = 0; i < kPlaces.size(); ++i) {
        if (static_cast<std::size_t>(kPlaces[i].purpose) != i) return false;
    }
    return true;
}
static_assert(in_order(), "place_of() uses the purpose as an index");

const Place& place_of(Purpose purpose) {
    return kPlaces.at(static_cast<std::size_t>(purpose));
}

bool is_lower(char letter) {
    return letter >= 'a' && letter <= 'z';
}

bool is_alphanumeric(char letter) {
    return is_lower(letter) || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9');
}

bool is_plain_in_hledger(char letter) {
    return is_alphanumeric(letter) || letter == '_' || letter == '.' || letter == '-' ||
           letter == '/';
}

void append_hyphenated(char letter, std::string& out) {
    if (is_alphanumeric(letter)) {
        out += letter;
    } else if (letter == '_') {
        out += "--";
    } else {
        append_escaped({&letter, 1}, is_alphanumeric, out);
        out[out.size() - 3] = '-';
    }
}

}  // namespace

char hledger_account_type(Purpose purpose) noexcept {
    return kPlaces[static_cast<std::size_t>(purpose)].type;
}

void append_hledger_account(const AccountKey& account, std::string& out) {
    out += fund_of(account.purpose) == Fund::client ? "client:" : "own:";
    out += to_string(account.purpose);
    out += ':';
    append_escaped(account.owner, is_plain_in_hledger, out);
    out += ':';
    out += account.currency.code();
}

void append_beancount_account(const AccountKey& account, std::string& out) {
    out += place_of(account.purpose).path;
    out += ':';
    std::string_view rest = account.owner;
    if (!rest.empty() && is_lower(rest.front())) {
        out += static_cast<char>(rest.front() - 'a' + 'A');
        rest.remove_prefix(1);
    } else {
        out += '0';
    }
    for (const char letter : rest)
        append_hyphenated(letter, out);
    out += ':';
    out += account.currency.code();
}

}  // namespace causeway::ledger
