// SPDX-License-Identifier: Apache-2.0
#include "fx/position.h"

#include "fx/convert.h"
#include "fx/rate.h"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

namespace causeway::fx {
namespace {

using ledger::AccountBalance;
using ledger::AccountKey;
using ledger::Currency;
using ledger::Line;
using ledger::Money;
using ledger::Purpose;

constexpr std::string_view kTestPrefix = "test/";

Int128 absolute(std::int64_t value) noexcept {
    return value < 0 ? -Int128{value} : Int128{value};
}

// The smallest number is left out: it has no negative, and every line has its counterpart.
Result<std::int64_t> narrowed(Int128 value) {
    using Limits = std::numeric_limits<std::int64_t>;
    if (value <= Limits::min() || value > Limits::max()) {
        return Error(ErrorCode::amount_overflow, "the position does not fit");
    }
    return static_cast<std::int64_t>(value);
}

// The part of `whole` that `part` is of `of`: all of it for all. Requires 0 < part <= of.
Int128 share(std::int64_t whole, Int128 part, Int128 of) noexcept {
    return divide_half_even(whole * part, of);
}

AccountKey account_of(const Position& position, Purpose purpose, Currency currency) {
    return {.owner = position.pair.owner(), .purpose = purpose, .currency = currency};
}

void add(std::vector<Line>& lines, const AccountKey& account, std::int64_t minor_units) {
    if (minor_units != 0) lines.push_back({.account = account, .minor_units = minor_units});
}

// Two accounts of the counter currency: one has what the other lacks.
std::vector<Line> move(const Position& position, Purpose to, Purpose from, std::int64_t amount) {
    std::vector<Line> lines;
    add(lines, account_of(position, to, position.pair.counter), amount);
    add(lines, account_of(position, from, position.pair.counter), -amount);
    return lines;
}

bool is_of_positions(Purpose purpose) noexcept {
    return purpose == Purpose::fx_trading || purpose == Purpose::fx_result ||
           purpose == Purpose::fx_fee || purpose == Purpose::fx_realised ||
           purpose == Purpose::fx_unrealised;
}

Result<void> count(const AccountBalance& balance, Position& position) {
    const std::int64_t net = balance.balance.net();
    const Currency currency = balance.account.currency;
    const Purpose purpose = balance.account.purpose;
    if (purpose == Purpose::fx_trading && currency == position.pair.base) {
        position.open = -net;
        return {};
    }
    if (currency != position.pair.counter) {
        return Error(ErrorCode::integrity,
                     balance.account.owner + " has a balance in " + std::string(currency.code()));
    }
    if (purpose == Purpose::fx_trading) position.cost = net;
    if (purpose == Purpose::fx_result) position.margin = -net;
    if (purpose == Purpose::fx_fee) position.fees = -net;
    if (purpose == Purpose::fx_realised) position.realised = -net;
    if (purpose == Purpose::fx_unrealised) position.unrealised = -net;
    return {};
}

}  // namespace

std::string Pair::owner() const {
    return (livemode ? "" : std::string(kTestPrefix)) + std::string(base.code()) + "/" +
           std::string(counter.code());
}

Result<Pair> Pair::of_owner(std::string_view owner) {
    const Error none(ErrorCode::not_found, "not the name of a pair");
    const bool livemode = !owner.starts_with(kTestPrefix);
    if (!livemode) owner.remove_prefix(kTestPrefix.size());
    if (owner.size() != 7 || owner[3] != '/') return none;
    const Result<Currency> base = Currency::from_code(owner.substr(0, 3));
    const Result<Currency> counter = Currency::from_code(owner.substr(4));
    if (!base || !counter || *base == *counter) return none;
    return Pair{.base = *base, .counter = *counter, .livemode = livemode};
}

Result<std::vector<Position>> positions_of(std::span<const AccountBalance> balances) {
    std::map<std::string, Position> found;
    for (const AccountBalance& balance : balances) {
        if (!is_of_positions(balance.account.purpose)) continue;
        const Result<Pair> pair = Pair::of_owner(balance.account.owner);
        if (!pair) continue;
        const auto place = found.try_emplace(balance.account.owner, Position{.pair = *pair}).first;
        const Result<void> counted = count(balance, place->second);
        if (!counted) return counted.error();
    }
    std::vector<Position> positions;
    for (auto& [owner, position] : found)
        positions.push_back(position);
    return positions;
}

Result<std::optional<Decimal>> average_rate(const Position& position) {
    const bool same_sign = (position.open < 0) == (position.cost < 0);
    if (position.open == 0 || (position.cost != 0 && !same_sign)) return std::optional<Decimal>();
    const Result<Decimal> rate =
        Decimal::ratio(absolute(position.cost) * power_of_ten(position.pair.base.exponent()),
                       absolute(position.open) * power_of_ten(position.pair.counter.exponent()),
                       kRateDigits);
    if (!rate) return rate.error();
    return std::optional(*rate);
}

Result<Money> market_value(const Position& position, const Decimal& mid) {
    return convert(Money(position.open, position.pair.base), mid, position.pair.counter);
}

Result<Money> unrealised_at(const Position& position, const Decimal& mid) {
    const Result<Money> worth = market_value(position, mid);
    if (!worth) return worth.error();
    return worth->subtract(Money(position.cost, position.pair.counter));
}

Result<Traded> apply(const Position& position, const Trade& trade) {
    if (trade.base == 0) return Error(ErrorCode::invalid_argument, "a trade of nothing");
    const bool closes = position.open != 0 && (position.open < 0) != (trade.base < 0);
    const Int128 closed =
        closes ? std::min(absolute(position.open), absolute(trade.base)) : Int128{0};
    const Int128 cost_out = closes ? share(position.cost, closed, absolute(position.open)) : 0;
    const Int128 paid = closes ? share(trade.counter, closed, absolute(trade.base)) : 0;
    const Int128 made = -paid - cost_out;

    const Result<std::int64_t> open = narrowed(Int128{position.open} + trade.base);
    const Result<std::int64_t> cost =
        narrowed(position.cost - cost_out + Int128{trade.counter} - paid);
    const Result<std::int64_t> realised = narrowed(made);
    const Result<std::int64_t> realised_in_all = narrowed(position.realised + made);
    for (const Result<std::int64_t>* const amount : {&open, &cost, &realised, &realised_in_all}) {
        if (!*amount) return amount->error();
    }
    Traded traded{.after = position, .realised = *realised};
    traded.after.open = *open;
    traded.after.cost = *cost;
    traded.after.realised = *realised_in_all;
    return traded;
}

Result<std::vector<Line>> trade_lines(const Position& position,
                                      const Trade& trade,
                                      const TradeAccounts& accounts) {
    const Result<Traded> traded = apply(position, trade);
    if (!traded) return traded.error();
    const Result<std::int64_t> cost = narrowed(Int128{traded->after.cost} - position.cost);
    const Result<std::int64_t> given = narrowed(-Int128{trade.counter});
    const Result<std::int64_t> mirror = narrowed(-Int128{trade.base});
    if (!cost) return cost.error();
    if (!given) return given.error();
    if (!mirror) return mirror.error();
    const Currency counter = position.pair.counter;
    std::vector<Line> lines;
    add(lines, account_of(position, Purpose::fx_trading, position.pair.base), *mirror);
    add(lines, accounts.base, trade.base);
    add(lines, account_of(position, Purpose::fx_trading, counter), *cost);
    add(lines, accounts.counter, *given);
    add(lines, account_of(position, Purpose::fx_realised, counter), -traded->realised);
    return lines;
}

std::vector<Line> residue_lines(const Position& position) {
    if (position.open != 0) return {};
    return move(position, Purpose::fx_realised, Purpose::fx_trading, position.cost);
}

Result<std::vector<Line>> revaluation_lines(const Position& position, const Decimal& mid) {
    if (position.unrealised != 0) {
        return Error(ErrorCode::conflict, "the last revaluation was not reversed");
    }
    const Result<Money> unrealised = unrealised_at(position, mid);
    if (!unrealised) return unrealised.error();
    const Result<std::int64_t> amount = narrowed(unrealised->minor_units());
    if (!amount) return amount.error();
    return move(position, Purpose::fx_revaluation, Purpose::fx_unrealised, *amount);
}

std::vector<Line> reversal_lines(const Position& position) {
    return move(position, Purpose::fx_unrealised, Purpose::fx_revaluation, position.unrealised);
}

}  // namespace causeway::fx
