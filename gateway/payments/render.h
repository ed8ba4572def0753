// SPDX-License-Identifier: Apache-2.0
//
// Payments and their parts as the API shows them: the exact shapes of openapi.json.
#pragma once

#include "gateway/api/problem.h"
#include "gateway/payments/money_store.h"
#include "gateway/payments/payment.h"

#include <string>
#include <string_view>
#include <vector>

namespace causeway::gateway {

[[nodiscard]] std::string render_payment(const Payment& payment);
[[nodiscard]] std::string render_capture(const Capture& capture, bool livemode);
[[nodiscard]] std::string render_refund(const Refund& refund);
[[nodiscard]] std::string render_dispute(const Dispute& dispute);
[[nodiscard]] std::string render_balance_transaction(const BalanceTransaction& transaction);

/// {"object":"list","url":...,"data":[...],"has_more":...,"next_cursor":...}; `items` are JSON.
struct ListPage {
    std::string body;
    std::string next;  ///< URL of the next page; empty when this is the last.
};
[[nodiscard]] ListPage render_list(std::string_view url,
                                   const std::vector<std::string>& items,
                                   bool has_more,
                                   std::string_view last_id);

/// `error` as the problem a caller gets who asked for a `what` that is not there.
[[nodiscard]] Problem missing(const Error& error, std::string_view what);

}  // namespace causeway::gateway
