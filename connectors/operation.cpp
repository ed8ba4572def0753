// SPDX-License-Identifier: Apache-2.0
#include "connectors/operation.h"

#include <array>
#include <utility>

namespace causeway::connectors {
namespace {

constexpr std::array<std::pair<OperationKind, std::string_view>, 11> kKinds{{
    {OperationKind::authorise, "authorise"},
    {OperationKind::sale, "sale"},
    {OperationKind::increment, "increment"},
    {OperationKind::capture, "capture"},
    {OperationKind::refund, "refund"},
    {OperationKind::reverse, "reverse"},
    {OperationKind::release, "release"},
    {OperationKind::represent, "represent"},
    {OperationKind::concede, "concede"},
    {OperationKind::collect, "collect"},
    {OperationKind::withdraw, "withdraw"},
}};

constexpr std::array<std::pair<Decline, std::string_view>, 17> kDeclines{{
    {Decline::none, "none"},
    {Decline::call_issuer, "call_issuer"},
    {Decline::not_allowed, "not_allowed"},
    {Decline::fraud, "fraud"},
    {Decline::do_not_honour, "do_not_honour"},
    {Decline::invalid_amount, "invalid_amount"},
    {Decline::invalid_card, "invalid_card"},
    {Decline::expired_card, "expired_card"},
    {Decline::insufficient_funds, "insufficient_funds"},
    {Decline::limit_exceeded, "limit_exceeded"},
    {Decline::incorrect_pin, "incorrect_pin"},
    {Decline::authentication_required, "authentication_required"},
    {Decline::duplicate, "duplicate"},
    {Decline::original_not_found, "original_not_found"},
    {Decline::provider_unavailable, "provider_unavailable"},
    {Decline::provider_error, "provider_error"},
    {Decline::invalid_request, "invalid_request"},
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
    for (const auto& [value, text] : kDeclines) {
        if (value == decline) return text;
    }
    return "unlisted_decline";
}

Result<Decline> parse_decline(std::string_view text) {
    for (const auto& [value, spelling] : kDeclines) {
        if (spelling == text) return value;
    }
    return Error(ErrorCode::not_found, "decline");
}

}  // namespace causeway::connectors
