// SPDX-License-Identifier: Apache-2.0
#include "tests/support/gateway_store.h"

#include "gateway/books/postings.h"
#include "gateway/cli/command.h"
#include "gateway/reconcile/reconcile_store.h"
#include "gateway/schema_store.h"
#include "ledger/store/commit_queue.h"
#include "tests/support/amounts.h"
#include "tests/support/books.h"
#include "tests/support/engines.h"

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace causeway::test {

GatewayBooks::GatewayBooks(Engine engine)
    : place_(engine),
      clock(*parse_rfc3339("2026-04-14T08:00:00Z")),
      entropy(20260413),
      ids(clock, entropy),
      database_(open(place_.url())),
      journal_(std::make_unique<ledger::Journal>(*database_)),
      context{*database_, *journal_, clock, entropy, ids} {}

void GatewayBooks::write(const std::function<Result<void>(ledger::Transaction&)>& body) {
    const Result<int> done = database_->writer().commit<int>([&body](ledger::Transaction& t) {
        const Result<void> result = body(t);
        return result ? Result<int>(0) : Result<int>(result.error());
    });
    if (!done) throw std::runtime_error(done.error().detail());
}

std::unique_ptr<ledger::Database> GatewayBooks::open_again() const {
    return open(place_.url());
}

void GatewayBooks::execute(std::string_view sql, std::initializer_list<ledger::Value> values) {
    write([sql, values](ledger::Transaction& transaction) -> Result<void> {
        const Result<std::int64_t> changed = transaction.execute(sql, values);
        if (!changed) return changed.error();
        return {};
    });
}

Uuid GatewayBooks::merchant() {
    const Uuid id = ids.next();
    execute(
        "INSERT INTO merchants (merchant_id, name, country, default_currency, "
        "settlement_currencies, fee_bps, status, created_us) "
        "VALUES ($1, 'Acme', 'NL', 'EUR', 'EUR', 290, 'active', $2)",
        {id, clock.now()});
    return id;
}

Uuid GatewayBooks::payment(const Uuid& merchant_id, const MoneyMove& move) {
    const Uuid id = ids.next();
    const ledger::Money shown = move.presentment.value_or(move.gross);
    const ledger::Currency currency = shown.currency();
    execute(
        "INSERT INTO payments (payment_id, merchant_id, livemode, status, capture_method, "
        "currency, amount, authorised, capturing, captured, refunding, refunded, "
        "capture_closed, settlement_currency, token, method, card_brand, card_last4, "
        "card_exp_month, card_exp_year, connector, merchant_reference, metadata, last_error, "
        "created_us, updated_us) VALUES ($1, $2, $3, 'succeeded', 'automatic', $4, $5, 0, 0, "
        "0, 0, 0, 1, $6, 'pm_1', 'card', 'visa', '1111', 12, 2030, 'demo_card', $7, '{}', '', "
        "$8, $9)",
        {id,
         merchant_id,
         move.livemode,
         currency.code(),
         shown.minor_units(),
         move.gross.currency().code(),
         move.reference,
         move.created,
         move.created});
    return id;
}

Uuid GatewayBooks::move(const Uuid& merchant_id, const Uuid& payment_id, const MoneyMove& m) {
    const Uuid txn = ids.next();
    const Uuid entry = ids.next();
    const std::string source = to_text(m.type == "refund" ? "ref" : "cap", ids.next());
    const ledger::Currency currency = m.gross.currency();
    write([&](ledger::Transaction& transaction) -> Result<void> {
        const Result<ledger::Posted> posted =
            journal_->post(transaction, entry_of(merchant_id, m, entry, source));
        if (!posted) return posted.error();
        const bool exchanged = m.presentment.has_value();
        const ledger::Currency shown = m.presentment.value_or(m.gross).currency();
        const auto maybe = [exchanged](ledger::Value value) {
            return exchanged ? value : ledger::Value(nullptr);
        };
        const Result<std::int64_t> inserted = transaction.execute(
            "INSERT INTO balance_transactions (txn_id, merchant_id, livemode, type, currency, "
            "amount, fee, fx_fee, mid_rate, exchange_rate, presentment_amount, "
            "presentment_currency, source, payment_id, entry_id, available_day, created_us) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, "
            "$17)",
            {txn,
             merchant_id,
             m.livemode,
             m.type,
             currency.code(),
             m.gross.minor_units(),
             m.fee,
             m.fx_fee,
             maybe("0.85587128"),
             maybe("0.84902431"),
             maybe(m.presentment.value_or(m.gross).minor_units()),
             maybe(shown.code()),
             source,
             payment_id,
             entry,
             std::int64_t{(day_of(m.created) + std::chrono::days(2)).time_since_epoch().count()},
             m.created});
        if (!inserted) return inserted.error();
        return {};
    });
    return txn;
}

Uuid GatewayBooks::sale(const Uuid& merchant_id, const MoneyMove& m) {
    const Uuid payment_id = payment(merchant_id, m);
    move(merchant_id, payment_id, m);
    return payment_id;
}

void GatewayBooks::expect(const gateway::Expectation& expectation) {
    write([&expectation](ledger::Transaction& transaction) {
        return gateway::insert_expectation(transaction, expectation);
    });
}

std::string GatewayBooks::dump() {
    std::string out;
    const Result<void> read = database_->read([this, &out](ledger::Transaction& snapshot) {
        for (const std::string& table : texts(snapshot, tables_sql())) {
            out += "== " + table + "\n";
            for (const std::string& row : texts(snapshot, rows_sql(snapshot, table)))
                out += row + "\n";
        }
        return Result<void>();
    });
    if (!read) throw std::runtime_error(read.error().detail());
    return out;
}

std::int64_t GatewayBooks::number(std::string_view sql) {
    std::int64_t value = 0;
    const Result<void> read = database_->read([&](ledger::Transaction& snapshot) {
        return snapshot.query(
            sql, {}, [&value](const ledger::Row& row) { value = row.integer(0); });
    });
    if (!read) throw std::runtime_error(read.error().detail());
    return value;
}

ledger::Database& GatewayBooks::database() {
    return *database_;
}

const std::string& GatewayBooks::url() const noexcept {
    return place_.url();
}

std::vector<std::string> GatewayBooks::texts(ledger::Transaction& snapshot,
                                             const std::string& sql) {
    std::vector<std::string> found;
    const Result<void> done = snapshot.query(
        sql, {}, [&found](const ledger::Row& row) { found.emplace_back(row.text(0)); });
    if (!done) throw std::runtime_error(done.error().detail());
    return found;
}

std::string GatewayBooks::tables_sql() const {
    if (!database_->is_shared()) {
        return "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name";
    }
    return "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
           " AND tablename <> 'store_writers' ORDER BY tablename";
}

std::string GatewayBooks::rows_sql(ledger::Transaction& snapshot, const std::string& table) const {
    if (database_->is_shared()) {
        return "SELECT CAST(t AS TEXT) AS line FROM " + table + " t ORDER BY line";
    }
    std::string row = "''";
    for (const std::string& column :
         texts(snapshot, "SELECT name FROM pragma_table_info('" + table + "')"))
        row += " || '|' || quote(" + column + ")";
    return "SELECT " + row + " AS line FROM " + table + " ORDER BY line";
}

std::unique_ptr<ledger::Database> GatewayBooks::open(const std::string& url) {
    Result<std::unique_ptr<ledger::Database>> opened =
        ledger::Database::open(url, gateway::schema());
    if (!opened) throw std::runtime_error(opened.error().detail());
    return std::move(*opened);
}

ledger::Entry GatewayBooks::entry_of(const Uuid& merchant_id,
                                     const MoneyMove& m,
                                     const Uuid& id,
                                     const std::string& source) {
    const gateway::Parties parties{
        .connector = "demo_card", .merchant = to_text("mer", merchant_id), .livemode = m.livemode};
    const ledger::Money back(-m.gross.minor_units(), m.gross.currency());
    const bool refund = m.type == "refund";
    return {
        .id = id,
        .kind = refund ? "refund" : "capture",
        .reference = source,
        .effective = m.created,
        .recorded = m.created,
        .lines =
            refund
                ? gateway::refund_lines(
                      {.parties = parties, .presentment = back, .settlement = back, .exchange = {}})
                : gateway::capture_lines({.parties = parties,
                                          .presentment = m.gross,
                                          .provider_cost = 0,
                                          .settlement = m.gross,
                                          .fee = m.fee,
                                          .exchange = {}})};
}

}  // namespace causeway::test
