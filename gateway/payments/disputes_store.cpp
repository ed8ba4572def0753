// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/disputes_store.h"

#include "gateway/payments/operator_store.h"
#include "gateway/payments/pages_store.h"

#include <span>

namespace causeway::gateway {
namespace {

using ledger::Currency;
using ledger::Money;
using ledger::Row;
using ledger::Transaction;

#define CAUSEWAY_DISPUTE_COLUMNS                                                            \
    "dispute_id, payment_id, merchant_id, livemode, connector, case_id, amount, currency, " \
    "settlement_amount, settlement_currency, mid_value, margin, reason, network_reason, "   \
    "status, round, evidence_due_us, movements, created_us, acting, exchange_fee"

Dispute read_dispute(const Row& row) {
    Dispute dispute{
        .amount = Money(row.integer(6), *Currency::from_code(row.text(7))),
        .share = {.settlement = Money(row.integer(8), *Currency::from_code(row.text(9))),
                  .mid_value = row.integer(10),
                  .margin = row.integer(11),
                  .fee = row.integer(20)}};
    dispute.id = row.uuid(0);
    dispute.payment = row.uuid(1);
    dispute.merchant = row.uuid(2);
    dispute.livemode = row.integer(3) != 0;
    dispute.connector = row.text(4);
    dispute.case_id = row.text(5);
    dispute.reason = row.text(12);
    dispute.network_reason_code = row.maybe_text(13);
    dispute.status = State<DisputeMachine>::stored(*parse_dispute_status(row.text(14)));
    dispute.round = static_cast<int>(row.integer(15));
    dispute.evidence_due_at = row.maybe_moment(16);
    dispute.movements = row.text(17);
    dispute.created_at = row.moment(18);
    dispute.acting = row.text(19);
    return dispute;
}

Error untold() {
    return Error(ErrorCode::integrity, "a move was to be stored without being told");
}

}  // namespace

Result<void> insert_dispute(Transaction& tx, const Dispute& d) {
    if (!d.status.taken().empty()) return untold();
    return tx.defer("INSERT INTO disputes (" CAUSEWAY_DISPUTE_COLUMNS
                    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, "
                    "$16, $17, $18, $19, $20, $21)",
                    {d.id,
                     d.payment,
                     d.merchant,
                     d.livemode,
                     d.connector,
                     d.case_id,
                     d.amount.minor_units(),
                     d.amount.currency().code(),
                     d.share.settlement.minor_units(),
                     d.share.settlement.currency().code(),
                     d.share.mid_value,
                     d.share.margin,
                     d.reason,
                     d.network_reason_code,
                     to_string(d.status.get()),
                     d.round,
                     d.evidence_due_at,
                     d.movements,
                     d.created_at,
                     d.acting,
                     d.share.fee});
}

Result<void> update_dispute(Transaction& tx, const Dispute& d) {
    if (!d.status.taken().empty()) return untold();
    const Result<std::int64_t> changed = tx.execute(
        "UPDATE disputes SET status = $1, round = $2, evidence_due_us = $3, "
        "movements = $4, reason = $5, network_reason = $6, settlement_amount = $7, "
        "mid_value = $8, margin = $9, amount = $10, acting = $11, exchange_fee = $12 "
        "WHERE dispute_id = $13",
        {to_string(d.status.get()),
         d.round,
         d.evidence_due_at,
         d.movements,
         d.reason,
         d.network_reason_code,
         d.share.settlement.minor_units(),
         d.share.mid_value,
         d.share.margin,
         d.amount.minor_units(),
         d.acting,
         d.share.fee,
         d.id});
    if (!changed) return changed.error();
    if (*changed != 1) return Error(ErrorCode::not_found, "dispute to change");
    return {};
}

Result<Dispute> load_dispute(Transaction& tx, const Uuid& id) {
    std::optional<Dispute> found;
    const Result<void> read = tx.query("SELECT " CAUSEWAY_DISPUTE_COLUMNS
                                       " FROM disputes WHERE dispute_id = $1 /*locked*/",
                                       {id},
                                       [&found](const Row& row) { found = read_dispute(row); });
    if (!read) return read.error();
    if (!found) return Error(ErrorCode::not_found, "dispute " + to_text("dp", id));
    return *std::move(found);
}

Result<Uuid> payment_of_dispute(Transaction& tx, const Uuid& id) {
    std::optional<Uuid> found;
    const Result<void> read = tx.query("SELECT payment_id FROM disputes WHERE dispute_id = $1",
                                       {id},
                                       [&found](const Row& row) { found = row.uuid(0); });
    if (!read) return read.error();
    if (!found) return Error(ErrorCode::not_found, "dispute " + to_text("dp", id));
    return *found;
}

Result<Dispute> load_dispute(Transaction& tx, const Uuid& id, Scope scope) {
    Result<Dispute> dispute = load_dispute(tx, id);
    if (dispute && (dispute->merchant != scope.merchant || dispute->livemode != scope.livemode)) {
        return Error(ErrorCode::not_found, "dispute " + to_text("dp", id));
    }
    return dispute;
}

Result<std::optional<Dispute>> find_dispute(Transaction& tx,
                                            const std::string& connector,
                                            const std::string& case_id) {
    std::optional<Dispute> found;
    const Result<void> read =
        tx.query("SELECT " CAUSEWAY_DISPUTE_COLUMNS
                 " FROM disputes WHERE connector = $1 AND case_id = $2 /*locked*/",
                 {connector, case_id},
                 [&found](const Row& row) { found = read_dispute(row); });
    if (!read) return read.error();
    return found;
}

Result<std::vector<Dispute>> disputes_of_payment(Transaction& tx, const Uuid& payment) {
    std::vector<Dispute> disputes;
    const Result<void> read =
        tx.query("SELECT " CAUSEWAY_DISPUTE_COLUMNS
                 " FROM disputes WHERE payment_id = $1 ORDER BY dispute_id",
                 {payment},
                 [&disputes](const Row& row) { disputes.push_back(read_dispute(row)); });
    if (!read) return read.error();
    return disputes;
}

Result<Listed<Dispute>> list_disputes(Transaction& tx, Scope scope, const Page& page) {
    const PageQuery query("SELECT " CAUSEWAY_DISPUTE_COLUMNS
                          " FROM disputes WHERE merchant_id = $1 AND livemode = $2 AND ",
                          "dispute_id",
                          page);
    return query.run<Dispute>(tx, scope.merchant, scope.livemode, read_dispute);
}

Result<std::vector<Dispute>> newest_disputes(Transaction& tx,
                                             int limit,
                                             const std::optional<Uuid>& after) {
    std::vector<Dispute> newest;
    const Result<void> read =
        tx.query("SELECT " CAUSEWAY_DISPUTE_COLUMNS
                 " FROM disputes WHERE dispute_id < $1 ORDER BY dispute_id DESC LIMIT $2",
                 {after.value_or(kHighestUuid), limit},
                 [&newest](const Row& row) { newest.push_back(read_dispute(row)); });
    if (!read) return read.error();
    return newest;
}

Result<void> insert_evidence(Transaction& tx, const EvidenceRow& row) {
    return tx.defer(
        "INSERT INTO dispute_evidence (dispute_id, evidence_id, sealed, vault_key, created_us) "
        "VALUES ($1, $2, $3, $4, $5)",
        {row.dispute,
         row.id,
         std::span<const std::uint8_t>(row.sealed),
         row.vault_key,
         row.created_at});
}

Result<EvidenceRow> load_evidence(Transaction& tx, const Uuid& dispute) {
    std::optional<EvidenceRow> found;
    const Result<void> read = tx.query(
        "SELECT dispute_id, evidence_id, sealed, vault_key, created_us "
        "FROM dispute_evidence WHERE dispute_id = $1 ORDER BY evidence_id DESC LIMIT 1",
        {dispute},
        [&found](const Row& row) {
            found = EvidenceRow{.id = row.uuid(1),
                                .dispute = row.uuid(0),
                                .sealed = {row.bytes(2).begin(), row.bytes(2).end()},
                                .vault_key = std::string(row.text(3)),
                                .created_at = row.moment(4)};
        });
    if (!read) return read.error();
    if (!found) return Error(ErrorCode::not_found, "evidence of " + to_text("dp", dispute));
    return *std::move(found);
}

std::string_view payments_core_schema_sql() {
    return R"(
ALTER TABLE payments ADD COLUMN disputed BIGINT NOT NULL DEFAULT 0;
ALTER TABLE payments ADD COLUMN increasing BIGINT NOT NULL DEFAULT 0;
ALTER TABLE payments ADD COLUMN expires_us BIGINT;
CREATE INDEX payments_expiring ON payments (expires_us) WHERE expires_us IS NOT NULL;
CREATE INDEX operations_by_reference ON operations (connector, reference);
CREATE INDEX operations_in_doubt ON operations (operation_id) WHERE in_doubt = 1;
CREATE TABLE timeline (
    payment_id BYTES NOT NULL,
    line_id BYTES NOT NULL,
    request_id TEXT NOT NULL,
    lines TEXT NOT NULL,
    created_us BIGINT NOT NULL,
    PRIMARY KEY (payment_id, line_id)
) /*clustered*/;
CREATE TABLE disputes (
    dispute_id BYTES NOT NULL PRIMARY KEY,
    payment_id BYTES NOT NULL,
    merchant_id BYTES NOT NULL,
    livemode BIGINT NOT NULL,
    connector TEXT NOT NULL,
    case_id TEXT NOT NULL,
    amount BIGINT NOT NULL,
    currency TEXT NOT NULL,
    settlement_amount BIGINT NOT NULL,
    settlement_currency TEXT NOT NULL,
    mid_value BIGINT NOT NULL,
    margin BIGINT NOT NULL,
    reason TEXT NOT NULL,
    network_reason TEXT,
    status TEXT NOT NULL,
    round BIGINT NOT NULL,
    evidence_due_us BIGINT,
    movements TEXT NOT NULL,
    acting TEXT NOT NULL,
    created_us BIGINT NOT NULL,
    UNIQUE (connector, case_id)
);
CREATE INDEX disputes_by_merchant ON disputes (merchant_id, livemode, dispute_id);
CREATE INDEX disputes_by_payment ON disputes (payment_id, dispute_id);
CREATE TABLE dispute_evidence (
    dispute_id BYTES NOT NULL,
    evidence_id BYTES NOT NULL,
    sealed BYTES NOT NULL,
    vault_key TEXT NOT NULL,
    created_us BIGINT NOT NULL,
    PRIMARY KEY (dispute_id, evidence_id)
) /*clustered*/;
)";
}

std::string_view unique_references_schema_sql() {
    return R"(
DROP INDEX operations_by_reference;
CREATE UNIQUE INDEX operations_by_reference ON operations (connector, reference);
)";
}

}  // namespace causeway::gateway
