// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/money_store.h"

#include "gateway/payments/pages_store.h"

namespace causeway::gateway {
namespace {

using ledger::Currency;
using ledger::Money;
using ledger::Row;
using ledger::Transaction;

#define CAUSEWAY_BALANCE_TRANSACTION_COLUMNS                                                  \
    "txn_id, merchant_id, livemode, type, currency, amount, fee, fx_fee, mid_rate, "          \
    "exchange_rate, presentment_amount, presentment_currency, source, payment_id, entry_id, " \
    "available_day, settlement_id, created_us"

BalanceTransaction read_transaction(const Row& row) {
    BalanceTransaction one{
        .amount = Money(row.integer(5), *Currency::from_code(row.text(4))),
        .presentment = Money(row.integer(10), *Currency::from_code(row.text(11)))};
    one.id = row.uuid(0);
    one.scope = {.merchant = row.uuid(1), .livemode = row.integer(2) != 0};
    one.type = row.text(3);
    one.fee = row.integer(6);
    one.fx_fee = row.integer(7);
    one.mid_rate = row.maybe_text(8);
    one.exchange_rate = row.maybe_text(9);
    one.source = row.text(12);
    one.payment = row.uuid(13);
    one.entry = row.uuid(14);
    one.available_on = Day(std::chrono::days(row.integer(15)));
    one.settlement = row.maybe_uuid(16);
    one.created_at = row.moment(17);
    return one;
}

}  // namespace

Result<void> insert_balance_transaction(Transaction& tx, const BalanceTransaction& t) {
    return tx.defer("INSERT INTO balance_transactions (" CAUSEWAY_BALANCE_TRANSACTION_COLUMNS
                    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, "
                    "$16, $17, $18)",
                    {t.id,
                     t.scope.merchant,
                     t.scope.livemode,
                     t.type,
                     t.amount.currency().code(),
                     t.amount.minor_units(),
                     t.fee,
                     t.fx_fee,
                     t.mid_rate,
                     t.exchange_rate,
                     t.presentment.minor_units(),
                     t.presentment.currency().code(),
                     t.source,
                     t.payment,
                     t.entry,
                     std::int64_t{t.available_on.time_since_epoch().count()},
                     t.settlement,
                     t.created_at});
}

Result<BalanceTransaction> load_balance_transaction(Transaction& tx, const Uuid& id, Scope scope) {
    std::optional<BalanceTransaction> found;
    const Result<void> read = tx.query("SELECT " CAUSEWAY_BALANCE_TRANSACTION_COLUMNS
                                       " FROM balance_transactions WHERE txn_id = $1",
                                       {id},
                                       [&found](const Row& row) { found = read_transaction(row); });
    if (!read) return read.error();
    if (!found || found->scope != scope) {
        return Error(ErrorCode::not_found, "balance transaction " + to_text("txn", id));
    }
    return *std::move(found);
}

Result<Listed<BalanceTransaction>> list_balance_transactions(Transaction& tx,
                                                             Scope scope,
                                                             const Page& page) {
    const PageQuery query("SELECT " CAUSEWAY_BALANCE_TRANSACTION_COLUMNS
                          " FROM balance_transactions WHERE merchant_id = $1 AND livemode = $2 "
                          "AND ",
                          "txn_id",
                          page);
    return query.run<BalanceTransaction>(tx, scope.merchant, scope.livemode, read_transaction);
}

Result<std::vector<Uuid>> entries_of_payment(Transaction& tx, const Uuid& payment) {
    std::vector<Uuid> entries;
    const Result<void> read = tx.query(
        "SELECT t.entry_id FROM (SELECT txn_id FROM captures WHERE payment_id = $1"
        " UNION ALL SELECT txn_id FROM refunds WHERE payment_id = $1) m"
        " JOIN balance_transactions t ON t.txn_id = m.txn_id ORDER BY t.txn_id",
        {payment},
        [&entries](const ledger::Row& row) { entries.push_back(row.uuid(0)); });
    if (!read) return read.error();
    return entries;
}

}  // namespace causeway::gateway
