// SPDX-License-Identifier: Apache-2.0
//
// What becomes of money that a buyer paid for an instrument: how much of it is the payment's, how
// much stands apart, and why. Pure; the books and the rows follow it.
//
// The rule of least surprise: what was asked for is credited without a question. Everything else
// is named, and the operator's policy for that name decides.
#pragma once

#include "connectors/collection.h"
#include "ledger/money.h"
#include "ledger/result.h"

#include <cstdint>
#include <string_view>

namespace causeway::gateway {

enum class ReceiptPolicy {
    credit,  ///< To the merchant.
    hold,    ///< Stands apart until a person has looked.
    refund,  ///< Goes back to the buyer.
};

[[nodiscard]] std::string_view to_string(ReceiptPolicy policy) noexcept;
/// Errors: `not_found`.
[[nodiscard]] Result<ReceiptPolicy> parse_receipt_policy(std::string_view text);

enum class LateRate {
    requote,  ///< Converted at the rate of the day on which we hear of it.
    hold,
    refund,
};

[[nodiscard]] std::string_view to_string(LateRate rule) noexcept;
/// Errors: `not_found`.
[[nodiscard]] Result<LateRate> parse_late_rate(std::string_view text);

/// One connector's policies.
struct ReceiptPolicies {
    ReceiptPolicy short_payment = ReceiptPolicy::hold;
    ReceiptPolicy excess = ReceiptPolicy::hold;  ///< Of what is beyond the amount due.
    ReceiptPolicy late = ReceiptPolicy::credit;
    ReceiptPolicy duplicate = ReceiptPolicy::hold;  ///< `credit` is not allowed.
    /// For a payment that is converted and was paid after its due date.
    LateRate late_rate = LateRate::hold;
    /// How many days the operator bears a locked rate.
    int locked_rate_days_max = 10;
};

/// Why a receipt was treated as it was. The spelling is stored and shown.
enum class ReceiptReason {
    exact,          ///< What was due on its day.
    with_interest,  ///< Late, and with (some of) the fine and the interest.
    discounted,     ///< In time for the discount.
    short_payment,
    excess,
    late,       ///< After the instrument's end; credited or not, as the policy says.
    duplicate,  ///< The payment was paid before.
    closed,     ///< The payment was canceled, or had failed.
    rate_over,  ///< After the day until which the rate was locked.
    unmatched,  ///< Nothing of ours bears the reference.
};

[[nodiscard]] std::string_view to_string(ReceiptReason reason) noexcept;
/// Errors: `not_found`.
[[nodiscard]] Result<ReceiptReason> parse_receipt_reason(std::string_view text);

/// The payment as the rules see it. Units: minor units of its currency.
struct Collectable {
    connectors::CollectionTerms terms;
    ledger::Money face;
    std::int64_t captured = 0;
    bool paid = false;       ///< In full, or closed with what came.
    bool dead = false;       ///< Canceled or failed.
    bool converted = false;  ///< The merchant is paid in another currency.
    Day last_day{};          ///< Of the provider's calendar; what is paid behind it is late.
};

/// The parts sum to the receipt. Units: minor units of the receipt's currency.
struct ReceiptShares {
    ReceiptReason reason = ReceiptReason::exact;
    std::int64_t credited = 0;   ///< Counts as captured.
    std::int64_t surcharge = 0;  ///< The merchant's beyond the face value: fine, interest, excess.
    std::int64_t apart = 0;
    bool refunds = false;    ///< `apart` goes back to the buyer; else it is held.
    bool completes = false;  ///< The payment is paid: nothing more is expected.
    bool requotes = false;   ///< Converted anew before it is credited.
};

/// Requires a positive `amount` in the currency of `face`.
///
/// Errors: `amount_overflow`.
[[nodiscard]] Result<ReceiptShares> share_receipt(const Collectable& asked,
                                                  const ReceiptPolicies& policies,
                                                  ledger::Money amount,
                                                  Day paid_on);

}  // namespace causeway::gateway
