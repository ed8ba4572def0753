// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/outcome_case.h"

#include "gateway/payments/earnings.h"
#include "gateway/payments/operation_builder.h"
#include "gateway/payments/operations_store.h"
#include "gateway/payments/render.h"

namespace causeway::gateway {
namespace {

using connectors::Answer;
using connectors::Decline;
using connectors::OperationKind;
using connectors::ReversalReason;

Result<Step> nothing_more() {
    return Step{};
}

// A 201 for what the request created, a 200 for what it changed.
int success_status(const OutcomeCase& c) {
    return c.caller && c.caller->idempotency &&
                   c.caller->idempotency->endpoint == "POST /v1/payments"
               ? 201
               : 200;
}

}  // namespace

Result<Step> tell(OutcomeCase& c, int status, std::string body) {
    if (!c.caller) return nothing_more();
    return answer(c.tx, *c.caller, status, std::move(body));
}

Result<Step> tell_problem(OutcomeCase& c, Problem problem) {
    if (!c.caller) return nothing_more();
    problem.instance = c.instance();
    return refuse(c.tx, *c.caller, problem);
}

PaymentStatus status_of(const Payment& p) {
    const bool open = !p.capture_closed && p.capturable() > 0;
    if (p.captured > 0) {
        return open || p.capturing > 0 ? PaymentStatus::partially_captured
                                       : PaymentStatus::succeeded;
    }
    return PaymentStatus::requires_capture;
}

Result<void> store(OutcomeCase& c) {
    c.payment.updated_at = c.now();
    const Result<void> payment = update_payment(c.tx, c.payment);
    if (!payment) return payment.error();
    return update_operation(c.tx, c.row);
}

Result<Step> tell_payment(OutcomeCase& c) {
    return tell(c, success_status(c), render_payment(c.payment));
}

void close(OutcomeCase& c, OperationState state) {
    c.row.state = state;
    c.row.next_try.reset();
    c.row.answered_at = c.now();
    if (c.outcome) {
        c.row.response_code = c.outcome->response_code;
        c.row.approval_code = c.outcome->approval_code;
    }
}

Result<void> doubt_and_reverse(OutcomeCase& c, ReversalReason reason) {
    close(c, OperationState::unknown);
    const Result<void> doubt = book_doubt(c.tx, c.shop, c.payment, c.row, true);
    if (!doubt) return doubt.error();
    const Result<OperationRow> reversal = open_operation(c.tx,
                                                         c.shop,
                                                         c.payment,
                                                         {.kind = OperationKind::reverse,
                                                          .amount = c.row.amount,
                                                          .subject = c.row.subject,
                                                          .original = c.row,
                                                          .reason = reason,
                                                          .leased = false});
    if (!reversal) return reversal.error();
    return store(c);
}

Result<void> keep_trying(OutcomeCase& c) {
    c.row.next_try = c.now() + retry_after(c.row.tries);
    if (c.unsent()) {
        --c.row.tries;  // It was not a try: not one byte left us.
    } else {
        const Result<void> doubt = book_doubt(c.tx, c.shop, c.payment, c.row, true);
        if (!doubt) return doubt.error();
    }
    return store(c);
}

bool is_final_word(const Answer& word) {
    return word.approved || word.decline != Decline::provider_unavailable;
}

bool asked_for_the_payment(const OutcomeCase& c) {
    return c.caller && c.caller->idempotency &&
           !c.caller->idempotency->endpoint.ends_with("/captures");
}

Result<Step> tell_capture(OutcomeCase& c, const Capture& capture) {
    if (asked_for_the_payment(c)) return tell_payment(c);
    return tell(c, 201, render_capture(capture, c.payment.livemode));
}

OperationRow with_amount(OperationRow row, ledger::Money amount) {
    row.amount = amount;
    return row;
}

}  // namespace causeway::gateway
