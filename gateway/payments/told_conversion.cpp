// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/told_conversion.h"

#include "fx/convert.h"
#include "fx/provider_conversion.h"
#include "gateway/log.h"
#include "gateway/payments/told_conversion_store.h"
#include "gateway/reconcile/conversion_booking.h"
#include "gateway/reconcile/reconcile_store.h"

#include <utility>

namespace causeway::gateway {
namespace {

using connectors::ToldAmount;
using ledger::Money;

Error wrong(std::string why) {
    return Error(ErrorCode::integrity, std::move(why));
}

fx::Int128 size_of(std::int64_t amount) {
    return amount < 0 ? -fx::Int128{amount} : fx::Int128{amount};
}

Money signed_as(const Money& like, const Money& amount) {
    return like.minor_units() < 0 ? Money(-amount.minor_units(), amount.currency()) : amount;
}

// What was said of `paid`, which is negative for money that goes back. Errors: `integrity` for what
// can not be a conversion of it.
Result<fx::ProviderConversion> read(const Money& paid, const ToldAmount& told) {
    const Result<fx::WrittenRate> rate = fx::parse_written_rate(told.rate);
    if (!rate) return wrong("its rate is " + told.rate);
    if (told.amount.minor_units() <= 0) return wrong("it makes " + told.amount.to_string());
    return fx::ProviderConversion{
        .paid = paid, .settled = signed_as(paid, told.amount), .rate = *rate};
}

// Errors: `integrity` when the amount does not follow from its own rate.
Result<fx::ConversionGap> check(const fx::ProviderConversion& conversion, const Money& booked) {
    Result<fx::ConversionGap> gap = fx::compare(conversion, booked);
    if (gap && gap->unexplained == 0) return gap;
    return wrong(conversion.settled.to_string() + " is not " + conversion.paid.to_string() +
                 " at its rate " + conversion.rate.value.to_string());
}

// What we take the amount for in that currency: at the payment's own rate, or the day's. None when
// there is neither.
std::optional<Money> ours(const OutcomeCase& c,
                          const Expectation& expected,
                          const Money& paid,
                          const ledger::Currency& currency) {
    if (expected.taken_for && expected.taken_for->currency() == currency) {
        return signed_as(paid, *expected.taken_for);
    }
    const Result<fx::Decimal> mid = c.shop.quotes.rates.mid_rate(paid.currency(), currency);
    if (!mid) return std::nullopt;
    const Result<Money> worth = fx::convert(paid, *mid, currency);
    return worth ? std::optional(*worth) : std::nullopt;
}

bool is_strange(const fx::ProviderConversion& conversion, const Money& worth) {
    const Result<Money> theirs =
        fx::convert(conversion.paid, conversion.rate.value, worth.currency());
    if (!theirs) return true;
    const fx::Int128 apart = size_of(theirs->minor_units()) - size_of(worth.minor_units());
    const fx::Int128 allowed = size_of(worth.minor_units()) * kStrangeRatePercent + 100;
    return apart * 100 > allowed || -apart * 100 > allowed;
}

// A conversion that is to be believed. None when the provider settles in the buyer's currency.
struct Believed {
    fx::ProviderConversion conversion;
    fx::ConversionGap gap;
};

Result<std::optional<Believed>> judge(const OutcomeCase& c,
                                      const Expectation& expected,
                                      const Money& paid,
                                      const ToldAmount& told) {
    const Result<fx::ProviderConversion> conversion = read(paid, told);
    if (!conversion) return conversion.error();
    const ledger::Currency currency = told.amount.currency();
    if (currency == paid.currency()) {
        if (conversion->settled == paid) return std::optional<Believed>();
        return wrong("it settles " + told.amount.to_string() + " for " + paid.to_string());
    }
    const std::optional<Money> worth = ours(c, expected, paid, currency);
    const bool converted = expected.taken_for && expected.taken_for->currency() == currency;
    const Result<Money> at_its_rate = fx::convert(paid, conversion->rate.value, currency);
    if (!at_its_rate) return wrong("its rate is " + told.rate);
    const Result<fx::ConversionGap> gap = check(*conversion, converted ? *worth : *at_its_rate);
    if (!gap) return gap.error();
    if (worth && is_strange(*conversion, *worth)) {
        return wrong("its rate " + told.rate + " makes " + conversion->settled.to_string() +
                     " of " + paid.to_string() + ", we make " + worth->to_string());
    }
    return std::optional(Believed{.conversion = *conversion, .gap = *gap});
}

// What the buyer is billed books nothing, but is to follow from its rate too.
std::string billing_fault(const Money& paid, const ToldAmount& told) {
    const Result<fx::ProviderConversion> conversion = read(paid, told);
    if (!conversion) return "billing: " + conversion.error().detail();
    const Result<fx::ConversionGap> gap = check(*conversion, conversion->settled);
    return gap ? std::string() : "billing: " + gap.error().detail();
}

void add_fault(std::string& faults, const std::string& fault) {
    if (fault.empty()) return;
    faults += (faults.empty() ? "" : "; ") + fault;
}

// Nothing that a provider said about a rate is dropped without a word.
Result<void> keep(OutcomeCase& c, const KeptConversion& kept) {
    const std::string id = to_text("op", c.row.id);
    if (!kept.fault.empty()) {
        c.records.note("conversion", id, "disbelieved", kept.fault);
        log(LogLevel::error,
            "conversion_disbelieved",
            {{"operation", id}, {"connector", c.row.connector}, {"why", kept.fault}});
    }
    return insert_kept_conversion(c.tx, kept);
}

const connectors::Conversion* told_in(const OutcomeCase& c) {
    const bool told = c.outcome && c.outcome->provider_conversion && !c.by_hand;
    return told ? &*c.outcome->provider_conversion : nullptr;
}

KeptConversion kept_of(const OutcomeCase& c,
                       const connectors::Conversion& told,
                       const Money& paid) {
    KeptConversion kept{.operation = c.row.id,
                        .payment = c.payment.id,
                        .expectation = std::nullopt,
                        .paid = paid,
                        .settlement = told.settlement,
                        .billing = told.billing,
                        .booked = false,
                        .fault = told.fault,
                        .created = c.now()};
    if (told.billing) add_fault(kept.fault, billing_fault(paid, *told.billing));
    return kept;
}

Result<void> book(OutcomeCase& c, const Expectation& expected, const Believed& believed) {
    const fx::ProviderConversion& conversion = believed.conversion;
    const ledger::Currency currency = conversion.settled.currency();
    const Result<Money> cost = fx::convert(
        Money(expected.cost, expected.amount.currency()), conversion.rate.value, currency);
    if (!cost) return cost.error();
    const Result<Uuid> entry =
        book_conversion({.body = c.tx, .journal = c.shop.journal, .ids = c.shop.ids},
                        {.connector = expected.connector,
                         .livemode = c.payment.livemode,
                         .source = expected.source,
                         .effective = c.row.created_at,
                         .recorded = c.now()},
                        {.conversion = conversion,
                         .gap = believed.gap,
                         .expected_cost = expected.cost,
                         .cost = cost->minor_units()});
    if (!entry) return entry.error();
    c.records.posted(*entry);
    c.records.note("conversion",
                   expected.source,
                   "booked",
                   conversion.settled.to_string() + " for " + conversion.paid.to_string());
    const ToldSettlement told{.settled = conversion.settled,
                              .rate = c.outcome->provider_conversion->settlement->rate,
                              .cost = cost->minor_units(),
                              .entry = *entry};
    return tell_expectation(c.tx, expected.id, told);
}

}  // namespace

Result<void> keep_conversion(OutcomeCase& c) {
    const connectors::Conversion* const told = told_in(c);
    if (told == nullptr) return {};
    KeptConversion kept = kept_of(c, *told, c.row.amount);
    const Expectation none{.id = {}, .amount = c.row.amount};
    if (told->settlement) {
        const auto judged = judge(c, none, c.row.amount, *told->settlement);
        if (!judged) add_fault(kept.fault, judged.error().detail());
    }
    return keep(c, kept);
}

Result<void> take_conversion(OutcomeCase& c, const Booked& booked) {
    const connectors::Conversion* const told = told_in(c);
    if (told == nullptr) return {};
    const Expectation& expected = booked.expected;
    const bool back = expected.kind == ExpectationKind::refunded;
    const Money paid(back ? -expected.amount.minor_units() : expected.amount.minor_units(),
                     expected.amount.currency());
    KeptConversion kept = kept_of(c, *told, paid);
    kept.expectation = expected.id;
    if (told->settlement) {
        const auto judged = judge(c, expected, paid, *told->settlement);
        if (!judged) add_fault(kept.fault, judged.error().detail());
        if (judged && *judged) {
            const Result<void> done = book(c, expected, **judged);
            if (!done) return done.error();
            kept.booked = true;
        }
    }
    return keep(c, kept);
}

}  // namespace causeway::gateway
