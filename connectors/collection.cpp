// SPDX-License-Identifier: Apache-2.0
#include "connectors/collection.h"

namespace causeway::connectors {
namespace {

using ledger::Money;
using ledger::Rounding;

constexpr std::int64_t kBasis = 10'000;
constexpr std::int64_t kDaysOfAMonth = 30;

Result<Money> share_of(Money face, std::int64_t bps, std::int64_t parts) {
    return face.scale(bps, kBasis * parts, Rounding::half_even);
}

}  // namespace

Result<Money> interest_of_a_day(const CollectionTerms& terms, Money face) {
    return share_of(face, terms.interest_month_bps, kDaysOfAMonth);
}

Result<Money> fine_of(const CollectionTerms& terms, Money face) {
    return share_of(face, terms.fine_bps, 1);
}

Result<Money> discount_of(const CollectionTerms& terms, Money face) {
    return share_of(face, terms.discount_bps, 1);
}

Result<Money> due_on(const CollectionTerms& terms, Money face, Day day) {
    if (day <= terms.due_on) {
        if (!terms.discount_until || day > *terms.discount_until) return face;
        const Result<Money> discount = discount_of(terms, face);
        if (!discount) return discount.error();
        return face.subtract(*discount);
    }
    const Result<Money> fine = fine_of(terms, face);
    if (!fine) return fine.error();
    const Result<Money> daily = interest_of_a_day(terms, face);
    if (!daily) return daily.error();
    const std::int64_t days = (day - terms.due_on).count();
    const Result<Money> interest = daily->scale(days, 1, Rounding::half_even);
    if (!interest) return interest.error();
    const Result<Money> late = face.add(*fine);
    if (!late) return late.error();
    return late->add(*interest);
}

}  // namespace causeway::connectors
