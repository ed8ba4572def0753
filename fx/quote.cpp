// SPDX-License-Identifier: Apache-2.0
#include "fx/quote.h"

#include "fx/convert.h"

#include <utility>

namespace causeway::fx {
namespace {

using ledger::Money;

struct Amounts {
    Money source;
    Money target;
};

Result<void> check(const QuoteRequest& request) {
    const auto wrong = [](const char* what) { return Error(ErrorCode::invalid_argument, what); };
    if (request.source == request.target) return wrong("both currencies are the same");
    if (request.source_amount.has_value() == request.target_amount.has_value()) {
        return wrong("one of source_amount and target_amount is needed, not both");
    }
    const std::int64_t amount =
        request.source_amount ? *request.source_amount : *request.target_amount;
    if (amount < 1) return wrong("the amount is at least 1");
    if (amount > kQuoteAmountMax) return Error(ErrorCode::amount_overflow, "the amount");
    if (request.valid_for < kQuoteValidMin || request.valid_for > kQuoteValidMax) {
        return wrong("valid_for is 5 to 86400 seconds");
    }
    return {};
}

Result<Amounts> amounts_of(const QuoteRequest& request, const Decimal& rate) {
    const bool forward = request.source_amount.has_value();
    const Money given = forward ? Money(*request.source_amount, request.source)
                                : Money(*request.target_amount, request.target);
    const Result<Money> other =
        forward ? convert(given, rate, request.target) : amount_for(given, rate, request.source);
    if (!other) return other.error();
    if (!other->is_positive()) {
        return Error(ErrorCode::invalid_argument,
                     "the amount is worth less than the smallest unit of " +
                         std::string(other->currency().code()));
    }
    if (other->minor_units() > kQuoteAmountMax) {
        return Error(ErrorCode::amount_overflow, "the converted amount");
    }
    return forward ? Amounts{given, *other} : Amounts{*other, given};
}

Result<void> check_cumulative(const Quote& quote, std::int64_t cumulative_source) {
    if (cumulative_source < 0 || cumulative_source > quote.source.minor_units()) {
        return Error(ErrorCode::limit_exceeded, "more than the quote's source amount");
    }
    return {};
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

QuoteStatus status_at(const Quote& quote, Timestamp now) noexcept {
    if (quote.consumed_by) return QuoteStatus::consumed;
    return now >= quote.expires_at ? QuoteStatus::expired : QuoteStatus::open;
}

Result<Quote> make_quote(const QuoteRequest& request, const QuoteSources& from) {
    const Result<void> fine = check(request);
    if (!fine) return fine.error();
    // One snapshot for everything, or the rate and its date could come from two tables.
    const std::shared_ptr<const ReferenceTable> table = from.rates.snapshot();
    if (!table) return Error(ErrorCode::unavailable, "no rates are loaded");
    const Timestamp now = from.clock.now();
    if (day_of(now) - table->day() > from.rate_age_max) {
        return Error(ErrorCode::expired, "the newest rates are of " + to_text(table->day()));
    }
    const Result<Decimal> mid = table->cross(request.source, request.target);
    if (!mid) return mid.error();
    const Result<Decimal> rate = with_markup(*mid, request.markup_bps);
    if (!rate) return rate.error();
    const Result<Amounts> amounts = amounts_of(request, *rate);
    if (!amounts) return amounts.error();
    return Quote{.id = from.ids.next(),
                 .merchant = request.merchant,
                 .livemode = request.livemode,
                 .source = amounts->source,
                 .target = amounts->target,
                 .mid_rate = *mid,
                 .rate = *rate,
                 .markup_bps = request.markup_bps,
                 .rate_source = table->publisher(),
                 .rate_date = table->day(),
                 .created_at = now,
                 .expires_at = now + request.valid_for,
                 .consumed_by = std::nullopt};
}

Result<Money> target_of(const Quote& quote, std::int64_t cumulative_source) {
    const Result<void> fine = check_cumulative(quote, cumulative_source);
    if (!fine) return fine.error();
    return quote.target.scale(
        cumulative_source, quote.source.minor_units(), ledger::Rounding::half_even);
}

Result<Money> mid_value_of(const Quote& quote, std::int64_t cumulative_source) {
    const Result<void> fine = check_cumulative(quote, cumulative_source);
    if (!fine) return fine.error();
    return convert(
        Money(cumulative_source, quote.source.currency()), quote.mid_rate, quote.target.currency());
}

}  // namespace causeway::fx
