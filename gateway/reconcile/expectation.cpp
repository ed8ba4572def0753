// SPDX-License-Identifier: Apache-2.0
#include "gateway/reconcile/expectation.h"

#include <array>

namespace causeway::gateway {
namespace {

constexpr std::array<std::string_view, 5> kKinds{
    "settled", "refunded", "charged_back", "chargeback_reversed", "deposit"};

}  // namespace

std::string_view to_string(ExpectationKind kind) noexcept {
    return kKinds[static_cast<std::size_t>(kind)];
}

Result<ExpectationKind> parse_expectation_kind(std::string_view text) {
    for (std::size_t i = 0; i < kKinds.size(); ++i)
        if (kKinds[i] == text) return static_cast<ExpectationKind>(i);
    return Error(ErrorCode::not_found,
                 "there is no kind of expectation '" + std::string(text) + "'");
}

}  // namespace causeway::gateway
