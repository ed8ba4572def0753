// SPDX-License-Identifier: Apache-2.0
#include "connectors/connector.h"

#include <array>
#include <utility>

namespace causeway::connectors {
namespace {

constexpr std::array<std::pair<OperationKind, std::string_view>, 6> kKinds{{
    {OperationKind::authorise, "authorise"},
    {OperationKind::sale, "sale"},
    {OperationKind::capture, "capture"},
    {OperationKind::refund, "refund"},
    {OperationKind::reverse, "reverse"},
    {OperationKind::release, "release"},
}};

}  // namespace

std::string_view to_string(OperationKind kind) noexcept {
    for (const auto& [value, text] : kKinds) {
        if (value == kind) return text;
    }
    return "unlisted_operation_kind";
}

Result<OperationKind> parse_operation_kind(std::string_view text) {
    for (const auto& [value, spelling] : kKinds) {
        if (spelling == text) return value;
    }
    return Error(ErrorCode::not_found, "operation kind");
}

std::string_view to_string(Decline decline) noexcept {
    switch (decline) {
        case Decline::none: return "none";
        case Decline::call_issuer: return "call_issuer";
        case Decline::not_allowed: return "not_allowed";
        case Decline::fraud: return "fraud";
        case Decline::do_not_honour: return "do_not_honour";
        case Decline::invalid_amount: return "invalid_amount";
        case Decline::invalid_card: return "invalid_card";
        case Decline::expired_card: return "expired_card";
        case Decline::insufficient_funds: return "insufficient_funds";
        case Decline::limit_exceeded: return "limit_exceeded";
        case Decline::incorrect_pin: return "incorrect_pin";
        case Decline::authentication_required: return "authentication_required";
        case Decline::duplicate: return "duplicate";
        case Decline::original_not_found: return "original_not_found";
        case Decline::provider_unavailable: return "provider_unavailable";
        case Decline::provider_error: return "provider_error";
    }
    return "unlisted_decline";
}

}  // namespace causeway::connectors
