// SPDX-License-Identifier: Apache-2.0
#include "fx/rate.h"

#include <algorithm>
#include <utility>

namespace causeway::fx {
namespace {

using ledger::Currency;

constexpr int kBasisPoints = 10'000;

std::string_view code_of(const ReferenceRate& rate) noexcept {
    return rate.currency.code();
}

}  // namespace

Result<ReferenceTable> ReferenceTable::make(std::string publisher,
                                            Currency base,
                                            Day day,
                                            std::vector<ReferenceRate> rates) {
    const Decimal one = *Decimal::from_parts(1, 0);
    const auto wrong = [day](const ReferenceRate& rate, const std::string& what) {
        return Error(ErrorCode::invalid_argument,
                     to_text(day) + ", " + std::string(rate.currency.code()) + ": " + what);
    };
    std::ranges::sort(rates, {}, code_of);
    for (std::size_t i = 0; i < rates.size(); ++i) {
        if (rates[i].per_base.is_zero()) return wrong(rates[i], "the rate is zero");
        if (i > 0 && rates[i].currency == rates[i - 1].currency) {
            return wrong(rates[i], "the currency occurs twice");
        }
        if (rates[i].currency == base && rates[i].per_base != one) {
            return wrong(rates[i], "the base is worth one of itself");
        }
    }
    std::erase_if(rates, [base](const ReferenceRate& rate) { return rate.currency == base; });
    if (rates.empty()) {
        return Error(ErrorCode::invalid_argument, to_text(day) + ": there is no rate");
    }
    return ReferenceTable(std::move(publisher), base, day, std::move(rates));
}

Result<ReferenceTable> ReferenceTable::make(std::string publisher,
                                            Day day,
                                            std::vector<ReferenceRate> rates) {
    return make(std::move(publisher), *Currency::from_code("EUR"), day, std::move(rates));
}

const ReferenceRate* ReferenceTable::find(Currency currency) const noexcept {
    const auto found = std::ranges::lower_bound(rates_, currency.code(), {}, code_of);
    return found == rates_.end() || found->currency != currency ? nullptr : &*found;
}

bool ReferenceTable::has(Currency currency) const noexcept {
    return currency == base_ || find(currency) != nullptr;
}

Result<Decimal> ReferenceTable::per_base(Currency currency) const {
    if (currency == base_) return Decimal::from_parts(1, 0);
    if (const ReferenceRate* const found = find(currency)) return found->per_base;
    return Error(
        ErrorCode::not_found,
        publisher_ + " has no rate for " + std::string(currency.code()) + " on " + to_text(day_));
}

Result<Decimal> ReferenceTable::cross(Currency source,
                                      Currency target,
                                      ledger::Rounding rounding) const {
    Result<Decimal> source_per_base = per_base(source);
    if (!source_per_base) return source_per_base;
    Result<Decimal> target_per_base = per_base(target);
    if (!target_per_base) return target_per_base;
    return target_per_base->divide(*source_per_base, kRateDigits, rounding);
}

Result<Rate> ReferenceTable::rate(Currency source, Currency target) const {
    const Result<Decimal> value = cross(source, target);
    if (!value) return value.error();
    return Rate{
        .source = source, .target = target, .value = *value, .publisher = publisher_, .day = day_};
}

Result<Decimal> with_markup(const Decimal& mid, int markup_bps, ledger::Rounding rounding) {
    if (markup_bps < 0 || markup_bps >= kBasisPoints) {
        return Error(ErrorCode::invalid_argument, "the markup is 0 to 9999 basis points");
    }
    return Decimal::ratio(Int128{mid.mantissa()} * (kBasisPoints - markup_bps),
                          power_of_ten(mid.scale()) * kBasisPoints,
                          kRateDigits,
                          rounding);
}

}  // namespace causeway::fx
