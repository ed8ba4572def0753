// SPDX-License-Identifier: Apache-2.0
#include "fx/quote.h"

#include "fx/convert.h"

#include <algorithm>
#include <utility>

namespace causeway::fx {
namespace {

using ledger::Currency;
using ledger::Money;
using ledger::Rounding;

constexpr int kBasisPoints = 10'000;
constexpr std::chrono::seconds kValidForDefault{300};

struct Amounts {
    Money source;
    Money target;
};

// What a quote is made of besides its amounts.
struct Terms {
    const Corridor& corridor;
    Decimal mid;
    Decimal rate;
    std::int64_t fee;  // Of the target currency.
};

Error wrong(std::string what) {
    return Error(ErrorCode::invalid_argument, std::move(what));
}

Result<void> check(const QuoteRequest& request) {
    if (request.source == request.target) return wrong("both currencies are the same");
    if (request.source_amount.has_value() == request.target_amount.has_value()) {
        return wrong("one of source_amount and target_amount is needed, not both");
    }
    const std::int64_t amount =
        request.source_amount ? *request.source_amount : *request.target_amount;
    if (amount < 1) return wrong("the amount is at least 1");
    if (amount > kQuoteAmountMax) return Error(ErrorCode::amount_overflow, "the amount");
    return {};
}

Result<std::chrono::seconds> validity_of(const QuoteRequest& request, const Corridor& corridor) {
    if (request.longest) return corridor.valid_max;
    if (!request.valid_for) {
        return std::clamp(kValidForDefault, corridor.valid_min, corridor.valid_max);
    }
    if (*request.valid_for < corridor.valid_min || *request.valid_for > corridor.valid_max) {
        return wrong("valid_for is " + std::to_string(corridor.valid_min.count()) + " to " +
                     std::to_string(corridor.valid_max.count()) + " seconds");
    }
    return *request.valid_for;
}

// How an amount in the target currency is rounded, that of a whole quote and of its parts.
Rounding target_rounding(RoundingSide side) {
    return side == RoundingSide::favour_operator   ? Rounding::down
           : side == RoundingSide::favour_merchant ? Rounding::up
                                                   : Rounding::half_even;
}

// For the operator every digit is cut, so that there and back is never worth more than one.
Result<Decimal> applied_rate(const MidRate& mid, const Corridor& corridor) {
    const bool is_cut = corridor.rounding == RoundingSide::favour_operator;
    const Decimal& from = is_cut ? mid.cut : mid.value;
    const Rounding rounding = is_cut ? Rounding::down : Rounding::half_even;
    if (corridor.bearer == Bearer::merchant) {
        return with_markup(from, corridor.spread_bps, rounding);
    }
    return Decimal::ratio(Int128{from.mantissa()} * kBasisPoints,
                          power_of_ten(from.scale()) * (kBasisPoints + corridor.spread_bps),
                          kRateDigits,
                          rounding);
}

Result<std::int64_t> fee_in(Currency target, const Corridor& corridor, const Decimal& mid) {
    if (!corridor.fixed_fee) return 0;
    if (corridor.fixed_fee->currency() == target) return corridor.fixed_fee->minor_units();
    const Result<Money> converted = convert(*corridor.fixed_fee, mid, target);
    if (!converted) return converted.error();
    return converted->minor_units();
}

Result<Terms> terms_for(const QuoteRequest& request, const Corridor& corridor, const MidRate& mid) {
    const Result<Decimal> rate = applied_rate(mid, corridor);
    if (!rate) return rate.error();
    const Result<std::int64_t> fee = fee_in(request.target, corridor, mid.value);
    if (!fee) return fee.error();
    return Terms{.corridor = corridor, .mid = mid.value, .rate = *rate, .fee = *fee};
}

Result<Money> target_for(const Money& source, Currency target, const Terms& terms) {
    const Result<Money> gross =
        convert(source, terms.rate, target, target_rounding(terms.corridor.rounding));
    if (!gross) return gross.error();
    return gross->subtract(Money(terms.fee, target));
}

Result<Money> source_for(const Money& target, Currency source, const Terms& terms) {
    const Result<Money> gross = target.add(Money(terms.fee, target.currency()));
    if (!gross) return gross.error();
    switch (terms.corridor.rounding) {
        case RoundingSide::favour_buyer:
            return convert_back(*gross, terms.rate, source, Rounding::down);
        case RoundingSide::favour_operator:
            return convert_back(*gross, terms.rate, source, Rounding::up);
        case RoundingSide::nearest:
        case RoundingSide::favour_merchant: break;
    }
    // A source of fine units is rounded to its own; one of coarse units must reach the target.
    const Result<Money> reaching = amount_for(*gross, terms.rate, source);
    if (!reaching) return reaching.error();
    const Result<Money> nearest = convert_back(*gross, terms.rate, source, Rounding::half_even);
    if (!nearest) return nearest.error();
    return reaching->minor_units() > nearest->minor_units() ? reaching : nearest;
}

Result<Amounts> amounts_of(const QuoteRequest& request, const Terms& terms) {
    const bool forward = request.source_amount.has_value();
    const Money given = forward ? Money(*request.source_amount, request.source)
                                : Money(*request.target_amount, request.target);
    const Result<Money> other = forward ? target_for(given, request.target, terms)
                                        : source_for(given, request.source, terms);
    if (!other) return other.error();
    if (!other->is_positive()) {
        return wrong("after the fee the amount is worth less than the smallest unit of " +
                     std::string(other->currency().code()));
    }
    if (other->minor_units() > kQuoteAmountMax) {
        return Error(ErrorCode::amount_overflow, "the converted amount");
    }
    const Amounts amounts = forward ? Amounts{given, *other} : Amounts{*other, given};
    const std::int64_t paid = amounts.source.minor_units();
    const Corridor& corridor = terms.corridor;
    if (paid < corridor.source_min.value_or(paid) || paid > corridor.source_max.value_or(paid)) {
        return Error(ErrorCode::limit_exceeded, "the amount is outside the corridor's limits");
    }
    return amounts;
}

Result<void> check_cumulative(const Quote& quote, std::int64_t cumulative_source) {
    if (cumulative_source < 0 || cumulative_source > quote.source.minor_units()) {
        return Error(ErrorCode::limit_exceeded, "more than the quote's source amount");
    }
    return {};
}

// What has been drawn by the time that the first `cumulative` units of the source are gone.
Result<QuotePart> drawn_by(const Quote& quote, std::int64_t cumulative) {
    const Result<Money> target = target_of(quote, cumulative);
    if (!target) return target.error();
    const Result<Money> mid = mid_value_of(quote, cumulative);
    if (!mid) return mid.error();
    const int whole = kBasisPoints + (quote.bearer == Bearer::buyer ? quote.markup_bps : 0);
    const Result<Money> margin = mid->scale(quote.markup_bps, whole, Rounding::half_even);
    if (!margin) return margin.error();
    const Result<Money> fee =
        Money(quote.fee, target->currency())
            .scale(cumulative, quote.source.minor_units(), Rounding::half_even);
    if (!fee) return fee.error();
    return QuotePart{.target = target->minor_units(),
                     .mid_value = mid->minor_units(),
                     .margin = margin->minor_units(),
                     .fee = fee->minor_units()};
}

}  // namespace

std::string_view to_string(QuoteStatus status) noexcept {
    switch (status) {
        case QuoteStatus::open: return "open";
        case QuoteStatus::consumed: return "consumed";
        case QuoteStatus::expired: return "expired";
    }
    return "open";
}

bool still_valid(const Quote& quote, Timestamp now) noexcept {
    return now < quote.expires_at;
}

QuoteStatus status_at(const Quote& quote, Timestamp now) noexcept {
    if (quote.consumed_by) return QuoteStatus::consumed;
    return still_valid(quote, now) ? QuoteStatus::open : QuoteStatus::expired;
}

Result<Quote> make_quote(const QuoteRequest& request, const QuoteSources& from) {
    const std::shared_ptr<const RateSnapshot> rates = from.rates.snapshot();
    if (rates) return make_quote(request, from, *rates);
    const Result<void> fine = check(request);
    if (!fine) return fine.error();
    return Error(ErrorCode::unavailable, "no rates are loaded");
}

Result<Quote> make_quote(const QuoteRequest& request,
                         const QuoteSources& from,
                         const RateSnapshot& rates) {
    const Result<void> fine = check(request);
    if (!fine) return fine.error();
    const Corridor* const corridor =
        from.corridors.find(request.merchant, request.source, request.target);
    if (corridor == nullptr) return Error(ErrorCode::not_found, "no corridor for this pair");
    const Result<std::chrono::seconds> validity = validity_of(request, *corridor);
    if (!validity) return validity.error();
    const Timestamp now = from.clock.now();
    const Result<MidRate> mid = rates.mid(
        request.source, request.target, {.today = day_of(now), .age_max = corridor->rate_age_max});
    if (!mid) return mid.error();
    const Result<Terms> terms = terms_for(request, *corridor, *mid);
    if (!terms) return terms.error();
    const Result<Amounts> amounts = amounts_of(request, *terms);
    if (!amounts) return amounts.error();
    return Quote{.id = from.ids.next(),
                 .merchant = request.merchant,
                 .livemode = request.livemode,
                 .source = amounts->source,
                 .target = amounts->target,
                 .mid_rate = terms->mid,
                 .rate = terms->rate,
                 .markup_bps = corridor->spread_bps,
                 .fee = terms->fee,
                 .rounding = corridor->rounding,
                 .bearer = corridor->bearer,
                 .rate_source = mid->publishers(),
                 .rate_date = mid->day,
                 .created_at = now,
                 .expires_at = now + *validity,
                 .consumed_by = std::nullopt};
}

Result<Money> target_of(const Quote& quote, std::int64_t cumulative_source) {
    const Result<void> fine = check_cumulative(quote, cumulative_source);
    if (!fine) return fine.error();
    return quote.target.scale(
        cumulative_source, quote.source.minor_units(), target_rounding(quote.rounding));
}

Result<Money> mid_value_of(const Quote& quote, std::int64_t cumulative_source) {
    const Result<void> fine = check_cumulative(quote, cumulative_source);
    if (!fine) return fine.error();
    return convert(
        Money(cumulative_source, quote.source.currency()), quote.mid_rate, quote.target.currency());
}

Result<QuotePart> part_of(const Quote& quote, std::int64_t before, std::int64_t length) {
    std::int64_t end = 0;
    if (length < 0 || __builtin_add_overflow(before, length, &end)) {
        return Error(ErrorCode::limit_exceeded, "not a part of the quote's source amount");
    }
    const Result<QuotePart> from = drawn_by(quote, before);
    if (!from) return from.error();
    const Result<QuotePart> to = drawn_by(quote, end);
    if (!to) return to.error();
    return QuotePart{.target = to->target - from->target,
                     .mid_value = to->mid_value - from->mid_value,
                     .margin = to->margin - from->margin,
                     .fee = to->fee - from->fee};
}

}  // namespace causeway::fx
