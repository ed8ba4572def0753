// SPDX-License-Identifier: Apache-2.0
#include "gateway/fx/hedge.h"

#include "gateway/books/postings.h"
#include "gateway/fx/positions.h"

#include <utility>

namespace causeway::gateway {
namespace {

using ledger::Purpose;
using ledger::Transaction;

fx::TradeAccounts accounts_of(const TradeOrder& order) {
    const std::string owner = owner_name(order.bank, order.pair.livemode);
    return {
        .base = {.owner = owner, .purpose = Purpose::bank_own, .currency = order.pair.base},
        .counter = {.owner = owner, .purpose = Purpose::bank_own, .currency = order.pair.counter}};
}

bool says_the_same(const BookedTrade& booked, const TradeOrder& order) {
    return booked.pair == order.pair && booked.bank == order.bank &&
           booked.trade.base == order.trade.base && booked.trade.counter == order.trade.counter;
}

}  // namespace

Result<TradeOutcome> book_trade(Transaction& body,
                                ledger::Journal& journal,
                                IdSource& ids,
                                const TradeOrder& order,
                                Timestamp now) {
    const Result<fx::Position> before = position_in(body, journal, order.pair);
    if (!before) return before.error();
    const Result<std::optional<BookedTrade>> known =
        find_trade(body, order.pair.livemode, order.deal);
    if (!known) return known.error();
    if (*known && says_the_same(**known, order)) {
        return TradeOutcome{.booked = **known, .after = *before, .repeated = true};
    }
    if (*known) return Error(ErrorCode::conflict, "another trade has the id " + order.deal);

    const Result<fx::Traded> traded = fx::apply(*before, order.trade);
    if (!traded) return traded.error();
    Result<std::vector<ledger::Line>> lines =
        fx::trade_lines(*before, order.trade, accounts_of(order));
    if (!lines) return lines.error();
    const Uuid id = ids.next();
    BookedTrade booked{.id = id,
                       .pair = order.pair,
                       .deal = order.deal.empty() ? to_text("fxt", id) : order.deal,
                       .bank = order.bank,
                       .trade = order.trade,
                       .realised = traded->realised,
                       .reason = order.reason,
                       .by = order.by,
                       .entry = ids.next(),
                       .created = now};
    const Result<ledger::Posted> posted = journal.post(body,
                                                       {.id = booked.entry,
                                                        .kind = "fx_trade",
                                                        .reference = to_text("fxt", id),
                                                        .effective = now,
                                                        .recorded = now,
                                                        .lines = *std::move(lines)});
    if (!posted) return posted.error();
    const Result<void> stored = insert_trade(body, booked);
    if (!stored) return stored.error();
    return TradeOutcome{.booked = std::move(booked), .after = traded->after};
}

}  // namespace causeway::gateway
