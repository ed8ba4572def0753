// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/told_conversion_store.h"

namespace causeway::gateway {
namespace {

using connectors::ToldAmount;
using ledger::Row;
using ledger::Transaction;
using ledger::Value;

constexpr std::string_view kSchema = R"(
CREATE TABLE told_conversions (
    operation_id BYTES NOT NULL PRIMARY KEY,
    payment_id BYTES NOT NULL,
    expectation_id BYTES,
    paid_amount BIGINT NOT NULL,
    paid_currency TEXT NOT NULL,
    settled_amount BIGINT,
    settled_currency TEXT,
    settled_rate TEXT,
    billed_amount BIGINT,
    billed_currency TEXT,
    billed_rate TEXT,
    booked BIGINT NOT NULL,
    fault TEXT NOT NULL,
    created_us BIGINT NOT NULL
);
CREATE TABLE fx_pairs (
    pair TEXT NOT NULL PRIMARY KEY
);
ALTER TABLE expectations ADD COLUMN told_amount BIGINT;
ALTER TABLE expectations ADD COLUMN told_currency TEXT;
ALTER TABLE expectations ADD COLUMN told_rate TEXT;
ALTER TABLE expectations ADD COLUMN told_cost BIGINT;
ALTER TABLE expectations ADD COLUMN told_entry BYTES;
ALTER TABLE disputes ADD COLUMN exchange_fee BIGINT NOT NULL DEFAULT 0;
)";

Value amount_of(const std::optional<ToldAmount>& told) {
    return told ? Value(told->amount.minor_units()) : Value(nullptr);
}

// Lifetime: borrows from `told`, and from the table of currencies.
Value code_of(const std::optional<ToldAmount>& told, const ledger::Currency& currency) {
    return told ? Value(currency.code()) : Value(nullptr);
}

Value rate_of(const std::optional<ToldAmount>& told) {
    return told ? Value(told->rate) : Value(nullptr);
}

ledger::Currency currency_of(const std::optional<ToldAmount>& told, const ledger::Money& paid) {
    return told ? told->amount.currency() : paid.currency();
}

}  // namespace

std::string_view told_conversions_schema_sql() {
    return kSchema;
}

Result<void> insert_kept_conversion(Transaction& tx, const KeptConversion& kept) {
    const ledger::Currency paid = kept.paid.currency();
    const ledger::Currency settled = currency_of(kept.settlement, kept.paid);
    const ledger::Currency billed = currency_of(kept.billing, kept.paid);
    return tx.defer(
        "INSERT INTO told_conversions (operation_id, payment_id, expectation_id, paid_amount, "
        "paid_currency, settled_amount, settled_currency, settled_rate, billed_amount, "
        "billed_currency, billed_rate, booked, fault, created_us) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) "
        "ON CONFLICT DO NOTHING",
        {kept.operation,
         kept.payment,
         kept.expectation,
         kept.paid.minor_units(),
         paid.code(),
         amount_of(kept.settlement),
         code_of(kept.settlement, settled),
         rate_of(kept.settlement),
         amount_of(kept.billing),
         code_of(kept.billing, billed),
         rate_of(kept.billing),
         kept.booked,
         kept.fault,
         kept.created});
}

Result<std::int64_t> count_disbelieved_conversions(Transaction& tx) {
    std::int64_t count = 0;
    const Result<void> read = tx.query(
        "SELECT COUNT(*) FROM told_conversions t JOIN expectations e "
        "ON e.expectation_id = t.expectation_id WHERE t.fault <> '' AND e.status = 'open'",
        {},
        [&count](const Row& row) { count = row.integer(0); });
    if (!read) return read.error();
    return count;
}

}  // namespace causeway::gateway
