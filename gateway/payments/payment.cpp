// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/payment.h"

#include "gateway/spelling.h"

#include <array>
#include <utility>

namespace causeway::gateway {
namespace {

constexpr Spelling<connectors::ReversalReason, 3> kReversalReason{{
    {connectors::ReversalReason::customer_cancel, "customer_cancel"},
    {connectors::ReversalReason::no_answer, "no_answer"},
    {connectors::ReversalReason::malfunction, "malfunction"},
}};

}  // namespace

std::string_view to_string(connectors::ReversalReason reason) noexcept {
    return spell(kReversalReason, reason);
}
Result<connectors::ReversalReason> parse_reversal_reason(std::string_view text) {
    return read_spelt(kReversalReason, text);
}

}  // namespace causeway::gateway
