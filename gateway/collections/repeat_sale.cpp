// SPDX-License-Identifier: Apache-2.0
#include "gateway/collections/repeat_sale.h"

#include "gateway/payments/operation_builder.h"

namespace causeway::gateway {

Payment repeat_of(const Payment& first, const Workshop& shop) {
    Payment payment{.amount = first.amount, .settlement_currency = first.settlement_currency};
    payment.id = shop.ids.next();
    payment.merchant = first.merchant;
    payment.livemode = first.livemode;
    payment.method = first.method;
    payment.connector = first.connector;
    payment.customer = first.customer;
    payment.reference = first.reference;
    payment.description = first.description;
    payment.statement_descriptor = first.statement_descriptor;
    payment.metadata = first.metadata;
    payment.created_at = shop.clock.now();
    payment.updated_at = payment.created_at;
    return payment;
}

Result<OperationRow> open_repeat_sale(Records& records,
                                      Payment& payment,
                                      CollectionRow collection) {
    const Result<void> confirmed = payment.status.apply(PaymentEvent::confirmed);
    if (!confirmed) return confirmed.error();
    const Result<void> added = records.add(payment);
    if (!added) return added.error();
    collection.payment = payment.id;
    collection.operation.reset();
    // The charge's reference says what it is of, by these terms.
    const Result<void> terms = put_collection(records.tx(), collection);
    if (!terms) return terms.error();
    Result<OperationRow> charge = open_operation(records,
                                                 payment,
                                                 {.kind = connectors::OperationKind::collect,
                                                  .amount = payment.amount,
                                                  .subject = {},
                                                  .original = std::nullopt,
                                                  .reason = connectors::ReversalReason::no_answer,
                                                  .leased = false});
    if (!charge) return charge;
    const Result<void> agreed = charge->state.apply(OperationEvent::approved);
    if (!agreed) return agreed.error();
    charge->next_try.reset();
    charge->answered_at = records.shop().clock.now();
    const Result<void> saved = records.save(*charge);
    if (!saved) return saved.error();
    collection.operation = charge->id;
    const Result<void> made = put_collection(records.tx(), collection);
    if (!made) return made.error();
    return charge;
}

}  // namespace causeway::gateway
