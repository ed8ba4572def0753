// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/expiry.h"

#include "gateway/collections/next_action.h"
#include "gateway/payments/operation_builder.h"
#include "gateway/payments/operations_store.h"

namespace causeway::gateway {
namespace {

using connectors::OperationKind;
using ledger::Transaction;

constexpr std::chrono::minutes kLater{10};

}  // namespace

namespace {

// Nobody has paid: the provider is told to take no money for it any more. What was paid in time and
// is told of later is still the payment's.
Result<void> expire_instrument(Records& records, Payment& payment) {
    if (records.shop().connectors.find(payment.connector) == nullptr) {
        payment.expires_at = records.shop().clock.now() + kLater;
        return records.save(payment);
    }
    const Result<OperationRow> original = authorising_operation(records.tx(), payment.id);
    if (!original) return original.error();
    const Result<void> moved = payment.status.apply(PaymentEvent::instrument_ended);
    if (!moved) return moved.error();
    payment.expires_at.reset();
    payment.updated_at = records.shop().clock.now();
    const Result<void> stored = records.save(payment);
    if (!stored) return stored.error();
    const Result<OperationRow> opened =
        open_operation(records,
                       payment,
                       {.kind = OperationKind::withdraw,
                        .amount = payment.amount,
                        .subject = {},
                        .original = *original,
                        .reason = connectors::ReversalReason::customer_cancel,
                        .leased = false});
    if (!opened) return opened.error();
    return {};
}

}  // namespace

Result<void> expire_authorisation(Records& records, Payment& payment) {
    const Timestamp now = records.shop().clock.now();
    const bool collects = payment.status == PaymentStatus::requires_action ||
                          (payment.status == PaymentStatus::partially_captured &&
                           is_collected(records.shop(), payment));
    if (collects) return expire_instrument(records, payment);
    if (!payment.status.allows(PaymentEvent::authorisation_expired)) {
        payment.expires_at.reset();
        return records.save(payment);
    }
    // One that nobody can send to now must not stand before all others.
    const bool is_reachable = records.shop().connectors.find(payment.connector) != nullptr;
    if (!is_reachable || payment.capturing > 0 || payment.increasing > 0) {
        payment.expires_at = now + kLater;
        return records.save(payment);
    }
    const Result<OperationRow> original = authorising_operation(records.tx(), payment.id);
    if (!original) return original.error();
    const bool partly = payment.captured > 0;
    const ledger::Money kept(payment.captured, payment.amount.currency());
    const ledger::Money whole(payment.authorised, payment.amount.currency());
    const Result<void> moved = payment.status.apply(PaymentEvent::authorisation_expired);
    if (!moved) return moved.error();
    payment.capture_closed = true;
    payment.expires_at.reset();
    payment.updated_at = now;
    const Result<void> stored = records.save(payment);
    if (!stored) return stored.error();
    const Result<OperationRow> opened =
        open_operation(records,
                       payment,
                       {.kind = partly ? OperationKind::release : OperationKind::reverse,
                        .amount = partly ? kept : whole,
                        .subject = {},
                        .original = *original,
                        .reason = connectors::ReversalReason::customer_cancel,
                        .leased = false});
    if (!opened) return opened.error();
    return {};
}

Result<int> expire_due(Transaction& tx, const Workshop& shop, int limit) {
    Result<std::vector<Payment>> due = expired_payments(tx, shop.clock.now(), limit);
    if (!due) return due.error();
    for (Payment& payment : *due) {
        Records records(tx, shop, nullptr);
        const Result<void> expired = expire_authorisation(records, payment);
        if (!expired) return expired.error();
        const Result<void> told = records.finish(payment.id);
        if (!told) return told.error();
    }
    return static_cast<int>(due->size());
}

}  // namespace causeway::gateway
