// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/refusal.h"

#include <algorithm>
#include <array>

namespace causeway::ledger {
namespace {

struct Listed {
    Refusal refusal;
    std::string_view name;
    ErrorCode code;
};

// In the order of the enumeration.
constexpr std::array kRefusals{
    Listed{Refusal::too_few_lines, "too_few_lines", ErrorCode::invalid_argument},
    Listed{Refusal::too_many_lines, "too_many_lines", ErrorCode::invalid_argument},
    Listed{Refusal::no_kind, "no_kind", ErrorCode::invalid_argument},
    Listed{Refusal::no_owner, "no_owner", ErrorCode::invalid_argument},
    Listed{Refusal::text_too_long, "text_too_long", ErrorCode::invalid_argument},
    Listed{Refusal::text_not_storable, "text_not_storable", ErrorCode::invalid_argument},
    Listed{Refusal::zero_line, "zero_line", ErrorCode::invalid_argument},
    Listed{Refusal::unbalanced, "unbalanced", ErrorCode::invalid_argument},
    Listed{Refusal::type_not_allowed, "type_not_allowed", ErrorCode::invalid_argument},
    Listed{Refusal::pending_not_named, "pending_not_named", ErrorCode::invalid_argument},
    Listed{Refusal::pending_not_allowed, "pending_not_allowed", ErrorCode::invalid_argument},
    Listed{Refusal::expiry_not_allowed, "expiry_not_allowed", ErrorCode::invalid_argument},
    Listed{Refusal::expiry_passed, "expiry_passed", ErrorCode::invalid_argument},
    Listed{Refusal::lines_not_allowed, "lines_not_allowed", ErrorCode::invalid_argument},
    Listed{Refusal::line_not_pending, "line_not_pending", ErrorCode::invalid_argument},
    Listed{Refusal::id_reused, "id_reused", ErrorCode::conflict},
    Listed{Refusal::account_closed, "account_closed", ErrorCode::conflict},
    Listed{Refusal::currency_fixed, "currency_fixed", ErrorCode::conflict},
    Listed{Refusal::pending_unknown, "pending_unknown", ErrorCode::conflict},
    Listed{Refusal::not_pending, "not_pending", ErrorCode::conflict},
    Listed{Refusal::pending_posted, "pending_posted", ErrorCode::conflict},
    Listed{Refusal::pending_voided, "pending_voided", ErrorCode::conflict},
    Listed{Refusal::pending_expired, "pending_expired", ErrorCode::expired},
    Listed{Refusal::debits_exceed_credits, "debits_exceed_credits", ErrorCode::limit_exceeded},
    Listed{Refusal::credits_exceed_debits, "credits_exceed_debits", ErrorCode::limit_exceeded},
    Listed{Refusal::pending_exceeded, "pending_exceeded", ErrorCode::limit_exceeded},
    Listed{Refusal::balance_overflow, "balance_overflow", ErrorCode::amount_overflow},
};

const Listed& listed(Refusal refusal) noexcept {
    return kRefusals[static_cast<std::size_t>(refusal)];
}

}  // namespace

std::string_view to_string(Refusal refusal) noexcept {
    return listed(refusal).name;
}

ErrorCode code_of(Refusal refusal) noexcept {
    return listed(refusal).code;
}

Error refused(Refusal refusal, std::string_view about) {
    std::string detail(to_string(refusal));
    detail += ": ";
    detail += about;
    return Error(code_of(refusal), std::move(detail));
}

std::optional<Refusal> refusal_of(const Error& error) {
    const std::string_view detail = error.detail();
    const std::string_view name = detail.substr(0, detail.find(": "));
    const auto found = std::ranges::find_if(
        kRefusals, [&](const Listed& it) { return it.name == name && it.code == error.code(); });
    if (found == kRefusals.end()) return std::nullopt;
    return found->refusal;
}

}  // namespace causeway::ledger
