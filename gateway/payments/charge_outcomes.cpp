// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/earnings.h"
#include "gateway/payments/intents.h"
#include "gateway/payments/operation_builder.h"
#include "gateway/payments/outcome_case.h"
#include "gateway/payments/render.h"

namespace causeway::gateway {
namespace {

using connectors::Answer;
using connectors::Decline;
using connectors::OperationKind;
using connectors::ReversalReason;

Problem declined(const Answer& word) {
    const std::string_view decline = to_string(word.decline);
    Problem problem = make_problem("card_declined",
                                   "The issuer declined the charge: " + std::string(decline) + ".");
    problem.decline_code = std::string(decline);
    return problem;
}

Result<Step> fail_payment(OutcomeCase& c, Problem problem) {
    problem.instance = c.instance();
    c.payment.status = PaymentStatus::failed;
    c.payment.last_error = render(problem, c.caller ? c.caller->request_id : "");
    const Result<void> stored = store(c);
    if (!stored) return stored.error();
    return tell_problem(c, problem);
}

// Less than asked was approved. Nobody asked the buyer: give it back and fail.
Result<Step> refuse_partial_approval(OutcomeCase& c) {
    const Result<void> reversed = doubt_and_reverse(c, ReversalReason::customer_cancel);
    if (!reversed) return reversed.error();
    Problem problem = make_problem("card_declined", "The issuer approved only a part.");
    problem.decline_code = std::string(to_string(Decline::insufficient_funds));
    return fail_payment(c, std::move(problem));
}

Result<Step> after_sale_approved(OutcomeCase& c) {
    Capture capture{.amount = c.row.amount};
    capture.id = c.shop.ids.next();
    capture.payment = c.payment.id;
    capture.final_capture = true;
    capture.status = PartStatus::succeeded;
    capture.created_at = c.now();
    const Result<Uuid> movement = book_capture(c.tx, c.shop, c.payment, capture, c.row);
    if (!movement) return movement.error();
    capture.balance_transaction = *movement;
    const Result<void> inserted = insert_capture(c.tx, capture);
    if (!inserted) return inserted.error();
    c.payment.captured = c.row.amount.minor_units();
    c.payment.capture_closed = true;
    c.payment.status = PaymentStatus::succeeded;
    const Result<void> stored = store(c);
    if (!stored) return stored.error();
    return tell_payment(c);
}

Result<Step> after_authorise_approved(OutcomeCase& c) {
    c.payment.status = status_of(c.payment);
    if (!c.payment.capture_automatic) {
        const Result<void> stored = store(c);
        if (!stored) return stored.error();
        return tell_payment(c);
    }
    c.payment.status = PaymentStatus::processing;
    const Result<void> stored = store(c);
    if (!stored) return stored.error();
    const Result<StartedCapture> started =
        start_capture(c.tx,
                      c.shop,
                      c.payment,
                      {.id = std::nullopt, .amount = std::nullopt, .final_capture = true});
    if (!started) return started.error();
    Result<Send> send = make_send(c.tx, c.shop, c.payment, started->operation);
    if (!send) return send.error();
    return Step{.send = *std::move(send), .reply = std::nullopt};
}

}  // namespace

Result<Step> after_charge(OutcomeCase& c) {
    if (!c.unsent()) c.shop.cvcs.forget(c.payment.token);
    if (c.unsent()) {
        close(c, OperationState::unsent);
        c.payment.status = PaymentStatus::requires_confirmation;
        // A quote of our own making is younger than the payment: the next try gets a fresh one.
        if (c.payment.quote && *c.payment.quote > c.payment.id) c.payment.quote.reset();
        Problem problem = make_problem("provider_unavailable", "The provider cannot be reached.");
        problem.instance = c.instance();
        c.payment.last_error = render(problem, c.caller ? c.caller->request_id : "");
        const Result<void> stored = store(c);
        if (!stored) return stored.error();
        return tell_problem(c, std::move(problem));
    }
    if (!c.outcome) {
        const Result<void> doubted = doubt_and_reverse(c, ReversalReason::no_answer);
        if (!doubted) return doubted.error();
        return tell_payment(c);
    }
    if (!c.outcome->approved) {
        close(c, OperationState::declined);
        return fail_payment(c, declined(*c.outcome));
    }
    if (c.outcome->approved_amount && *c.outcome->approved_amount != c.row.amount) {
        return refuse_partial_approval(c);
    }
    close(c, OperationState::approved);
    c.payment.authorised = c.row.amount.minor_units();
    return c.row.kind == OperationKind::sale ? after_sale_approved(c) : after_authorise_approved(c);
}

}  // namespace causeway::gateway
