// SPDX-License-Identifier: Apache-2.0
//
// Quotes for a checker in another language: one request a line on the standard input, one answer a
// line on the standard output. tests/fx/exact_check.py says what the words are.
#include "fx/disclosure.h"
#include "fx/quote.h"
#include "tests/support/books.h"

#include <iostream>
#include <sstream>
#include <string>

namespace causeway::fx {
namespace {

using ledger::Currency;
using ledger::Money;

struct Line {
    std::string source;
    std::string source_per_euro;
    std::string target;
    std::string target_per_euro;
    std::string fixed;  // "source" or "target": whose amount it is
    std::int64_t amount = 0;
    int spread_bps = 0;
    std::int64_t fee = 0;  // Of the target currency.
    std::string bearer;
    std::string side;
};

void publish(
    const Line& line, const Currency& source, const Currency& target, Day day, RateBook& book) {
    std::vector<ReferenceRate> rates;
    if (line.source != "EUR") rates.push_back({source, *Decimal::parse(line.source_per_euro)});
    if (line.target != "EUR") rates.push_back({target, *Decimal::parse(line.target_per_euro)});
    book.publish(*ReferenceTable::make("ECB", day, std::move(rates)));
}

std::string answer(const Line& line, test::Ids& ids) {
    const Result<Currency> source = Currency::from_code(line.source);
    const Result<Currency> target = Currency::from_code(line.target);
    if (!source || !target) return "unlisted";
    RateBook book;
    publish(line, *source, *target, day_of(ids.clock.now()), book);
    const Corridors corridors = *Corridors::make({{.target = *target,
                                                   .spread_bps = line.spread_bps,
                                                   .fixed_fee = Money(line.fee, *target),
                                                   .rounding = *parse_rounding_side(line.side),
                                                   .bearer = *parse_bearer(line.bearer)}});
    QuoteRequest request{.merchant = {}, .source = *source, .target = *target};
    (line.fixed == "source" ? request.source_amount : request.target_amount) = line.amount;
    const Result<Quote> quote = make_quote(
        request, {.rates = book, .clock = ids.clock, .ids = ids.source, .corridors = corridors});
    if (!quote) return "refused " + std::string(to_string(quote.error().code()));
    const std::int64_t third = quote->source.minor_units() / 3;
    const Result<QuotePart> part = part_of(*quote, third, third);
    const Result<Disclosure> shown = disclosure_of(*quote);
    if (!part || !shown) return "failed";
    std::ostringstream out;
    out << quote->mid_rate.to_string() << ' ' << quote->rate.to_string() << ' '
        << quote->source.minor_units() << ' ' << quote->target.minor_units() << ' '
        << shown->markup_percent << ' ' << part->target << ' ' << part->mid_value << ' '
        << part->margin << ' ' << part->fee;
    return out.str();
}

}  // namespace
}  // namespace causeway::fx

int main() {
    causeway::test::Ids ids;
    std::string text;
    while (std::getline(std::cin, text)) {
        causeway::fx::Line line;
        std::istringstream words(text);
        words >> line.source >> line.source_per_euro >> line.target >> line.target_per_euro >>
            line.fixed >> line.amount >> line.spread_bps >> line.fee >> line.bearer >> line.side;
        std::cout << causeway::fx::answer(line, ids) << '\n';
    }
    return 0;
}
