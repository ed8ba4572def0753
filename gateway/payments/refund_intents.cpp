// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/intent_case.h"
#include "gateway/payments/intents.h"
#include "gateway/payments/operations_store.h"
#include "gateway/payments/render.h"

namespace causeway::gateway {
namespace {

using connectors::OperationKind;
using ledger::Money;
using ledger::Transaction;

Refund new_refund(const Workshop& shop,
                  const Payment& payment,
                  const CreateRefund& wanted,
                  const Money& amount) {
    Refund refund{.amount = amount};
    refund.id = *wanted.id;
    refund.payment = payment.id;
    refund.merchant = payment.merchant;
    refund.livemode = payment.livemode;
    refund.reason = wanted.reason;
    refund.metadata = wanted.metadata;
    refund.created_at = shop.clock.now();
    return refund;
}

bool can_send_back(const Workshop& shop, const std::string& connector) {
    const ConnectorEntry* const entry = shop.connectors.find(connector);
    // One that is not configured (any more) may be again: the refund waits for it.
    return entry == nullptr ||
           entry->connector->capability().offers(OperationKind::refund, day_of(shop.clock.now()));
}

// Nothing was captured yet, so there is nothing to give back but the authorisation, and that whole.
Result<Step> cancel_by_refund(Transaction& tx,
                              const Workshop& shop,
                              const Caller& caller,
                              Payment payment,
                              const CreateRefund& wanted) {
    const Money whole(payment.authorised, payment.amount.currency());
    if (payment.capturing > 0 || payment.increasing > 0) {
        return wrong_state(
            tx, caller, payment, "refunded while a capture or an increment is under way");
    }
    if (wanted.amount.value_or(payment.authorised) != payment.authorised) {
        return refuse_at(tx,
                         caller,
                         payment,
                         make_problem("amount_exceeds_refundable",
                                      "/amount",
                                      "Nothing is captured yet: an authorisation is given back "
                                      "whole."));
    }
    const Result<OperationRow> original = authorising_operation(tx, payment.id);
    if (!original) return original.error();
    Refund refund = new_refund(shop, payment, wanted, whole);
    payment.updated_at = refund.created_at;
    payment.capture_closed = true;
    payment.expires_at.reset();
    const Result<void> moved = payment.status.apply(PaymentEvent::cancel_requested);
    if (!moved) return moved.error();
    Records records(tx, shop, &caller);
    if (const Result<void> stored = records.add(refund); !stored) return stored.error();
    if (const Result<void> held = records.save(payment); !held) return held.error();
    return send_now(records,
                    payment,
                    {.kind = OperationKind::reverse,
                     .amount = whole,
                     .subject = to_text("ref", refund.id),
                     .original = *original,
                     .reason = connectors::ReversalReason::customer_cancel});
}

}  // namespace

Result<Step> create_refund(Transaction& tx,
                           const Workshop& shop,
                           const Caller& caller,
                           const CreateRefund& wanted) {
    CreateRefund named = wanted;
    named.id = shop.ids.next();
    const Result<Claimed> claimed = claim_key(tx, shop, caller, to_text("ref", *named.id));
    if (!claimed) return claimed.error();
    if (claimed->step) return *claimed->step;
    if (const Result<Uuid> earlier = parse_id("ref", claimed->resource)) named.id = *earlier;
    Result<Payment> payment = load_payment(tx, wanted.payment, caller.scope);
    if (!payment) return refuse(tx, caller, missing(payment.error(), "payment"));
    if (payment->status == PaymentStatus::requires_capture && payment->capturable() > 0) {
        return cancel_by_refund(tx, shop, caller, *std::move(payment), named);
    }
    const std::int64_t left = payment->refundable();
    if (payment->captured == 0) return wrong_state(tx, caller, *payment, "refunded");
    if (left <= 0 || wanted.amount.value_or(left) > left) {
        return refuse_at(
            tx,
            caller,
            *payment,
            make_problem("amount_exceeds_refundable",
                         "/amount",
                         "At most " + std::to_string(left) + " minor units can be refunded."));
    }
    const Result<OperationRow> original = authorising_operation(tx, payment->id);
    if (!original) return original.error();
    if (!can_send_back(shop, original->connector)) {
        return refuse_at(tx,
                         caller,
                         *payment,
                         make_problem("refund_not_supported",
                                      "The provider of this payment can not send money back: give "
                                      "it back to the buyer by a transfer of your own."));
    }

    const Money amount(wanted.amount.value_or(left), payment->amount.currency());
    Refund refund = new_refund(shop, *payment, named, amount);
    payment->refunding += refund.amount.minor_units();
    payment->updated_at = refund.created_at;
    Records records(tx, shop, &caller);
    if (const Result<void> stored = records.add(refund); !stored) return stored.error();
    if (const Result<void> held = records.save(*payment); !held) return held.error();
    return send_now(records,
                    *payment,
                    {.kind = OperationKind::refund,
                     .amount = refund.amount,
                     .subject = to_text("ref", refund.id),
                     .original = *original});
}

}  // namespace causeway::gateway
