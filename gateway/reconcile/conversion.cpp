// SPDX-License-Identifier: Apache-2.0
#include "gateway/reconcile/conversion.h"

#include "fx/convert.h"

#include <utility>

namespace causeway::gateway {
namespace {

using ledger::Currency;
using ledger::Money;

bool takes_back(ExpectationKind kind) {
    return kind == ExpectationKind::refunded || kind == ExpectationKind::charged_back;
}

// Signed as the line is. Where we booked nothing in that currency: its own rate.
Result<Money> booked_for(const fx::ProviderConversion& conversion, const Expectation& expectation) {
    const Currency currency = conversion.settled.currency();
    if (!expectation.taken_for || expectation.taken_for->currency() != currency) {
        return fx::convert(conversion.paid, conversion.rate.value, currency);
    }
    const std::int64_t amount = expectation.taken_for->minor_units();
    return Money(takes_back(expectation.kind) ? -amount : amount, currency);
}

std::string part(const char* name, std::int64_t amount, const Currency& currency) {
    if (amount == 0) return {};
    return std::string(", ") + name + " " + Money(amount, currency).to_string();
}

}  // namespace

bool is_conversion(const StatementLine& line, const Expectation& expectation) {
    return line.rate.has_value() && expectation.kind != ExpectationKind::deposit &&
           line.gross.currency() == expectation.amount.currency() &&
           line.net.currency() != expectation.amount.currency();
}

Result<SettledConversion> read_conversion(const StatementLine& line,
                                          const Expectation& expectation) {
    const Currency currency = line.net.currency();
    const Result<Money> settled = line.net.add(Money(line.cost, currency));
    if (!settled) return settled.error();
    const fx::ProviderConversion conversion{
        .paid = line.gross, .settled = *settled, .rate = *line.rate};
    const Result<Money> booked = booked_for(conversion, expectation);
    if (!booked) return booked.error();
    const Result<fx::ConversionGap> gap = fx::compare(conversion, *booked);
    if (!gap) return gap.error();
    const Result<Money> expected_cost = fx::convert(
        Money(expectation.cost, expectation.amount.currency()), line.rate->value, currency);
    if (!expected_cost) return expected_cost.error();
    const Result<Money> cost_gap = Money(line.cost, currency).subtract(*expected_cost);
    if (!cost_gap) return cost_gap.error();
    return SettledConversion{.expectation_id = expectation.id,
                             .source = expectation.source,
                             .payment_id = expectation.payment_id,
                             .conversion = conversion,
                             .gap = *gap,
                             .cost = line.cost,
                             .expected_cost = expectation.cost,
                             .cost_gap = cost_gap->minor_units(),
                             .rate = line.rate->value.to_string(),
                             .told = expectation.told};
}

std::string correction_note(const ToldSettlement& told, const StatementLine& line) {
    const Currency currency = line.net.currency();
    std::string note = "the provider's answer said " + told.settled.to_string() + " at " +
                       told.rate + ", its file pays " + line.net.to_string() +
                       " after its cost of " + Money(line.cost, currency).to_string();
    const Result<Money> settled = line.net.add(Money(line.cost, currency));
    if (settled && currency == told.settled.currency()) {
        const Result<Money> apart = settled->subtract(told.settled);
        if (apart) note += ", " + apart->to_string() + " from what it said";
    }
    return note + "; booked as the file says";
}

std::string conversion_note(const SettledConversion& settled) {
    const fx::ProviderConversion& conversion = settled.conversion;
    const Currency currency = conversion.settled.currency();
    std::string note = "the provider makes " + conversion.settled.to_string() + " of " +
                       conversion.paid.to_string() + " at its rate " +
                       conversion.rate.value.to_string();
    note += part("by rate", settled.gap.rate, currency);
    note += part("by rounding", settled.gap.rounding, currency);
    return note + part("unexplained", settled.gap.unexplained, currency);
}

}  // namespace causeway::gateway
