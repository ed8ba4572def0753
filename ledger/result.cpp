// SPDX-License-Identifier: Apache-2.0
#include "ledger/result.h"

namespace causeway {

std::string_view to_string(ErrorCode code) noexcept {
    switch (code) {
        case ErrorCode::invalid_argument: return "invalid_argument";
        case ErrorCode::currency_mismatch: return "currency_mismatch";
        case ErrorCode::amount_overflow: return "amount_overflow";
        case ErrorCode::not_found: return "not_found";
        case ErrorCode::conflict: return "conflict";
        case ErrorCode::limit_exceeded: return "limit_exceeded";
        case ErrorCode::expired: return "expired";
        case ErrorCode::integrity: return "integrity";
        case ErrorCode::declined: return "declined";
        case ErrorCode::unavailable: return "unavailable";
        case ErrorCode::outcome_unknown: return "outcome_unknown";
        case ErrorCode::storage: return "storage";
    }
    return "unlisted_error_code";
}

}  // namespace causeway
