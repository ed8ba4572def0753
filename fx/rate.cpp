// SPDX-License-Identifier: Apache-2.0
#include "fx/rate.h"

#include <algorithm>
#include <utility>

namespace causeway::fx {
namespace {

using ledger::Currency;

constexpr int kEuroNumeric = 978;
constexpr int kBasisPoints = 10'000;

std::string_view code_of(const ReferenceRate& rate) noexcept {
    return rate.currency.code();
}

}  // namespace

Result<ReferenceTable> ReferenceTable::make(std::string publisher,
                                            Day day,
                                            std::vector<ReferenceRate> rates) {
    const Decimal one = *Decimal::from_parts(1, 0);
    const auto wrong = [day](const ReferenceRate& rate, const char* what) {
        return Error(ErrorCode::invalid_argument,
                     to_text(day) + ", " + std::string(rate.currency.code()) + ": " + what);
    };
    std::ranges::sort(rates, {}, code_of);
    for (std::size_t i = 0; i < rates.size(); ++i) {
        if (rates[i].per_euro.is_zero()) return wrong(rates[i], "the rate is zero");
        if (i > 0 && rates[i].currency == rates[i - 1].currency) {
            return wrong(rates[i], "the currency occurs twice");
        }
        if (rates[i].currency.numeric() == kEuroNumeric && rates[i].per_euro != one) {
            return wrong(rates[i], "one euro is one euro");
        }
    }
    std::erase_if(
        rates, [](const ReferenceRate& rate) { return rate.currency.numeric() == kEuroNumeric; });
    if (rates.empty()) {
        return Error(ErrorCode::invalid_argument, to_text(day) + ": there is no rate");
    }
    return ReferenceTable(std::move(publisher), day, std::move(rates));
}

Result<Decimal> ReferenceTable::per_euro(Currency currency) const {
    if (currency.numeric() == kEuroNumeric) return Decimal::from_parts(1, 0);
    const auto found = std::ranges::lower_bound(rates_, currency.code(), {}, code_of);
    if (found == rates_.end() || found->currency != currency) {
        return Error(ErrorCode::not_found,
                     publisher_ + " has no rate for " + std::string(currency.code()) + " on " +
                         to_text(day_));
    }
    return found->per_euro;
}

Result<Decimal> ReferenceTable::cross(Currency source, Currency target) const {
    Result<Decimal> source_per_euro = per_euro(source);
    if (!source_per_euro) return source_per_euro;
    Result<Decimal> target_per_euro = per_euro(target);
    if (!target_per_euro) return target_per_euro;
    return target_per_euro->divide(*source_per_euro, kRateDigits);
}

Result<Rate> ReferenceTable::rate(Currency source, Currency target) const {
    const Result<Decimal> value = cross(source, target);
    if (!value) return value.error();
    return Rate{
        .source = source, .target = target, .value = *value, .publisher = publisher_, .day = day_};
}

Result<Decimal> with_markup(const Decimal& mid, int markup_bps) {
    if (markup_bps < 0 || markup_bps >= kBasisPoints) {
        return Error(ErrorCode::invalid_argument, "the markup is 0 to 9999 basis points");
    }
    return Decimal::ratio(Int128{mid.mantissa()} * (kBasisPoints - markup_bps),
                          power_of_ten(mid.scale()) * kBasisPoints,
                          kRateDigits);
}

}  // namespace causeway::fx
