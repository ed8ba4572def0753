// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/payments_store.h"

#include "gateway/payments/operator_store.h"
#include "gateway/payments/pages_store.h"
#include "ledger/store/row_memory.h"
#include "ledger/store/sixteens.h"

#include <algorithm>

namespace causeway::gateway {
namespace {

using ledger::Currency;
using ledger::Money;
using ledger::Row;
using ledger::Transaction;
using ledger::Value;

#define CAUSEWAY_PAYMENT_COLUMNS                                                                  \
    "payment_id, merchant_id, livemode, status, capture_method, currency, amount, authorised, "   \
    "capturing, captured, refunding, refunded, capture_closed, settlement_currency, quote_id, "   \
    "token, method, card_brand, card_last4, card_exp_month, card_exp_year, connector, customer, " \
    "merchant_reference, description, statement_descriptor, return_url, metadata, last_error, "   \
    "created_us, updated_us, disputed, increasing, expires_us, next_action"

Currency currency_of(const Row& row, int column) {
    // The column is written from a Currency only; a wrong one throws and names the bug.
    return *Currency::from_code(row.text(column));
}

Payment read_payment(const Row& row) {
    Payment payment{.amount = Money(row.integer(6), currency_of(row, 5)),
                    .settlement_currency = currency_of(row, 13)};
    payment.id = row.uuid(0);
    payment.merchant = row.uuid(1);
    payment.livemode = row.integer(2) != 0;
    payment.status = State<PaymentMachine>::stored(*parse_payment_status(row.text(3)));
    payment.capture_automatic = row.text(4) == "automatic";
    payment.authorised = row.integer(7);
    payment.capturing = row.integer(8);
    payment.captured = row.integer(9);
    payment.refunding = row.integer(10);
    payment.refunded = row.integer(11);
    payment.capture_closed = row.integer(12) != 0;
    payment.quote = row.maybe_uuid(14);
    payment.token = row.text(15);
    payment.method = row.text(16);
    payment.card = {.brand = std::string(row.text(17)),
                    .last4 = std::string(row.text(18)),
                    .exp_month = static_cast<int>(row.integer(19)),
                    .exp_year = static_cast<int>(row.integer(20))};
    payment.connector = row.text(21);
    payment.customer = row.maybe_text(22);
    payment.reference = row.maybe_text(23);
    payment.description = row.maybe_text(24);
    payment.statement_descriptor = row.maybe_text(25);
    payment.return_url = row.maybe_text(26);
    payment.metadata = row.text(27);
    payment.last_error = row.text(28);
    payment.created_at = row.moment(29);
    payment.updated_at = row.moment(30);
    payment.disputed = row.integer(31);
    payment.increasing = row.integer(32);
    payment.expires_at = row.maybe_moment(33);
    payment.next_action = row.text(34);
    return payment;
}

Capture read_capture(const Row& row) {
    Capture capture{.amount = Money(row.integer(2), currency_of(row, 3))};
    capture.id = row.uuid(0);
    capture.payment = row.uuid(1);
    capture.final_capture = row.integer(4) != 0;
    capture.status = State<CaptureMachine>::stored(*parse_part_status(row.text(5)));
    capture.balance_transaction = row.maybe_uuid(6);
    capture.created_at = row.moment(7);
    return capture;
}

Refund read_refund(const Row& row) {
    Refund refund{.amount = Money(row.integer(4), currency_of(row, 5))};
    refund.id = row.uuid(0);
    refund.payment = row.uuid(1);
    refund.merchant = row.uuid(2);
    refund.livemode = row.integer(3) != 0;
    refund.reason = row.maybe_text(6);
    refund.status = State<RefundMachine>::stored(*parse_part_status(row.text(7)));
    refund.failure_code = row.maybe_text(8);
    refund.metadata = row.text(9);
    refund.balance_transaction = row.maybe_uuid(10);
    refund.created_at = row.moment(11);
    return refund;
}

constexpr std::string_view kCaptureColumns =
    "capture_id, payment_id, amount, currency, final, status, txn_id, created_us";
constexpr std::string_view kRefundColumns =
    "refund_id, payment_id, merchant_id, livemode, amount, currency, reason, status, "
    "failure_code, metadata, txn_id, created_us";

// A status that moved is stored by Records alone, which writes what the move tells.
template <class Machine>
Result<void> told(const State<Machine>& state) {
    if (state.taken().empty()) return {};
    return Error(ErrorCode::integrity, "a move was to be stored without being told");
}

Result<void> done(const Result<std::int64_t>& changed) {
    if (!changed) return changed.error();
    if (*changed != 1) return Error(ErrorCode::not_found, "the row to change is not there");
    return {};
}

// A row that was written whole is known to whoever asks next.
template <class T>
Result<void> kept(Transaction& tx, const T& row, Result<void> written) {
    if (written) ledger::remember(tx, row.id, row);
    return written;
}

}  // namespace

Result<void> insert_payment(Transaction& tx, const Payment& p) {
    if (const Result<void> all = told(p.status); !all) return all.error();
    return kept(tx,
                p,
                tx.defer("INSERT INTO payments (" CAUSEWAY_PAYMENT_COLUMNS
                         ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, "
                         "$14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, "
                         "$27, $28, $29, $30, $31, $32, $33, $34, $35)",
                         {p.id,
                          p.merchant,
                          p.livemode,
                          to_string(p.status.get()),
                          p.capture_automatic ? "automatic" : "manual",
                          p.amount.currency().code(),
                          p.amount.minor_units(),
                          p.authorised,
                          p.capturing,
                          p.captured,
                          p.refunding,
                          p.refunded,
                          p.capture_closed,
                          p.settlement_currency.code(),
                          p.quote,
                          p.token,
                          p.method,
                          p.card.brand,
                          p.card.last4,
                          p.card.exp_month,
                          p.card.exp_year,
                          p.connector,
                          p.customer,
                          p.reference,
                          p.description,
                          p.statement_descriptor,
                          p.return_url,
                          p.metadata,
                          p.last_error,
                          p.created_at,
                          p.updated_at,
                          p.disputed,
                          p.increasing,
                          p.expires_at,
                          p.next_action}));
}

Result<void> update_payment(Transaction& tx, const Payment& p) {
    if (const Result<void> all = told(p.status); !all) return all.error();
    return kept(
        tx,
        p,
        ledger::change_row<Payment>(
            tx,
            p.id,
            "UPDATE payments SET status = $1, authorised = $2, capturing = $3, captured = $4, "
            "refunding = $5, refunded = $6, capture_closed = $7, settlement_currency = $8, "
            "quote_id = $9, token = $10, method = $11, card_brand = $12, card_last4 = $13, "
            "card_exp_month = $14, card_exp_year = $15, connector = $16, last_error = $17, "
            "updated_us = $18, disputed = $19, increasing = $20, expires_us = $21, amount = $22, "
            "next_action = $23 WHERE payment_id = $24",
            {to_string(p.status.get()),
             p.authorised,
             p.capturing,
             p.captured,
             p.refunding,
             p.refunded,
             p.capture_closed,
             p.settlement_currency.code(),
             p.quote,
             p.token,
             p.method,
             p.card.brand,
             p.card.last4,
             p.card.exp_month,
             p.card.exp_year,
             p.connector,
             p.last_error,
             p.updated_at,
             p.disputed,
             p.increasing,
             p.expires_at,
             p.amount.minor_units(),
             p.next_action,
             p.id}));
}

Result<Payment> load_payment(Transaction& tx, const Uuid& id) {
    if (const Payment* const known = ledger::recall<Payment>(tx, id)) return *known;
    std::optional<Payment> found;
    const Result<void> read = tx.query("SELECT " CAUSEWAY_PAYMENT_COLUMNS
                                       " FROM payments WHERE payment_id = $1 /*locked*/",
                                       {id},
                                       [&found](const Row& row) { found = read_payment(row); });
    if (!read) return read.error();
    if (!found) return Error(ErrorCode::not_found, "payment " + to_text("pay", id));
    ledger::remember(tx, id, *found);
    return *std::move(found);
}

Result<void> foresee_payments(Transaction& tx, const std::vector<Uuid>& ids) {
    return ledger::by_sixteens(ids, [&](const auto&... each) {
        return tx.query("SELECT " CAUSEWAY_PAYMENT_COLUMNS
                        " FROM payments WHERE payment_id IN (" CAUSEWAY_SIXTEEN
                        ") ORDER BY payment_id /*locked*/",
                        {each...},
                        [&](const Row& row) {
                            const Payment payment = read_payment(row);
                            ledger::remember(tx, payment.id, payment);
                        });
    });
}

Result<Payment> load_payment(Transaction& tx, const Uuid& id, Scope scope) {
    Result<Payment> payment = load_payment(tx, id);
    // A foreign payment and one that never was look the same from outside.
    if (payment && (payment->merchant != scope.merchant || payment->livemode != scope.livemode)) {
        return Error(ErrorCode::not_found, "payment " + to_text("pay", id));
    }
    return payment;
}

Result<Listed<Payment>> list_payments(Transaction& tx, Scope scope, const Page& page) {
    const PageQuery query("SELECT " CAUSEWAY_PAYMENT_COLUMNS
                          " FROM payments WHERE merchant_id = $1 AND livemode = $2 AND ",
                          "payment_id",
                          page);
    return query.run<Payment>(tx, scope.merchant, scope.livemode, read_payment);
}

Result<std::vector<Payment>> newest_payments(Transaction& tx,
                                             int limit,
                                             const std::optional<Uuid>& after) {
    std::vector<Payment> newest;
    const Result<void> read =
        tx.query("SELECT " CAUSEWAY_PAYMENT_COLUMNS
                 " FROM payments WHERE payment_id < $1 ORDER BY payment_id DESC LIMIT $2",
                 {after.value_or(kHighestUuid), limit},
                 [&newest](const Row& row) { newest.push_back(read_payment(row)); });
    if (!read) return read.error();
    return newest;
}

Result<std::vector<Payment>> expired_payments(Transaction& tx, Timestamp now, int limit) {
    std::vector<Payment> expired;
    const Result<void> read =
        tx.query("SELECT " CAUSEWAY_PAYMENT_COLUMNS
                 " FROM payments WHERE expires_us IS NOT NULL AND expires_us <= $1 "
                 "ORDER BY expires_us LIMIT $2 /*locked*/",
                 {now, limit},
                 [&expired](const Row& row) { expired.push_back(read_payment(row)); });
    if (!read) return read.error();
    return expired;
}

Result<void> insert_capture(Transaction& tx, const Capture& c) {
    if (const Result<void> all = told(c.status); !all) return all.error();
    return kept(tx,
                c,
                tx.defer("INSERT INTO captures (" + std::string(kCaptureColumns) +
                             ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                         {c.id,
                          c.payment,
                          c.amount.minor_units(),
                          c.amount.currency().code(),
                          c.final_capture,
                          to_string(c.status.get()),
                          c.balance_transaction,
                          c.created_at}));
}

Result<void> update_capture(Transaction& tx, const Capture& c) {
    if (const Result<void> all = told(c.status); !all) return all.error();
    return kept(
        tx,
        c,
        done(tx.execute(
            "UPDATE captures SET status = $1, txn_id = $2, amount = $3 "
            "WHERE capture_id = $4",
            {to_string(c.status.get()), c.balance_transaction, c.amount.minor_units(), c.id})));
}

Result<Capture> load_capture(Transaction& tx, const Uuid& id) {
    if (const Capture* const known = ledger::recall<Capture>(tx, id)) return *known;
    std::optional<Capture> found;
    const Result<void> read = tx.query("SELECT " + std::string(kCaptureColumns) +
                                           " FROM captures WHERE capture_id = $1 /*locked*/",
                                       {id},
                                       [&found](const Row& row) { found = read_capture(row); });
    if (!read) return read.error();
    if (!found) return Error(ErrorCode::not_found, "capture " + to_text("cap", id));
    ledger::remember(tx, id, *found);
    return *found;
}

Result<Listed<Capture>> list_captures(Transaction& tx, const Uuid& payment, const Page& page) {
    const PageQuery query("SELECT " + std::string(kCaptureColumns) +
                              " FROM captures WHERE payment_id = $1 AND $2 = 0 AND ",
                          "capture_id",
                          page);
    return query.run<Capture>(tx, payment, false, read_capture);
}

Result<void> insert_refund(Transaction& tx, const Refund& r) {
    if (const Result<void> all = told(r.status); !all) return all.error();
    return tx.defer("INSERT INTO refunds (" + std::string(kRefundColumns) +
                        ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
                    {r.id,
                     r.payment,
                     r.merchant,
                     r.livemode,
                     r.amount.minor_units(),
                     r.amount.currency().code(),
                     r.reason,
                     to_string(r.status.get()),
                     r.failure_code,
                     r.metadata,
                     r.balance_transaction,
                     r.created_at});
}

Result<void> update_refund(Transaction& tx, const Refund& r) {
    if (const Result<void> all = told(r.status); !all) return all.error();
    return done(
        tx.execute("UPDATE refunds SET status = $1, failure_code = $2, txn_id = $3, amount = $4 "
                   "WHERE refund_id = $5",
                   {to_string(r.status.get()),
                    r.failure_code,
                    r.balance_transaction,
                    r.amount.minor_units(),
                    r.id}));
}

Result<Refund> load_refund(Transaction& tx, const Uuid& id) {
    std::optional<Refund> found;
    const Result<void> read = tx.query(
        "SELECT " + std::string(kRefundColumns) + " FROM refunds WHERE refund_id = $1 /*locked*/",
        {id},
        [&found](const Row& row) { found = read_refund(row); });
    if (!read) return read.error();
    if (!found) return Error(ErrorCode::not_found, "refund " + to_text("ref", id));
    return *std::move(found);
}

Result<Refund> load_refund(Transaction& tx, const Uuid& id, Scope scope) {
    Result<Refund> refund = load_refund(tx, id);
    if (refund && (refund->merchant != scope.merchant || refund->livemode != scope.livemode)) {
        return Error(ErrorCode::not_found, "refund " + to_text("ref", id));
    }
    return refund;
}

Result<Listed<Refund>> list_refunds(Transaction& tx, Scope scope, const Page& page) {
    const PageQuery query("SELECT " + std::string(kRefundColumns) +
                              " FROM refunds WHERE merchant_id = $1 AND livemode = $2 AND ",
                          "refund_id",
                          page);
    return query.run<Refund>(tx, scope.merchant, scope.livemode, read_refund);
}

Result<std::vector<Refund>> newest_refunds(Transaction& tx,
                                           int limit,
                                           const std::optional<Uuid>& after) {
    std::vector<Refund> newest;
    const Result<void> read =
        tx.query("SELECT " + std::string(kRefundColumns) +
                     " FROM refunds WHERE refund_id < $1 ORDER BY refund_id DESC LIMIT $2",
                 {after.value_or(kHighestUuid), limit},
                 [&](const Row& row) { newest.push_back(read_refund(row)); });
    if (!read) return read.error();
    return newest;
}

Result<std::vector<Refund>> refunds_of_payment(Transaction& tx, const Uuid& payment) {
    std::vector<Refund> refunds;
    const Result<void> read =
        tx.query("SELECT " + std::string(kRefundColumns) +
                     " FROM refunds WHERE payment_id = $1 ORDER BY refund_id",
                 {payment},
                 [&refunds](const Row& row) { refunds.push_back(read_refund(row)); });
    if (!read) return read.error();
    return refunds;
}

}  // namespace causeway::gateway
