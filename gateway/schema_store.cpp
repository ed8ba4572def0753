// SPDX-License-Identifier: Apache-2.0
#include "gateway/schema_store.h"

#include "fx/quotes_store.h"
#include "fx/rates_store.h"
#include "gateway/collections/collections_store.h"
#include "gateway/collections/tellings_store.h"
#include "gateway/fx/positions_store.h"
#include "gateway/instances/instances_schema_store.h"
#include "gateway/merchants/merchants_schema_store.h"
#include "gateway/notifications/notifications_schema_store.h"
#include "gateway/payments/disputes_store.h"
#include "gateway/payments/told_conversion_store.h"
#include "gateway/provider_files/provider_files_store.h"
#include "gateway/webhooks/webhooks_schema_store.h"
#include "ledger/journal/journal.h"

#include <string>
#include <vector>

namespace causeway::gateway {
namespace {

// Columns named *_us are microseconds since 1970-01-01 UTC; *_day are days since then. Amounts are
// minor units of the currency beside them. Ids are the 16 bytes of a UUID version 7.
constexpr std::string_view kMerchants = R"(
CREATE TABLE merchants (
    merchant_id BYTES NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    country TEXT NOT NULL,
    default_currency TEXT NOT NULL,
    settlement_currencies TEXT NOT NULL,
    fee_bps BIGINT NOT NULL,
    status TEXT NOT NULL,
    created_us BIGINT NOT NULL
);
CREATE TABLE merchant_fees (
    merchant_id BYTES NOT NULL,
    currency TEXT NOT NULL,
    fixed BIGINT NOT NULL,
    PRIMARY KEY (merchant_id, currency)
);
CREATE TABLE api_keys (
    key_hash BYTES NOT NULL PRIMARY KEY,
    merchant_id BYTES NOT NULL,
    kind TEXT NOT NULL,
    livemode BIGINT NOT NULL,
    version TEXT NOT NULL,
    hint TEXT NOT NULL,
    created_us BIGINT NOT NULL
);
CREATE TABLE card_tokens (
    token_id BYTES NOT NULL PRIMARY KEY,
    merchant_id BYTES NOT NULL,
    livemode BIGINT NOT NULL,
    sealed BYTES NOT NULL,
    vault_key TEXT NOT NULL,
    brand TEXT NOT NULL,
    first6 TEXT NOT NULL,
    last4 TEXT NOT NULL,
    exp_month BIGINT NOT NULL,
    exp_year BIGINT NOT NULL,
    created_us BIGINT NOT NULL
);
CREATE TABLE idempotency_keys (
    merchant_id BYTES NOT NULL,
    livemode BIGINT NOT NULL,
    endpoint TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    fingerprint BYTES NOT NULL,
    state TEXT NOT NULL,
    resource TEXT NOT NULL,
    status BIGINT NOT NULL,
    body TEXT NOT NULL,
    created_us BIGINT NOT NULL,
    PRIMARY KEY (merchant_id, livemode, endpoint, idempotency_key)
);
CREATE INDEX idempotency_keys_open ON idempotency_keys (created_us) WHERE state <> 'done';
)";

constexpr std::string_view kPayments = R"(
CREATE TABLE payments (
    payment_id BYTES NOT NULL PRIMARY KEY,
    merchant_id BYTES NOT NULL,
    livemode BIGINT NOT NULL,
    status TEXT NOT NULL,
    capture_method TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount BIGINT NOT NULL,
    authorised BIGINT NOT NULL,
    capturing BIGINT NOT NULL,
    captured BIGINT NOT NULL,
    refunding BIGINT NOT NULL,
    refunded BIGINT NOT NULL,
    capture_closed BIGINT NOT NULL,
    settlement_currency TEXT NOT NULL,
    quote_id BYTES,
    token TEXT NOT NULL,
    method TEXT NOT NULL,
    card_brand TEXT NOT NULL,
    card_last4 TEXT NOT NULL,
    card_exp_month BIGINT NOT NULL,
    card_exp_year BIGINT NOT NULL,
    connector TEXT NOT NULL,
    customer TEXT,
    merchant_reference TEXT,
    description TEXT,
    statement_descriptor TEXT,
    return_url TEXT,
    metadata TEXT NOT NULL,
    last_error TEXT NOT NULL,
    created_us BIGINT NOT NULL,
    updated_us BIGINT NOT NULL
);
CREATE INDEX payments_by_merchant ON payments (merchant_id, livemode, payment_id);
CREATE TABLE captures (
    capture_id BYTES NOT NULL PRIMARY KEY,
    payment_id BYTES NOT NULL,
    amount BIGINT NOT NULL,
    currency TEXT NOT NULL,
    final BIGINT NOT NULL,
    status TEXT NOT NULL,
    txn_id BYTES,
    created_us BIGINT NOT NULL
);
CREATE INDEX captures_by_payment ON captures (payment_id, capture_id);
CREATE TABLE refunds (
    refund_id BYTES NOT NULL PRIMARY KEY,
    payment_id BYTES NOT NULL,
    merchant_id BYTES NOT NULL,
    livemode BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    currency TEXT NOT NULL,
    reason TEXT,
    status TEXT NOT NULL,
    failure_code TEXT,
    metadata TEXT NOT NULL,
    txn_id BYTES,
    created_us BIGINT NOT NULL
);
CREATE INDEX refunds_by_payment ON refunds (payment_id, refund_id);
CREATE INDEX refunds_by_merchant ON refunds (merchant_id, livemode, refund_id);
CREATE TABLE operations (
    operation_id BYTES NOT NULL PRIMARY KEY,
    payment_id BYTES NOT NULL,
    subject TEXT NOT NULL,
    kind TEXT NOT NULL,
    connector TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    reference TEXT NOT NULL,
    amount BIGINT NOT NULL,
    currency TEXT NOT NULL,
    original_id BYTES,
    reason TEXT NOT NULL,
    state TEXT NOT NULL,
    response_code TEXT NOT NULL,
    approval_code TEXT NOT NULL,
    in_doubt BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    next_try_us BIGINT,
    created_us BIGINT NOT NULL,
    answered_us BIGINT,
    UNIQUE (connector, sequence)
);
CREATE INDEX operations_by_payment ON operations (payment_id, operation_id);
CREATE INDEX operations_open ON operations (next_try_us) WHERE next_try_us IS NOT NULL;
)";

constexpr std::string_view kMoney = R"(
CREATE TABLE balance_transactions (
    txn_id BYTES NOT NULL PRIMARY KEY,
    merchant_id BYTES NOT NULL,
    livemode BIGINT NOT NULL,
    type TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount BIGINT NOT NULL,
    fee BIGINT NOT NULL,
    fx_fee BIGINT NOT NULL,
    mid_rate TEXT,
    exchange_rate TEXT,
    presentment_amount BIGINT,
    presentment_currency TEXT,
    source TEXT NOT NULL,
    payment_id BYTES NOT NULL,
    entry_id BYTES NOT NULL,
    available_day BIGINT NOT NULL,
    settlement_id BYTES,
    settlement_line BIGINT,
    created_us BIGINT NOT NULL
);
CREATE INDEX balance_transactions_by_merchant
    ON balance_transactions (merchant_id, livemode, txn_id);
CREATE INDEX balance_transactions_unsettled
    ON balance_transactions (merchant_id, livemode, currency, txn_id) WHERE settlement_id IS NULL;
CREATE INDEX balance_transactions_by_settlement
    ON balance_transactions (settlement_id, settlement_line) WHERE settlement_id IS NOT NULL;
CREATE TABLE settlements (
    settlement_id BYTES NOT NULL PRIMARY KEY,
    merchant_id BYTES NOT NULL,
    livemode BIGINT NOT NULL,
    currency TEXT NOT NULL,
    period_start_us BIGINT NOT NULL,
    period_end_us BIGINT NOT NULL,
    value_day BIGINT NOT NULL,
    opening_balance BIGINT NOT NULL,
    gross BIGINT NOT NULL,
    refunds BIGINT NOT NULL,
    fees BIGINT NOT NULL,
    net BIGINT NOT NULL,
    closing_balance BIGINT NOT NULL,
    line_count BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    entry_id BYTES,
    created_us BIGINT NOT NULL
);
CREATE INDEX settlements_by_merchant
    ON settlements (merchant_id, livemode, currency, settlement_id);
CREATE TABLE expectations (
    expectation_id BYTES NOT NULL PRIMARY KEY,
    connector TEXT NOT NULL,
    kind TEXT NOT NULL,
    provider_reference TEXT NOT NULL,
    modification_reference TEXT NOT NULL,
    source TEXT NOT NULL,
    payment_id BYTES,
    amount BIGINT NOT NULL,
    currency TEXT NOT NULL,
    cost BIGINT NOT NULL,
    day BIGINT NOT NULL,
    status TEXT NOT NULL,
    batch TEXT,
    run_id BYTES,
    created_us BIGINT NOT NULL
);
CREATE INDEX expectations_by_reference
    ON expectations (connector, provider_reference, modification_reference);
CREATE INDEX expectations_by_day ON expectations (connector, day);
CREATE TABLE reconciliation_runs (
    run_id BYTES NOT NULL PRIMARY KEY,
    profile TEXT NOT NULL,
    connector TEXT NOT NULL,
    file_name TEXT NOT NULL,
    file_sha256 TEXT NOT NULL,
    status TEXT NOT NULL,
    report TEXT NOT NULL,
    created_us BIGINT NOT NULL,
    UNIQUE (connector, file_sha256)
);
CREATE TABLE reconciliation_items (
    item_id BYTES NOT NULL PRIMARY KEY,
    run_id BYTES NOT NULL,
    status TEXT NOT NULL,
    file_row BIGINT,
    expectation_id BYTES,
    provider_reference TEXT NOT NULL,
    modification_reference TEXT NOT NULL,
    currency TEXT NOT NULL,
    ledger_net BIGINT,
    file_net BIGINT,
    note TEXT NOT NULL,
    created_us BIGINT NOT NULL
);
CREATE INDEX reconciliation_items_by_run ON reconciliation_items (run_id, item_id);
)";

}  // namespace

std::span<const ledger::Migration> schema() {
    static const std::string gateway_sql =
        std::string(kMerchants) + std::string(kPayments) + std::string(kMoney);
    static const std::string fx_sql =
        std::string(fx::rates_schema_sql()) + std::string(fx::quotes_schema_sql());
    static const std::vector<ledger::Migration> steps = [] {
        // In the order in which they were published: the journal's later steps came after ours.
        const std::span<const ledger::Migration> journal = ledger::journal_migrations();
        std::vector<ledger::Migration> all{journal.front()};
        all.push_back({.version = 2, .sql = fx_sql});
        all.push_back({.version = 3, .sql = gateway_sql});
        for (ledger::Migration step : journal.subspan(1)) {
            step.version = static_cast<int>(all.size()) + 1;
            all.push_back(step);
        }
        const auto add = [&all](std::string_view sql) {
            all.push_back({.version = static_cast<int>(all.size()) + 1, .sql = sql});
        };
        add(webhooks_schema_sql());
        add(payments_core_schema_sql());
        add(notifications_schema_sql());
        add(instances_schema_sql());
        all.push_back({.version = static_cast<int>(all.size()) + 1,
                       .sql = merchants_schema_sql(),
                       .upgrade = upgrade_merchants});
        add(webhook_traces_schema_sql());
        add(unique_references_schema_sql());
        add(fx::quotes_terms_schema_sql());
        add(fx::rates_second_schema_sql());
        add(positions_schema_sql());
        add(told_conversions_schema_sql());
        add(fx::quotes_makers_schema_sql());
        add(revaluations_undone_schema_sql());
        add(fx::rates_third_schema_sql());
        add(collections_schema_sql());
        add(provider_files_schema_sql());
        add(tellings_schema_sql());
        add(corrected_files_schema_sql());
        add(early_notifications_schema_sql());
        add(unmatched_schema_sql());
        add(told_facts_schema_sql());
        add(fee_days_schema_sql());
        return all;
    }();
    return steps;
}

}  // namespace causeway::gateway
