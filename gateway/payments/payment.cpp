// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/payment.h"

#include <array>
#include <utility>

namespace causeway::gateway {
namespace {

template <class T, std::size_t N>
using Spelling = std::array<std::pair<T, std::string_view>, N>;

constexpr Spelling<connectors::ReversalReason, 3> kReversalReason{{
    {connectors::ReversalReason::customer_cancel, "customer_cancel"},
    {connectors::ReversalReason::no_answer, "no_answer"},
    {connectors::ReversalReason::malfunction, "malfunction"},
}};

template <class T, std::size_t N>
std::string_view spell(const Spelling<T, N>& table, T value) noexcept {
    for (const auto& [entry, text] : table) {
        if (entry == value) return text;
    }
    return "unlisted";
}

template <class T, std::size_t N>
Result<T> read(const Spelling<T, N>& table, std::string_view text) {
    for (const auto& [value, spelling] : table) {
        if (spelling == text) return value;
    }
    return Error(ErrorCode::not_found, "unlisted value " + std::string(text.substr(0, 40)));
}

}  // namespace

std::string_view to_string(connectors::ReversalReason reason) noexcept {
    return spell(kReversalReason, reason);
}
Result<connectors::ReversalReason> parse_reversal_reason(std::string_view text) {
    return read(kReversalReason, text);
}

}  // namespace causeway::gateway
