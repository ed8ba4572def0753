// SPDX-License-Identifier: Apache-2.0
#include "gateway/fx/positions.h"

#include "gateway/fx/positions_store.h"
#include "gateway/fx/rate_desk.h"
#include "ledger/journal/history.h"

#include <array>
#include <chrono>
#include <utility>

namespace causeway::gateway {
namespace {

using fx::Pair;
using fx::Position;
using ledger::AccountBalance;
using ledger::Purpose;
using ledger::Transaction;

using Balances = std::vector<AccountBalance>;

Result<Balances> balances_now(ledger::Database& database, const ledger::Journal& journal) {
    Balances found;
    const Result<void> read = database.read([&](Transaction& snapshot) -> Result<void> {
        Result<Balances> all = journal.balances(snapshot);
        if (!all) return all.error();
        found = *std::move(all);
        return {};
    });
    if (!read) return read.error();
    return found;
}

constexpr std::array kPurposes{Purpose::fx_trading,
                               Purpose::fx_result,
                               Purpose::fx_fee,
                               Purpose::fx_realised,
                               Purpose::fx_unrealised};
constexpr int kTriesMax = 8;

// The trading account of the base currency first: every exchange moves it.
std::vector<ledger::AccountKey> accounts_of(const Pair& pair) {
    std::vector<ledger::AccountKey> keys{
        {.owner = pair.owner(), .purpose = Purpose::fx_trading, .currency = pair.base}};
    for (const Purpose purpose : kPurposes)
        keys.push_back({.owner = pair.owner(), .purpose = purpose, .currency = pair.counter});
    return keys;
}

Result<Position> position_of(const Pair& pair, const Balances& balances) {
    const Result<std::vector<Position>> found = fx::positions_of(balances);
    if (!found) return found.error();
    return found->empty() ? Position{.pair = pair} : found->front();
}

Result<Position> read_at(const ledger::History& history, const Pair& pair, Timestamp moment) {
    Balances balances;
    for (const ledger::AccountKey& key : accounts_of(pair)) {
        const Result<ledger::Balance> balance =
            history.balance_at(key, moment, ledger::HistoryClock::effective);
        if (!balance && balance.error().code() == ErrorCode::not_found) continue;
        if (!balance) return balance.error();
        balances.push_back({.account = key, .balance = *balance});
    }
    return position_of(pair, balances);
}

// Each account is read for itself. What is booked late in between shows, because then the second
// reading is another one.
Result<Position> position_at(const ledger::History& history, const Pair& pair, Timestamp moment) {
    Result<Position> before = read_at(history, pair, moment);
    for (int i = 0; before && i < kTriesMax; ++i) {
        Result<Position> again = read_at(history, pair, moment);
        if (!again || *again == *before) return again;
        before = std::move(again);
    }
    if (!before) return before;
    return Error(ErrorCode::unavailable, pair.owner() + " is being back-dated all the time");
}

}  // namespace

Timestamp end_of(Day day) {
    return Timestamp(day + std::chrono::days(1)) - std::chrono::microseconds(1);
}

Result<Position> position_in(Transaction& body, ledger::Journal& journal, const Pair& pair) {
    const Result<void> locked = lock_new_pair(body, pair);
    if (!locked) return locked.error();
    Balances balances;
    for (const ledger::AccountKey& key : accounts_of(pair)) {
        const Result<ledger::Balance> balance = journal.balance(body, key);
        if (!balance) return balance.error();
        balances.push_back({.account = key, .balance = *balance});
    }
    return position_of(pair, balances);
}

Result<std::vector<Position>> positions(ledger::Database& database,
                                        const ledger::Journal& journal,
                                        std::optional<Day> day) {
    const Result<Balances> balances = balances_now(database, journal);
    if (!balances) return balances.error();
    Result<std::vector<Position>> found = fx::positions_of(*balances);
    if (!found || !day) return found;
    const ledger::History history(database, journal);
    for (Position& position : *found) {
        const Result<Position> then = position_at(history, position.pair, end_of(*day));
        if (!then) return then.error();
        position = *then;
    }
    return found;
}

Result<fx::MidRate> DayRates::mid(const Pair& pair) const {
    if (!snapshot) return Error(ErrorCode::not_found, "there are no rates");
    return snapshot->mid(pair.base, pair.counter, freshness);
}

Result<DayRates> rates_of_day(ledger::Database& database, const FxSettings* settings, Day day) {
    const int age_max = (settings == nullptr ? FxSettings() : *settings).rates_age_max_days;
    DayRates rates{.snapshot = {},
                   .freshness = {.today = day, .age_max = std::chrono::days(age_max)}};
    const Result<void> read = database.read([&](Transaction& snapshot) -> Result<void> {
        Result<fx::RateSnapshot> loaded = load_snapshot(snapshot, sources_of(settings), day);
        if (!loaded && loaded.error().code() == ErrorCode::not_found) return {};
        if (!loaded) return loaded.error();
        rates.snapshot.emplace(*std::move(loaded));
        return {};
    });
    if (!read) return read.error();
    return rates;
}

}  // namespace causeway::gateway
