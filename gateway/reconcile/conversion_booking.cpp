// SPDX-License-Identifier: Apache-2.0
#include "gateway/reconcile/conversion_booking.h"

#include "gateway/books/postings.h"
#include "gateway/fx/positions.h"

#include <utility>
#include <vector>

namespace causeway::gateway {
namespace {

Result<Uuid> post(const ConversionBooks& books,
                  const ConversionEntry& about,
                  const char* kind,
                  std::vector<ledger::Line> lines) {
    const Uuid id = books.ids.next();
    const Result<ledger::Posted> posted = books.journal.post(books.body,
                                                             {.id = id,
                                                              .kind = kind,
                                                              .reference = about.source,
                                                              .effective = about.effective,
                                                              .recorded = about.recorded,
                                                              .lines = std::move(lines)});
    if (!posted) return posted.error();
    return id;
}

Parties parties_of(const ConversionEntry& about) {
    return {.connector = about.connector, .merchant = {}, .livemode = about.livemode};
}

}  // namespace

Result<Uuid> book_conversion(const ConversionBooks& books,
                             const ConversionEntry& about,
                             const ConversionAmounts& amounts) {
    const fx::Pair pair{.base = amounts.conversion.paid.currency(),
                        .counter = amounts.conversion.settled.currency(),
                        .livemode = about.livemode};
    const Result<fx::Position> position = position_in(books.body, books.journal, pair);
    if (!position) return position.error();
    Result<std::vector<ledger::Line>> lines =
        provider_conversion_lines({.parties = parties_of(about),
                                   .position = *position,
                                   .conversion = amounts.conversion,
                                   .gap = amounts.gap,
                                   .expected_cost = amounts.expected_cost,
                                   .cost = amounts.cost});
    if (!lines) return lines.error();
    return post(books, about, "provider_conversion", *std::move(lines));
}

Result<void> undo_conversion(const ConversionBooks& books,
                             const ConversionEntry& about,
                             const Uuid& entry) {
    const Result<ledger::Entry> posted = books.journal.entry(books.body, entry);
    if (!posted) return posted.error();
    std::vector<ledger::Line> lines = posted->lines;
    for (ledger::Line& line : lines)
        line.minor_units = -line.minor_units;
    const Result<Uuid> undone = post(books, about, "provider_conversion_undone", std::move(lines));
    if (!undone) return undone.error();
    return {};
}

Result<void> book_more_cost(const ConversionBooks& books,
                            const ConversionEntry& about,
                            const ledger::Money& more) {
    if (more.minor_units() == 0) return {};
    const Result<Uuid> booked =
        post(books, about, "provider_cost", provider_cost_lines(parties_of(about), more));
    if (!booked) return booked.error();
    return {};
}

}  // namespace causeway::gateway
