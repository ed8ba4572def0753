// SPDX-License-Identifier: Apache-2.0
#include "gateway/settlement/settlement.h"

#include <algorithm>

namespace causeway::gateway {
namespace {

// Adds `amount` to `sum`; false when it does not fit.
bool add(std::int64_t& sum, std::int64_t amount) {
    return !__builtin_add_overflow(sum, amount, &sum);
}

Error overflow(const Settlement& settlement) {
    return Error(ErrorCode::amount_overflow,
                 "the settlement of " + merchant_name(settlement.key.merchant_id) + " in " +
                     std::string(settlement.key.currency.code()) + " does not fit in 64 bits");
}

}  // namespace

Result<void> add_up(SettlementReport& report) {
    Settlement& settlement = report.settlement;
    std::int64_t balance = settlement.opening_balance;
    settlement.gross = settlement.refunds = settlement.fees = settlement.net = 0;
    settlement.value_day = report.lines.front().available_on;
    std::int64_t number = 0;
    for (SettlementLine& line : report.lines) {
        if (line.type != "charge" && line.type != "refund") {
            return Error(ErrorCode::integrity,
                         to_text("txn", line.txn_id) + " is of type '" + line.type +
                             "', which no settlement knows");
        }
        std::int64_t& part = line.type == "charge" ? settlement.gross : settlement.refunds;
        const bool fits = !__builtin_sub_overflow(line.gross, line.fee, &line.net) &&
                          add(part, line.gross) && add(settlement.fees, line.fee) &&
                          add(settlement.net, line.net) && add(balance, line.net);
        if (!fits) return overflow(settlement);
        line.number = ++number;
        line.running_balance = balance;
        settlement.value_day = std::max(settlement.value_day, line.available_on);
    }
    settlement.line_count = number;
    settlement.closing_balance = balance;
    return {};
}

std::string_view reporting_category(const SettlementLine& line) noexcept {
    return line.type;
}

std::string description(const SettlementLine& line) {
    const std::string payment = to_text("pay", line.payment_id);
    return line.type == "refund" ? "Refund of " + payment : "Payment " + payment;
}

std::string settlement_name(const Uuid& id) {
    return to_text("stl", id);
}

std::string merchant_name(const Uuid& id) {
    return to_text("mer", id);
}

}  // namespace causeway::gateway
