// SPDX-License-Identifier: Apache-2.0
#include "gateway/fx/positions_store.h"

namespace causeway::gateway {
namespace {

using ledger::Row;
using ledger::Transaction;

constexpr std::string_view kSchema = R"(
CREATE TABLE fx_trades (
    trade_id BYTES NOT NULL PRIMARY KEY,
    livemode BIGINT NOT NULL,
    pair TEXT NOT NULL,
    deal TEXT NOT NULL,
    bank TEXT NOT NULL,
    base_amount BIGINT NOT NULL,
    counter_amount BIGINT NOT NULL,
    realised BIGINT NOT NULL,
    reason TEXT NOT NULL,
    made_by TEXT NOT NULL,
    entry_id BYTES NOT NULL,
    created_us BIGINT NOT NULL,
    UNIQUE (livemode, deal)
);
CREATE TABLE fx_revaluations (
    pair TEXT NOT NULL,
    day BIGINT NOT NULL,
    mid_rate TEXT NOT NULL,
    publisher TEXT NOT NULL,
    rates_day BIGINT NOT NULL,
    open_amount BIGINT NOT NULL,
    cost BIGINT NOT NULL,
    unrealised BIGINT NOT NULL,
    entry_id BYTES,
    created_us BIGINT NOT NULL,
    PRIMARY KEY (pair, day)
);
ALTER TABLE expectations ADD COLUMN taken_amount BIGINT;
ALTER TABLE expectations ADD COLUMN taken_currency TEXT;
)";

constexpr std::string_view kUndone = R"(
CREATE TABLE fx_revaluations_undone (
    undone_id BYTES NOT NULL PRIMARY KEY,
    pair TEXT NOT NULL,
    day BIGINT NOT NULL,
    mid_rate TEXT NOT NULL,
    publisher TEXT NOT NULL,
    rates_day BIGINT NOT NULL,
    open_amount BIGINT NOT NULL,
    cost BIGINT NOT NULL,
    unrealised BIGINT NOT NULL,
    entry_id BYTES,
    created_us BIGINT NOT NULL,
    reason TEXT NOT NULL,
    made_by TEXT NOT NULL,
    undone_us BIGINT NOT NULL
);
)";

std::int64_t number_of(Day day) {
    return day.time_since_epoch().count();
}

Result<void> one_row(const Result<std::int64_t>& inserted, const std::string& what) {
    if (!inserted) return inserted.error();
    if (*inserted == 1) return {};
    return Error(ErrorCode::conflict, what);
}

}  // namespace

std::string_view positions_schema_sql() {
    return kSchema;
}

std::string_view revaluations_undone_schema_sql() {
    return kUndone;
}

Result<void> lock_new_pair(Transaction& tx, const fx::Pair& pair) {
    // A second insert of the same key waits for the first one's transaction.
    const std::string owner = pair.owner();
    const Result<std::int64_t> inserted =
        tx.execute("INSERT INTO fx_pairs (pair) VALUES ($1) ON CONFLICT DO NOTHING", {owner});
    if (!inserted) return inserted.error();
    return {};
}

Result<void> insert_trade(Transaction& tx, const BookedTrade& trade) {
    const std::string pair = trade.pair.owner();
    return one_row(tx.execute("INSERT INTO fx_trades (trade_id, livemode, pair, deal, bank, "
                              "base_amount, counter_amount, realised, reason, made_by, entry_id, "
                              "created_us) "
                              "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) "
                              "ON CONFLICT DO NOTHING",
                              {trade.id,
                               trade.pair.livemode,
                               pair,
                               trade.deal,
                               trade.bank,
                               trade.trade.base,
                               trade.trade.counter,
                               trade.realised,
                               trade.reason,
                               trade.by,
                               trade.entry,
                               trade.created}),
                   "a trade of that id was booked a moment ago");
}

Result<std::optional<BookedTrade>> find_trade(Transaction& tx,
                                              bool livemode,
                                              std::string_view deal) {
    std::optional<Result<BookedTrade>> found;
    const Result<void> read = tx.query(
        "SELECT trade_id, pair, deal, bank, base_amount, counter_amount, realised, reason, "
        "made_by, entry_id, created_us FROM fx_trades WHERE livemode = $1 AND deal = $2",
        {livemode, deal},
        [&found](const Row& row) {
            const Result<fx::Pair> pair = fx::Pair::of_owner(row.text(1));
            if (!pair) {
                found = Error(ErrorCode::integrity, "a stored trade is of no pair");
                return;
            }
            found = BookedTrade{.id = row.uuid(0),
                                .pair = *pair,
                                .deal = std::string(row.text(2)),
                                .bank = std::string(row.text(3)),
                                .trade = {.base = row.integer(4), .counter = row.integer(5)},
                                .realised = row.integer(6),
                                .reason = std::string(row.text(7)),
                                .by = std::string(row.text(8)),
                                .entry = row.uuid(9),
                                .created = row.moment(10)};
        });
    if (!read) return read.error();
    if (!found) return std::optional<BookedTrade>();
    if (!*found) return found->error();
    return std::optional(**found);
}

Result<void> insert_revaluation(Transaction& tx, const Revaluation& done) {
    const std::string pair = done.pair.owner();
    const std::string mid = done.mid.to_string();
    return one_row(tx.execute("INSERT INTO fx_revaluations (pair, day, mid_rate, publisher, "
                              "rates_day, open_amount, cost, unrealised, entry_id, created_us) "
                              "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
                              "ON CONFLICT DO NOTHING",
                              {pair,
                               number_of(done.day),
                               mid,
                               done.publisher,
                               number_of(done.rates_day),
                               done.open,
                               done.cost,
                               done.unrealised,
                               done.entry,
                               done.created}),
                   pair + " was revalued a moment ago");
}

Result<std::optional<Revaluation>> find_revaluation(Transaction& tx,
                                                    const fx::Pair& pair,
                                                    Day day) {
    std::optional<Result<Revaluation>> found;
    const std::string owner = pair.owner();
    const Result<void> read = tx.query(
        "SELECT mid_rate, publisher, rates_day, open_amount, cost, unrealised, entry_id, "
        "created_us FROM fx_revaluations WHERE pair = $1 AND day = $2",
        {owner, number_of(day)},
        [&found, &pair, day](const Row& row) {
            const Result<fx::Decimal> mid = fx::Decimal::parse(row.text(0));
            if (!mid) {
                found = Error(ErrorCode::integrity, "a stored revaluation has no rate");
                return;
            }
            found = Revaluation{.pair = pair,
                                .day = day,
                                .mid = *mid,
                                .publisher = std::string(row.text(1)),
                                .rates_day = Day(std::chrono::days(row.integer(2))),
                                .open = row.integer(3),
                                .cost = row.integer(4),
                                .unrealised = row.integer(5),
                                .entry = row.maybe_uuid(6),
                                .created = row.moment(7)};
        });
    if (!read) return read.error();
    if (!found) return std::optional<Revaluation>();
    if (!*found) return found->error();
    return std::optional(**found);
}

Result<void> undo_revaluation(Transaction& tx,
                              const Uuid& id,
                              const Revaluation& was,
                              const RevaluationWord& word,
                              Timestamp now) {
    const std::string pair = was.pair.owner();
    const Result<std::int64_t> kept = tx.execute(
        "INSERT INTO fx_revaluations_undone (undone_id, pair, day, mid_rate, publisher, rates_day, "
        "open_amount, cost, unrealised, entry_id, created_us, reason, made_by, undone_us) "
        "SELECT $1, pair, day, mid_rate, publisher, rates_day, open_amount, cost, unrealised, "
        "entry_id, created_us, $2, $3, $4 FROM fx_revaluations WHERE pair = $5 AND day = $6",
        {id, word.reason, word.by, now, pair, number_of(was.day)});
    if (!kept) return kept.error();
    return one_row(tx.execute("DELETE FROM fx_revaluations WHERE pair = $1 AND day = $2",
                              {pair, number_of(was.day)}),
                   pair + " was revalued again a moment ago");
}

Result<std::vector<LastRevaluation>> last_revaluations(Transaction& tx) {
    std::vector<LastRevaluation> all;
    const Result<void> read =
        tx.query("SELECT pair, MAX(day) FROM fx_revaluations GROUP BY pair ORDER BY pair",
                 {},
                 [&all](const Row& row) {
                     all.push_back({.pair = std::string(row.text(0)),
                                    .day = Day(std::chrono::days(row.integer(1)))});
                 });
    if (!read) return read.error();
    return all;
}

Result<std::optional<Day>> last_revaluation(Transaction& tx, const fx::Pair& pair) {
    std::optional<std::int64_t> last;
    const std::string owner = pair.owner();
    const Result<void> read = tx.query("SELECT MAX(day) FROM fx_revaluations WHERE pair = $1",
                                       {owner},
                                       [&last](const Row& row) { last = row.maybe_integer(0); });
    if (!read) return read.error();
    if (!last) return std::optional<Day>();
    return std::optional(Day(std::chrono::days(*last)));
}

}  // namespace causeway::gateway
