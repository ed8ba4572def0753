// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/intents.h"

#include "gateway/collections/next_action.h"
#include "gateway/customers/customers_store.h"
#include "gateway/payments/confirmation.h"
#include "gateway/payments/intent_case.h"
#include "gateway/payments/operation_builder.h"
#include "gateway/payments/operations_store.h"
#include "gateway/payments/render.h"

namespace causeway::gateway {
namespace {

using connectors::OperationKind;
using ledger::Money;
using ledger::Transaction;

Payment new_payment(const Workshop& shop, const Caller& caller, const CreatePayment& wanted) {
    Payment payment{.amount = wanted.amount, .settlement_currency = wanted.amount.currency()};
    payment.id = shop.ids.next();
    payment.merchant = caller.scope.merchant;
    payment.livemode = caller.scope.livemode;
    payment.capture_automatic = wanted.capture_automatic;
    payment.quote = wanted.quote;
    payment.reference = wanted.reference;
    payment.description = wanted.description;
    payment.statement_descriptor = wanted.statement_descriptor;
    payment.return_url = wanted.return_url;
    payment.metadata = wanted.metadata;
    payment.created_at = shop.clock.now();
    payment.updated_at = payment.created_at;
    return payment;
}

Result<std::optional<Problem>> check_new(Transaction& tx,
                                         const Workshop& shop,
                                         const CreatePayment& wanted,
                                         Payment& payment) {
    if (wanted.customer) {
        const Result<bool> known = is_customer(
            tx, *wanted.customer, {.merchant = payment.merchant, .livemode = payment.livemode});
        if (!known) return known.error();
        if (!*known) {
            return std::optional(
                make_problem("unknown_reference", "/customer", "There is no such customer."));
        }
        payment.customer = wanted.customer;
    }
    Result<std::optional<Problem>> quote = check_quote(tx, shop, payment);
    if (!quote || *quote) return quote;
    if (!wanted.method) return std::optional<Problem>();
    return attach_method(tx, shop, payment, *wanted.method);
}

// Confirms a payment that is or is not stored yet, and opens its first operation.
Result<Step> confirm_and_send(
    Transaction& tx, const Workshop& shop, const Caller& caller, Payment payment, bool stored) {
    Records records(tx, shop, &caller);
    const Result<std::variant<Approach, Problem>> confirmed = confirm(records, payment);
    if (!confirmed) return confirmed.error();
    if (const auto* const problem = std::get_if<Problem>(&*confirmed)) {
        return stored ? refuse_at(tx, caller, payment, *problem) : refuse(tx, caller, *problem);
    }
    const Result<void> written = stored ? records.save(payment) : records.add(payment);
    if (!written) return written.error();
    const auto& approach = std::get<Approach>(*confirmed);
    Result<Step> step = send_now(records,
                                 payment,
                                 {.kind = approach.first_operation,
                                  .amount = payment.amount,
                                  .subject = {},
                                  .original = std::nullopt});
    if (step && step->send) step->send->send_before = approach.send_before;
    return step;
}

// Gives the whole authorisation back, or what was not captured of it.
Result<Step> let_go(Records& records, const Payment& payment, bool partly) {
    const Result<OperationRow> original = authorising_operation(records.tx(), payment.id);
    if (!original) return original.error();
    const Money kept(payment.captured, payment.amount.currency());
    const Money whole(payment.authorised, payment.amount.currency());
    return send_now(records,
                    payment,
                    {.kind = partly ? OperationKind::release : OperationKind::reverse,
                     .amount = partly ? kept : whole,
                     .subject = {},
                     .original = *original,
                     .reason = connectors::ReversalReason::customer_cancel});
}

// The provider is asked first: somebody may be paying at this moment.
Result<Step> withdraw_instrument(Transaction& tx,
                                 const Workshop& shop,
                                 const Caller& caller,
                                 Payment payment) {
    const Result<OperationRow> original = authorising_operation(tx, payment.id);
    if (!original) return original.error();
    payment.updated_at = shop.clock.now();
    payment.expires_at.reset();
    const bool partly = payment.captured > 0;  // What was paid stays; nothing more is to come.
    payment.capture_closed = partly;
    const Result<void> moved =
        payment.status.apply(partly ? PaymentEvent::rest_released : PaymentEvent::cancel_requested);
    if (!moved) return moved.error();
    Records records(tx, shop, &caller);
    const Result<void> stored = records.save(payment);
    if (!stored) return stored.error();
    return send_now(records,
                    payment,
                    {.kind = OperationKind::withdraw,
                     .amount = payment.amount,
                     .subject = {},
                     .original = *original,
                     .reason = connectors::ReversalReason::customer_cancel});
}

bool may_be_confirmed(const Payment& payment) {
    return payment.status == PaymentStatus::requires_payment_method ||
           payment.status == PaymentStatus::requires_confirmation;
}

}  // namespace

Result<Step> create_payment(Transaction& tx,
                            const Workshop& shop,
                            const Caller& caller,
                            const CreatePayment& wanted) {
    Payment payment = new_payment(shop, caller, wanted);
    const Result<Claimed> claimed = claim_key(tx, shop, caller, to_text("pay", payment.id));
    if (!claimed) return claimed.error();
    if (claimed->step) return *claimed->step;
    if (claimed->resumed) {
        // The first try made the payment and sent nothing: go on with that one, if it is there.
        const Result<Uuid> id = parse_id("pay", claimed->resource);
        if (!id) return id.error();
        Result<Payment> earlier = load_payment(tx, *id, caller.scope);
        if (earlier && may_be_confirmed(*earlier)) {
            return confirm_and_send(tx, shop, caller, *std::move(earlier), true);
        }
        if (earlier) return answer(tx, caller, 201, render_payment(*earlier));
        if (earlier.error().code() != ErrorCode::not_found) return earlier.error();
        payment.id = *id;
    }
    const Result<std::optional<Problem>> checked = check_new(tx, shop, wanted, payment);
    if (!checked) return checked.error();
    if (*checked) return refuse(tx, caller, **checked);
    if (wanted.confirm) return confirm_and_send(tx, shop, caller, std::move(payment), false);

    Records records(tx, shop, &caller);
    const Result<void> inserted = records.add(payment);
    if (!inserted) return inserted.error();
    const Result<void> told = records.finish(payment.id);
    if (!told) return told.error();
    return answer(tx, caller, 201, render_payment(payment));
}

Result<Step> confirm_payment(Transaction& tx,
                             const Workshop& shop,
                             const Caller& caller,
                             const Uuid& id,
                             const ConfirmPayment& wanted) {
    const Result<Claimed> claimed = claim_key(tx, shop, caller, to_text("pay", id));
    if (!claimed) return claimed.error();
    if (claimed->step) return *claimed->step;
    Result<Payment> payment = load_payment(tx, id, caller.scope);
    if (!payment) return refuse(tx, caller, missing(payment.error(), "payment"));
    if (!may_be_confirmed(*payment)) return wrong_state(tx, caller, *payment, "confirmed");
    if (wanted.method) {
        const Result<std::optional<Problem>> attached =
            attach_method(tx, shop, *payment, *wanted.method);
        if (!attached) return attached.error();
        if (*attached) return refuse_at(tx, caller, *payment, **attached);
    }
    if (wanted.quote) {
        const Result<std::optional<Problem>> named = name_quote(tx, shop, *payment, *wanted.quote);
        if (!named) return named.error();
        if (*named) return refuse_at(tx, caller, *payment, **named);
    }
    return confirm_and_send(tx, shop, caller, *std::move(payment), true);
}

Result<StartedCapture> start_capture_of(Records& records,
                                        Payment& payment,
                                        const OperationRow& authorised,
                                        const CreateCapture& wanted) {
    const Workshop& shop = records.shop();
    const std::int64_t amount = wanted.amount.value_or(payment.capturable());
    Capture capture{.amount = Money(amount, payment.amount.currency())};
    capture.id = wanted.id ? *wanted.id : shop.ids.next();
    capture.payment = payment.id;
    capture.final_capture = wanted.final_capture || amount == payment.capturable();
    capture.created_at = shop.clock.now();

    payment.capturing += amount;
    payment.capture_closed = capture.final_capture;
    payment.updated_at = capture.created_at;
    const Result<void> stored = records.add(capture, payment);
    if (!stored) return stored.error();
    const Result<void> reserved = records.save(payment);
    if (!reserved) return reserved.error();
    Result<OperationRow> row = open_operation(records,
                                              payment,
                                              {.kind = OperationKind::capture,
                                               .amount = capture.amount,
                                               .subject = to_text("cap", capture.id),
                                               .original = authorised});
    if (!row) return row.error();
    return StartedCapture{.capture = capture, .operation = *std::move(row)};
}

Result<Step> capture_payment(Transaction& tx,
                             const Workshop& shop,
                             const Caller& caller,
                             const Uuid& id,
                             const CreateCapture& wanted) {
    CreateCapture named = wanted;
    named.id = shop.ids.next();
    const Result<Claimed> claimed = claim_key(tx, shop, caller, to_text("cap", *named.id));
    if (!claimed) return claimed.error();
    if (claimed->step) return *claimed->step;
    if (const Result<Uuid> earlier = parse_id("cap", claimed->resource)) named.id = *earlier;
    Result<Payment> payment = load_payment(tx, id, caller.scope);
    if (!payment) return refuse(tx, caller, missing(payment.error(), "payment"));
    const bool authorised = payment->status == PaymentStatus::requires_capture ||
                            payment->status == PaymentStatus::partially_captured;
    if (!authorised) return wrong_state(tx, caller, *payment, "captured");
    if (payment->increasing > 0) {
        return wrong_state(tx, caller, *payment, "captured while it is being increased");
    }
    if (wanted.amount.value_or(1) > payment->capturable()) {
        return refuse_at(tx,
                         caller,
                         *payment,
                         make_problem("amount_exceeds_capturable",
                                      "/amount",
                                      "At most " + std::to_string(payment->capturable()) +
                                          " minor units can be captured."));
    }
    Records records(tx, shop, &caller);
    const Result<OperationRow> charge = authorising_operation(tx, payment->id);
    if (!charge) return charge.error();
    const Result<StartedCapture> started = start_capture_of(records, *payment, *charge, named);
    if (!started) return started.error();
    Result<Send> send = make_send_about(tx, shop, *payment, started->operation, *charge);
    if (!send) return send.error();
    const Result<void> told = records.finish(payment->id);
    if (!told) return told.error();
    return Step{.send = *std::move(send), .reply = std::nullopt};
}

Result<Step> cancel_payment(Transaction& tx,
                            const Workshop& shop,
                            const Caller& caller,
                            const Uuid& id) {
    const Result<Claimed> claimed = claim_key(tx, shop, caller, to_text("pay", id));
    if (!claimed) return claimed.error();
    if (claimed->step) return *claimed->step;
    Result<Payment> payment = load_payment(tx, id, caller.scope);
    if (!payment) return refuse(tx, caller, missing(payment.error(), "payment"));
    const bool collects = is_collected(shop, *payment);
    if (payment->status == PaymentStatus::requires_action ||
        (collects && payment->status == PaymentStatus::partially_captured)) {
        return withdraw_instrument(tx, shop, caller, *std::move(payment));
    }
    const bool authorised = payment->status == PaymentStatus::requires_capture ||
                            payment->status == PaymentStatus::partially_captured;
    if (!authorised && !may_be_confirmed(*payment)) {
        return wrong_state(tx, caller, *payment, "canceled");
    }
    if (payment->capturing > 0 || payment->increasing > 0) {
        return wrong_state(
            tx, caller, *payment, "canceled while a capture or an increment is under way");
    }

    payment->updated_at = shop.clock.now();
    payment->capture_closed = true;
    payment->expires_at.reset();
    const bool partly = payment->captured > 0;
    const PaymentEvent event = !authorised ? PaymentEvent::canceled
                               : partly    ? PaymentEvent::rest_released
                                           : PaymentEvent::cancel_requested;
    const Result<void> moved = payment->status.apply(event);
    if (!moved) return moved.error();
    Records records(tx, shop, &caller);
    const Result<void> stored = records.save(*payment);
    if (!stored) return stored.error();
    if (!authorised) {
        const Result<void> returned = give_quote_back(tx, shop, *payment);
        if (!returned) return returned.error();
        const Result<void> told = records.finish(payment->id);
        if (!told) return told.error();
        return answer(tx, caller, 200, render_payment(*payment));
    }
    return let_go(records, *payment, partly);
}

}  // namespace causeway::gateway
