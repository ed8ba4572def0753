// SPDX-License-Identifier: Apache-2.0
#include "gateway/log.h"
#include "gateway/payments/earnings.h"
#include "gateway/payments/operations_store.h"
#include "gateway/payments/outcome_case.h"
#include "gateway/payments/render.h"

namespace causeway::gateway {
namespace {

using connectors::Decline;
using connectors::OperationKind;

// The reversed operation is undone at the provider: what follows depends on what it was.
Result<void> undo_original(OutcomeCase& c, OperationRow original) {
    const bool was_unknown = original.state == OperationState::unknown;
    original.state = OperationState::reversed;
    const Result<void> cleared = book_doubt(c.tx, c.shop, c.payment, original, false);
    if (!cleared) return cleared.error();
    const Result<void> stored = update_operation(c.tx, original);
    if (!stored) return stored.error();

    if (original.kind == OperationKind::refund) {
        Result<Refund> refund = refund_of(c.tx, original);
        if (!refund) return refund.error();
        return fail_refund(c, *refund, "provider_timeout_reversed");
    }
    if (c.payment.status != PaymentStatus::processing) return {};
    if (!was_unknown) {
        c.payment.status = PaymentStatus::canceled;
        return {};
    }
    Problem problem = make_problem("provider_timeout_reversed",
                                   "The provider did not answer; the charge was reversed.");
    problem.instance = c.instance();
    c.payment.status = PaymentStatus::failed;
    c.payment.last_error = render(problem, "");
    return {};
}

Result<Step> cancel_refused(OutcomeCase& c) {
    close(c, OperationState::declined);
    c.payment.capture_closed = false;
    c.payment.status = status_of(c.payment);
    const Result<void> stored = store(c);
    if (!stored) return stored.error();
    return tell_problem(c,
                        make_problem("cancel_declined",
                                     "The provider refused the cancel: " +
                                         std::string(to_string(c.outcome->decline)) + "."));
}

// The provider will not undo what it may have done. Nobody is believed: the amount stays in
// suspense and the reservation stays taken until a person has looked.
Result<Step> reversal_refused(OutcomeCase& c) {
    close(c, OperationState::declined);
    const Result<void> stored = store(c);
    if (!stored) return stored.error();
    log(LogLevel::error,
        "reversal_refused",
        {{"payment", to_text("pay", c.payment.id)},
         {"operation", to_text("op", c.row.id)},
         {"response_code", c.row.response_code}});
    return tell_payment(c);
}

}  // namespace

Result<Step> after_reverse(OutcomeCase& c) {
    if (!c.outcome || !is_final_word(*c.outcome)) {
        c.row.next_try = c.now() + retry_after(c.row.tries);
        if (c.unsent()) --c.row.tries;
        const Result<void> stored = store(c);
        if (!stored) return stored.error();
        return tell_payment(c);
    }
    if (!c.row.original) return Error(ErrorCode::integrity, "a reversal names what it reverses");
    Result<OperationRow> original = load_operation(c.tx, *c.row.original);
    if (!original) return original.error();
    const bool gone = c.outcome->approved || c.outcome->decline == Decline::original_not_found;
    const bool by_merchant = original->state == OperationState::approved;
    if (!gone) return by_merchant ? cancel_refused(c) : reversal_refused(c);

    close(c, OperationState::approved);
    const Result<void> undone = undo_original(c, *std::move(original));
    if (!undone) return undone.error();
    const Result<void> stored = store(c);
    if (!stored) return stored.error();
    return tell_payment(c);
}

Result<Step> after_release(OutcomeCase& c) {
    if (!c.outcome || !is_final_word(*c.outcome)) {
        c.row.next_try = c.now() + retry_after(c.row.tries);
        if (c.unsent()) --c.row.tries;
    } else {
        close(c, c.outcome->approved ? OperationState::approved : OperationState::declined);
    }
    const Result<void> stored = store(c);
    if (!stored) return stored.error();
    return tell_payment(c);
}

}  // namespace causeway::gateway
