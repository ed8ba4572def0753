// SPDX-License-Identifier: Apache-2.0
#include "connectors/pix/sandbox/payable.h"

#include "connectors/codes/banking_days.h"

#include <algorithm>

namespace causeway::connectors::pix::sandbox {
namespace {

__extension__ using Wide = __int128;

constexpr std::int64_t kWhole = 10'000;  // Hundredths of a percent.
constexpr std::int64_t kMonthDays = 30;
constexpr std::int64_t kYearDays = 365;

std::int64_t divided(Wide amount, Wide by) {
    return static_cast<std::int64_t>((amount + by / 2) / by);
}

std::int64_t percent_of(std::int64_t base, std::int64_t percent) {
    return divided(Wide{base} * percent, kWhole);
}

std::int64_t days_between(Day from, Day to) {
    return std::max<std::int64_t>((to - from).count(), 0);
}

std::int64_t working_days_between(Day from, Day to) {
    std::int64_t count = 0;
    for (Day day = from + std::chrono::days(1); day <= to; day += std::chrono::days(1)) {
        if (codes::is_banking_day(day)) ++count;
    }
    return count;
}

std::int64_t interest_of(const Adjustment& interest, std::int64_t base, Day due, Day day) {
    const bool working = interest.mode > 4;
    const std::int64_t days = working ? working_days_between(due, day) : days_between(due, day);
    const std::int64_t mode = working ? interest.mode - 4 : interest.mode;
    if (mode == 1) return interest.value * days;
    const std::int64_t period = mode == 2 ? 1 : mode == 3 ? kMonthDays : kYearDays;
    return divided(Wide{base} * interest.value * days, Wide{kWhole} * period);
}

std::int64_t discount_of(const Discount& discount, std::int64_t base, Day due, Day day) {
    if (discount.mode <= 2) {
        std::int64_t best = 0;
        for (const DatedDiscount& it : discount.dated) {
            if (day > codes::banking_day_from(it.until)) continue;
            best = std::max(best, discount.mode == 1 ? it.value : percent_of(base, it.value));
        }
        return best;
    }
    const bool working = discount.mode == 4 || discount.mode == 6;
    const std::int64_t days = working ? working_days_between(day, due) : days_between(day, due);
    const std::int64_t value = discount.value.value_or(0);
    if (discount.mode <= 4) return value * days;
    return divided(Wide{base} * value * days, kWhole);
}

}  // namespace

Day last_day_of(const CobvTerms& terms) noexcept {
    const std::chrono::days valid(terms.days_valid_after_due.value_or(kDaysValidDefault));
    return codes::banking_day_from(codes::banking_day_from(*terms.due) + valid);
}

Payable payable_on(const CobvTerms& terms, Day day) {
    Payable out;
    const Day due = codes::banking_day_from(*terms.due);
    const std::int64_t original = *terms.amount;
    if (terms.rebate) {
        out.rebate = terms.rebate->mode == 1 ? terms.rebate->value
                                             : percent_of(original, terms.rebate->value);
    }
    const std::int64_t base = original - out.rebate;
    if (day > due) {
        if (terms.fine) {
            out.fine =
                terms.fine->mode == 1 ? terms.fine->value : percent_of(base, terms.fine->value);
        }
        if (terms.interest) out.interest = interest_of(*terms.interest, base, due, day);
    } else if (terms.discount) {
        // Never so much that nothing is left to pay.
        out.discount = std::min(discount_of(*terms.discount, base, due, day), base - 1);
    }
    out.total = base + out.fine + out.interest - out.discount;
    return out;
}

}  // namespace causeway::connectors::pix::sandbox
