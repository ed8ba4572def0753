// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/payment.h"

#include <array>
#include <utility>

namespace causeway::gateway {
namespace {

template <class T, std::size_t N>
using Spelling = std::array<std::pair<T, std::string_view>, N>;

constexpr Spelling<PaymentStatus, 10> kPaymentStatus{{
    {PaymentStatus::requires_payment_method, "requires_payment_method"},
    {PaymentStatus::requires_confirmation, "requires_confirmation"},
    {PaymentStatus::requires_action, "requires_action"},
    {PaymentStatus::processing, "processing"},
    {PaymentStatus::requires_capture, "requires_capture"},
    {PaymentStatus::partially_captured, "partially_captured"},
    {PaymentStatus::succeeded, "succeeded"},
    {PaymentStatus::canceled, "canceled"},
    {PaymentStatus::failed, "failed"},
    {PaymentStatus::expired, "expired"},
}};

constexpr Spelling<PartStatus, 4> kPartStatus{{
    {PartStatus::pending, "pending"},
    {PartStatus::succeeded, "succeeded"},
    {PartStatus::failed, "failed"},
    {PartStatus::canceled, "canceled"},
}};

constexpr Spelling<OperationState, 6> kOperationState{{
    {OperationState::intent, "intent"},
    {OperationState::approved, "approved"},
    {OperationState::declined, "declined"},
    {OperationState::unsent, "unsent"},
    {OperationState::unknown, "unknown"},
    {OperationState::reversed, "reversed"},
}};

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

std::string_view to_string(PaymentStatus status) noexcept {
    return spell(kPaymentStatus, status);
}
Result<PaymentStatus> parse_payment_status(std::string_view text) {
    return read(kPaymentStatus, text);
}
std::string_view to_string(PartStatus status) noexcept {
    return spell(kPartStatus, status);
}
Result<PartStatus> parse_part_status(std::string_view text) {
    return read(kPartStatus, text);
}
std::string_view to_string(OperationState state) noexcept {
    return spell(kOperationState, state);
}
Result<OperationState> parse_operation_state(std::string_view text) {
    return read(kOperationState, text);
}
std::string_view to_string(connectors::ReversalReason reason) noexcept {
    return spell(kReversalReason, reason);
}
Result<connectors::ReversalReason> parse_reversal_reason(std::string_view text) {
    return read(kReversalReason, text);
}

}  // namespace causeway::gateway
