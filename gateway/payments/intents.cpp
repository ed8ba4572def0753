// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/intents.h"

#include "gateway/payments/confirmation.h"
#include "gateway/payments/operation_builder.h"
#include "gateway/payments/operations_store.h"
#include "gateway/payments/render.h"

namespace causeway::gateway {
namespace {

using connectors::OperationKind;
using ledger::Money;
using ledger::Transaction;

Result<Step> send_now(Transaction& tx,
                      const Workshop& shop,
                      const Payment& payment,
                      const NewOperation& wanted) {
    const Result<OperationRow> row = open_operation(tx, shop, payment, wanted);
    if (!row) return row.error();
    Result<Send> send = make_send(tx, shop, payment, *row);
    if (!send) return send.error();
    return Step{.send = *std::move(send), .reply = std::nullopt};
}

Result<Step> refuse_at(Transaction& tx,
                       const Caller& caller,
                       const Payment& payment,
                       Problem problem) {
    problem.instance = "/v1/payments/" + to_text("pay", payment.id);
    return refuse(tx, caller, problem);
}

Result<Step> wrong_state(Transaction& tx,
                         const Caller& caller,
                         const Payment& payment,
                         const std::string& what) {
    return refuse_at(tx,
                     caller,
                     payment,
                     make_problem("payment_state",
                                  "A payment that is " + std::string(to_string(payment.status)) +
                                      " cannot be " + what + "."));
}

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
        return std::optional(
            make_problem("unknown_reference", "/customer", "There is no such customer."));
    }
    Result<std::optional<Problem>> quote = check_quote(tx, shop, payment);
    if (!quote || *quote) return quote;
    if (!wanted.method) return std::optional<Problem>();
    payment.status = PaymentStatus::requires_confirmation;
    return attach_method(tx, shop, payment, *wanted.method, wanted.token);
}

// Confirms a payment that is or is not stored yet, and opens its first operation.
Result<Step> confirm_and_send(
    Transaction& tx, const Workshop& shop, const Caller& caller, Payment payment, bool stored) {
    const Result<std::variant<Approach, Problem>> confirmed = confirm(tx, shop, payment);
    if (!confirmed) return confirmed.error();
    if (const auto* const problem = std::get_if<Problem>(&*confirmed)) {
        return stored ? refuse_at(tx, caller, payment, *problem) : refuse(tx, caller, *problem);
    }
    const Result<void> written = stored ? update_payment(tx, payment) : insert_payment(tx, payment);
    if (!written) return written.error();
    return send_now(tx,
                    shop,
                    payment,
                    {.kind = std::get<Approach>(*confirmed).first_operation,
                     .amount = payment.amount,
                     .subject = {},
                     .original = std::nullopt});
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

    const Result<void> inserted = insert_payment(tx, payment);
    if (!inserted) return inserted.error();
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
            attach_method(tx, shop, *payment, *wanted.method, wanted.token);
        if (!attached) return attached.error();
        if (*attached) return refuse_at(tx, caller, *payment, **attached);
    }
    return confirm_and_send(tx, shop, caller, *std::move(payment), true);
}

Result<StartedCapture> start_capture(Transaction& tx,
                                     const Workshop& shop,
                                     Payment& payment,
                                     const CreateCapture& wanted) {
    const Result<OperationRow> authorised = authorising_operation(tx, payment.id);
    if (!authorised) return authorised.error();
    const std::int64_t amount = wanted.amount.value_or(payment.capturable());
    Capture capture{.amount = Money(amount, payment.amount.currency())};
    capture.id = wanted.id ? *wanted.id : shop.ids.next();
    capture.payment = payment.id;
    capture.final_capture = wanted.final_capture || amount == payment.capturable();
    capture.created_at = shop.clock.now();

    payment.capturing += amount;
    payment.capture_closed = capture.final_capture;
    payment.updated_at = capture.created_at;
    const Result<void> stored = insert_capture(tx, capture);
    if (!stored) return stored.error();
    const Result<void> reserved = update_payment(tx, payment);
    if (!reserved) return reserved.error();
    Result<OperationRow> row = open_operation(tx,
                                              shop,
                                              payment,
                                              {.kind = OperationKind::capture,
                                               .amount = capture.amount,
                                               .subject = to_text("cap", capture.id),
                                               .original = *authorised});
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
    if (wanted.amount.value_or(1) > payment->capturable()) {
        return refuse_at(tx,
                         caller,
                         *payment,
                         make_problem("amount_exceeds_capturable",
                                      "/amount",
                                      "At most " + std::to_string(payment->capturable()) +
                                          " minor units can be captured."));
    }
    const Result<StartedCapture> started = start_capture(tx, shop, *payment, named);
    if (!started) return started.error();
    Result<Send> send = make_send(tx, shop, *payment, started->operation);
    if (!send) return send.error();
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
    const bool authorised = payment->status == PaymentStatus::requires_capture ||
                            payment->status == PaymentStatus::partially_captured;
    if (!authorised && !may_be_confirmed(*payment)) {
        return wrong_state(tx, caller, *payment, "canceled");
    }
    if (payment->capturing > 0) {
        return wrong_state(tx, caller, *payment, "canceled while a capture is under way");
    }

    payment->updated_at = shop.clock.now();
    payment->capture_closed = true;
    if (!authorised) {
        payment->status = PaymentStatus::canceled;
        const Result<void> stored = update_payment(tx, *payment);
        if (!stored) return stored.error();
        return answer(tx, caller, 200, render_payment(*payment));
    }
    const Result<OperationRow> original = authorising_operation(tx, id);
    if (!original) return original.error();
    const bool partly = payment->captured > 0;
    payment->status = partly ? PaymentStatus::succeeded : PaymentStatus::processing;
    const Result<void> stored = update_payment(tx, *payment);
    if (!stored) return stored.error();
    const Money kept(payment->captured, payment->amount.currency());
    return send_now(tx,
                    shop,
                    *payment,
                    {.kind = partly ? OperationKind::release : OperationKind::reverse,
                     .amount = partly ? kept : original->amount,
                     .subject = {},
                     .original = *original,
                     .reason = connectors::ReversalReason::customer_cancel});
}

Result<Step> create_refund(Transaction& tx,
                           const Workshop& shop,
                           const Caller& caller,
                           const CreateRefund& wanted) {
    Uuid id = shop.ids.next();
    const Result<Claimed> claimed = claim_key(tx, shop, caller, to_text("ref", id));
    if (!claimed) return claimed.error();
    if (claimed->step) return *claimed->step;
    if (const Result<Uuid> earlier = parse_id("ref", claimed->resource)) id = *earlier;
    Result<Payment> payment = load_payment(tx, wanted.payment, caller.scope);
    if (!payment) return refuse(tx, caller, missing(payment.error(), "payment"));
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

    Refund refund{.amount = Money(wanted.amount.value_or(left), payment->amount.currency())};
    refund.id = id;
    refund.payment = payment->id;
    refund.merchant = payment->merchant;
    refund.livemode = payment->livemode;
    refund.reason = wanted.reason;
    refund.metadata = wanted.metadata;
    refund.created_at = shop.clock.now();
    payment->refunding += refund.amount.minor_units();
    payment->updated_at = refund.created_at;
    if (const Result<void> stored = insert_refund(tx, refund); !stored) return stored.error();
    if (const Result<void> held = update_payment(tx, *payment); !held) return held.error();
    return send_now(tx,
                    shop,
                    *payment,
                    {.kind = OperationKind::refund,
                     .amount = refund.amount,
                     .subject = to_text("ref", refund.id),
                     .original = *original});
}

}  // namespace causeway::gateway
