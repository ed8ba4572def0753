// SPDX-License-Identifier: Apache-2.0
#include "gateway/collections/repeat_sale.h"

#include "fx/quotes_store.h"
#include "gateway/payments/confirmation.h"
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

Result<bool> quote_today(Records& records, Payment& payment) {
    const Result<std::optional<Problem>> locked =
        lock_automatic_quote(records.tx(), records.shop(), payment, payment.settlement_currency);
    if (!locked) return locked.error();
    if (*locked) return false;
    const Result<fx::Quote> used =
        fx::consume(records.tx(), *payment.quote, payment.id, records.shop().clock.now());
    if (!used) return used.error();
    records.note("quote", to_text("pay", payment.id), "requoted", to_text("fxq", used->id));
    return true;
}

Result<std::optional<OperationRow>> open_repeat_sale(Records& records,
                                                     Payment& payment,
                                                     CollectionRow collection) {
    if (payment.settlement_currency != payment.amount.currency()) {
        const Result<bool> quoted = quote_today(records, payment);
        if (!quoted) return quoted.error();
        if (!*quoted) return std::optional<OperationRow>();
    }
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
    if (!charge) return charge.error();
    const Result<void> agreed = charge->state.apply(OperationEvent::approved);
    if (!agreed) return agreed.error();
    charge->next_try.reset();
    charge->answered_at = records.shop().clock.now();
    const Result<void> saved = records.save(*charge);
    if (!saved) return saved.error();
    collection.operation = charge->id;
    const Result<void> made = put_collection(records.tx(), collection);
    if (!made) return made.error();
    return std::optional(*std::move(charge));
}

}  // namespace causeway::gateway
