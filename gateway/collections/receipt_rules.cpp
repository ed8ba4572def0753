// SPDX-License-Identifier: Apache-2.0
#include "gateway/collections/receipt_rules.h"

#include "gateway/spelling.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace causeway::gateway {
namespace {

using connectors::CollectionTerms;
using ledger::Money;

constexpr Spelling<ReceiptPolicy, 3> kPolicies{{
    {ReceiptPolicy::credit, "credit"},
    {ReceiptPolicy::hold, "hold"},
    {ReceiptPolicy::refund, "refund"},
}};

constexpr Spelling<LateRate, 3> kLateRates{{
    {LateRate::requote, "requote"},
    {LateRate::hold, "hold"},
    {LateRate::refund, "refund"},
}};

constexpr Spelling<ReceiptReason, 10> kReasons{{
    {ReceiptReason::exact, "exact"},
    {ReceiptReason::with_interest, "with_interest"},
    {ReceiptReason::discounted, "discounted"},
    {ReceiptReason::short_payment, "short_payment"},
    {ReceiptReason::excess, "excess"},
    {ReceiptReason::late, "late"},
    {ReceiptReason::duplicate, "duplicate"},
    {ReceiptReason::closed, "closed"},
    {ReceiptReason::rate_over, "rate_over"},
    {ReceiptReason::unmatched, "unmatched"},
}};

ReceiptShares all_apart(ReceiptReason reason, std::int64_t amount, bool refunds) {
    return {.reason = reason, .apart = amount, .refunds = refunds};
}

// What the payer owed in all on that day, and the least that pays it.
struct Owed {
    std::int64_t due;    // With fine and interest, or less a discount.
    std::int64_t least;  // Fine and interest left aside: they are asked for, not enforced.
    std::int64_t face;
};

Result<Owed> owed_on(const Collectable& asked, Day day) {
    const std::int64_t rest = asked.face.minor_units() - asked.captured;
    // Discount and interest are about the whole; who pays in parts owes the face value.
    if (asked.captured > 0) return Owed{.due = rest, .least = rest, .face = rest};
    const Result<Money> due = connectors::due_on(asked.terms, asked.face, day);
    if (!due) return due.error();
    return Owed{
        .due = due->minor_units(), .least = std::min(due->minor_units(), rest), .face = rest};
}

ReceiptReason name_of(const Owed& owed, std::int64_t amount) {
    if (amount > owed.face) return ReceiptReason::with_interest;
    return amount < owed.face ? ReceiptReason::discounted : ReceiptReason::exact;
}

ReceiptShares share_excess(ReceiptShares shares, const Collectable& asked, ReceiptPolicy policy) {
    // Beyond the quote there is no rate: what is not the payment's own is not converted.
    const bool credits = policy == ReceiptPolicy::credit && !asked.converted;
    if (credits) shares.surcharge += std::exchange(shares.apart, 0);
    shares.refunds = policy == ReceiptPolicy::refund && shares.apart > 0;
    return shares;
}

ReceiptShares share_in_time(const Collectable& asked,
                            const ReceiptPolicies& policies,
                            const Owed& owed,
                            std::int64_t amount) {
    if (amount < owed.least) {
        if (policies.short_payment != ReceiptPolicy::credit) {
            return all_apart(ReceiptReason::short_payment,
                             amount,
                             policies.short_payment == ReceiptPolicy::refund);
        }
        return {.reason = ReceiptReason::short_payment, .credited = amount};
    }
    ReceiptShares shares{.reason = name_of(owed, amount),
                         .credited = std::min(amount, owed.face),
                         .completes = true};
    const std::int64_t most = std::max(owed.due, owed.face);
    shares.surcharge = std::min(amount, most) - shares.credited;
    if (asked.converted) shares.apart = std::exchange(shares.surcharge, 0);
    if (amount <= most) return shares;
    shares.reason = ReceiptReason::excess;
    shares.apart += amount - most;
    return share_excess(shares, asked, policies.excess);
}

}  // namespace

std::string_view to_string(ReceiptPolicy policy) noexcept {
    return spell(kPolicies, policy);
}
Result<ReceiptPolicy> parse_receipt_policy(std::string_view text) {
    return read_spelt(kPolicies, text);
}
std::string_view to_string(LateRate rule) noexcept {
    return spell(kLateRates, rule);
}
Result<LateRate> parse_late_rate(std::string_view text) {
    return read_spelt(kLateRates, text);
}
std::string_view to_string(ReceiptReason reason) noexcept {
    return spell(kReasons, reason);
}
Result<ReceiptReason> parse_receipt_reason(std::string_view text) {
    return read_spelt(kReasons, text);
}

Result<ReceiptShares> share_receipt(const Collectable& asked,
                                    const ReceiptPolicies& policies,
                                    Money amount,
                                    Day paid_on) {
    const std::int64_t units = amount.minor_units();
    if (asked.paid) {
        return all_apart(
            ReceiptReason::duplicate, units, policies.duplicate == ReceiptPolicy::refund);
    }
    const bool late = paid_on > asked.last_day;
    if (asked.dead || (late && policies.late != ReceiptPolicy::credit)) {
        const ReceiptReason reason = asked.dead ? ReceiptReason::closed : ReceiptReason::late;
        return all_apart(reason, units, policies.late == ReceiptPolicy::refund);
    }
    const Result<Owed> owed = owed_on(asked, paid_on);
    if (!owed) return owed.error();
    ReceiptShares shares = share_in_time(asked, policies, *owed, units);
    if (late && shares.completes && shares.reason != ReceiptReason::excess) {
        shares.reason = ReceiptReason::late;
    }
    const bool rate_over = asked.converted && paid_on > asked.terms.due_on && shares.credited > 0;
    if (!rate_over) return shares;
    // Half of a payment at one rate and half at another would be two promises.
    if (policies.late_rate != LateRate::requote || asked.captured > 0) {
        return all_apart(ReceiptReason::rate_over, units, policies.late_rate == LateRate::refund);
    }
    shares.requotes = true;
    return shares;
}

}  // namespace causeway::gateway
