// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/sandbox/terms.h"

#include "connectors/codes/banking_days.h"

#include <algorithm>

namespace causeway::connectors::boleto::sandbox {
namespace {

constexpr std::int64_t kWhole = 10'000;
constexpr std::int64_t kDaysOfAMonth = 30;

// Half-even, of numbers that are not negative.
std::int64_t divided(std::int64_t number, std::int64_t by) noexcept {
    const std::int64_t quotient = number / by;
    const std::int64_t rest = number % by * 2;
    const bool up = rest > by || (rest == by && quotient % 2 != 0);
    return up ? quotient + 1 : quotient;
}

}  // namespace

Owed owed_on(const SlipTerms& terms, Day day) noexcept {
    Owed owed;
    if (day <= codes::banking_day_from(terms.due)) {
        if (terms.discount_until && day <= codes::banking_day_from(*terms.discount_until)) {
            owed.discount =
                terms.discount_amount + divided(terms.face * terms.discount_bps, kWhole);
        }
    } else {
        if (day >= terms.fine_from.value_or(day)) {
            owed.fine = terms.fine_amount + divided(terms.face * terms.fine_bps, kWhole);
        }
        const Day counted_from =
            std::max(terms.due, terms.interest_from.value_or(terms.due) - std::chrono::days(1));
        const std::int64_t daily =
            terms.interest_of_a_day +
            divided(terms.face * terms.interest_month_bps, kWhole * kDaysOfAMonth);
        owed.interest = daily * std::max<std::int64_t>(0, (day - counted_from).count());
    }
    owed.total = std::max<std::int64_t>(
        0, terms.face - terms.abatement - owed.discount + owed.fine + owed.interest);
    return owed;
}

}  // namespace causeway::connectors::boleto::sandbox
