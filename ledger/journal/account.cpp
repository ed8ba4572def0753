// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/account.h"

#include <array>
#include <cstddef>

namespace causeway::ledger {
namespace {

struct PurposeRow {
    Purpose purpose;
    std::string_view name;
};

// In the order of the enumerators; the first of the own fund is client_money_claim.
constexpr std::array kRows{
    PurposeRow{Purpose::provider_receivable, "provider_receivable"},
    PurposeRow{Purpose::bank_client, "bank_client"},
    PurposeRow{Purpose::merchant_pending, "merchant_pending"},
    PurposeRow{Purpose::merchant_available, "merchant_available"},
    PurposeRow{Purpose::merchant_reserve, "merchant_reserve"},
    PurposeRow{Purpose::merchant_receivable, "merchant_receivable"},
    PurposeRow{Purpose::dispute, "dispute"},
    PurposeRow{Purpose::suspense, "suspense"},
    PurposeRow{Purpose::unallocated_receipt, "unallocated_receipt"},
    PurposeRow{Purpose::operator_share, "operator_share"},
    PurposeRow{Purpose::client_money_claim, "client_money_claim"},
    PurposeRow{Purpose::bank_own, "bank_own"},
    PurposeRow{Purpose::fee_revenue, "fee_revenue"},
    PurposeRow{Purpose::provider_cost, "provider_cost"},
    PurposeRow{Purpose::fx_trading, "fx_trading"},
    PurposeRow{Purpose::fx_result, "fx_result"},
    PurposeRow{Purpose::rounding, "rounding"},
    PurposeRow{Purpose::fx_realised, "fx_realised"},
    PurposeRow{Purpose::fx_unrealised, "fx_unrealised"},
    PurposeRow{Purpose::fx_revaluation, "fx_revaluation"},
    PurposeRow{Purpose::fx_fee, "fx_fee"},
};

constexpr bool in_order() {
    for (std::size_t i = 0; i < kRows.size(); ++i) {
        if (static_cast<std::size_t>(kRows[i].purpose) != i) return false;
    }
    return true;
}
static_assert(in_order(), "to_string() uses the purpose as an index");

}  // namespace

Fund fund_of(Purpose purpose) noexcept {
    return purpose < Purpose::client_money_claim ? Fund::client : Fund::own;
}

std::string_view to_string(Purpose purpose) noexcept {
    const auto at = static_cast<std::size_t>(purpose);
    return at < kRows.size() ? kRows[at].name : "unlisted_purpose";
}

Result<Purpose> parse_purpose(std::string_view text) {
    for (const PurposeRow& row : kRows) {
        if (row.name == text) return row.purpose;
    }
    return Error(ErrorCode::not_found, "purpose " + std::string(text.substr(0, 32)));
}

}  // namespace causeway::ledger
