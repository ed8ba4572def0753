// SPDX-License-Identifier: Apache-2.0
#include "gateway/collections/receipts.h"
#include "gateway/log.h"
#include "gateway/payments/earnings.h"
#include "gateway/payments/operations_store.h"
#include "gateway/payments/outcome_case.h"
#include "gateway/payments/render.h"
#include "gateway/payments/told_conversion.h"

namespace causeway::gateway {
namespace {

using connectors::Decline;
using connectors::OperationKind;

Result<Step> tell_cancelling_refund(OutcomeCase& c) {
    if (!c.row.subject.starts_with("ref_") || asked_for_a_cancel(c)) return tell_payment(c);
    const Result<Refund> refund = refund_of(c.tx, c.row);
    if (!refund) return refund.error();
    return tell(c, 201, render_refund(*refund));
}

// A refund that stood for the cancel of an authorisation ends with it.
Result<void> end_cancelling_refund(OutcomeCase& c, PartEvent event, std::string_view code) {
    if (!c.row.subject.starts_with("ref_")) return {};
    Result<Refund> refund = refund_of(c.tx, c.row);
    if (!refund) return refund.error();
    if (event == PartEvent::failed) return fail_refund(c, *refund, code);
    const Result<void> done = refund->status.apply(event);
    if (!done) return done.error();
    return c.records.save(*refund);
}

// By the merchant, or by time: not because nobody answered.
bool was_asked_for(const OperationRow& reversal) {
    return reversal.reason == connectors::ReversalReason::customer_cancel;
}

// A charge that a person took for approved is undone all the same. What was captured of it is for
// a person too.
Result<void> undo_decided(OutcomeCase& c, const OperationRow& original) {
    const bool untouched =
        original.kind == OperationKind::authorise && c.payment.captured + c.payment.capturing == 0;
    if (!untouched || !c.payment.status.allows(PaymentEvent::cancel_requested)) return {};
    c.payment.capture_closed = true;
    move(c, PaymentEvent::cancel_requested);
    move(c, PaymentEvent::canceled);
    return {};
}

// Once reversed, nothing would stand against what the merchant was credited with.
bool is_credited_for(const OutcomeCase& c, const OperationRow& original) {
    const bool is_charge =
        original.kind == OperationKind::authorise || original.kind == OperationKind::sale;
    const bool late = original.state == OperationState::approved && !was_asked_for(c.row);
    return is_charge && late && c.payment.captured + c.payment.capturing > c.payment.refunded;
}

// The reversed operation is undone at the provider: what follows depends on what it was.
Result<void> undo_original(OutcomeCase& c, OperationRow original) {
    const bool was_unknown = original.state == OperationState::unknown;
    // A person has said so already.
    if (original.state == OperationState::declined) return {};
    if (c.by_hand && is_credited_for(c, original)) {
        return Error(ErrorCode::conflict,
                     "the merchant is credited with what was captured of it: refund that first, "
                     "or settle it with the provider and decide declined");
    }
    const Result<void> moved = original.state.apply(OperationEvent::reversed);
    if (!moved) return moved.error();
    const Result<void> cleared = clear_doubt(c, original);
    if (!cleared) return cleared.error();
    const Result<void> stored = c.records.save(original);
    if (!stored) return stored.error();
    if (was_unknown) return undo(c, original, "the charge was reversed");
    if (!was_asked_for(c.row)) return undo_decided(c, original);
    if (c.payment.status != PaymentStatus::processing) return {};
    move(c, PaymentEvent::canceled);
    return end_cancelling_refund(c, PartEvent::succeeded, {});
}

Result<Step> cancel_refused(OutcomeCase& c, const OperationRow& authorisation) {
    close(c, OperationEvent::declined);
    // An authorisation that expired is gone for us, whatever the provider makes of it.
    if (c.payment.status == PaymentStatus::processing) {
        c.payment.capture_closed = false;
        restore_expiry(c, authorisation);
        move(c, PaymentEvent::cancel_refused);
    }
    const std::string_view why = to_string(c.outcome->decline);
    const Result<void> failed = end_cancelling_refund(c, PartEvent::failed, why);
    if (!failed) return failed.error();
    const Result<void> stored = store(c);
    if (!stored) return stored.error();
    if (c.row.subject.starts_with("ref_")) return tell_cancelling_refund(c);
    return tell_problem(c,
                        make_problem("cancel_declined",
                                     "The provider refused the cancel: " + std::string(why) + "."));
}

// The provider will not undo what it may have done. Nobody is believed: the amount stays in
// suspense and the reservation stays taken until a person has looked.
Result<Step> reversal_refused(OutcomeCase& c) {
    close(c, OperationEvent::declined);
    const Result<void> stored = store(c);
    if (!stored) return stored.error();
    log(LogLevel::error,
        "reversal_refused",
        {{"payment", to_text("pay", c.payment.id)},
         {"operation", to_text("op", c.row.id)},
         {"response_code", c.row.response_code}});
    return tell_payment(c);
}

// What it undid does not stand here either.
Result<Step> agree(OutcomeCase& c) {
    c.records.because("as was decided of what it reverses");
    close(c, OperationEvent::approved);
    const Result<void> stored = store(c);
    if (!stored) return stored.error();
    return tell_payment(c);
}

}  // namespace

Result<Step> after_reverse(OutcomeCase& c) {
    if (!c.outcome || !is_final_word(*c.outcome)) {
        c.row.next_try = c.now() + retry_after(c.row.tries);
        if (c.unsent()) --c.row.tries;
        const Result<void> stored = store(c);
        if (!stored) return stored.error();
        return tell_cancelling_refund(c);
    }
    const Result<void> cleared = clear_doubt(c, c.row);
    if (!cleared) return cleared.error();
    if (!c.row.original) return Error(ErrorCode::integrity, "a reversal names what it reverses");
    Result<OperationRow> original = load_operation(c.tx, *c.row.original);
    if (!original) return original.error();
    const bool gone = c.outcome->approved || c.outcome->decline == Decline::original_not_found;
    const bool by_merchant = original->state == OperationState::approved && was_asked_for(c.row);
    if (!gone) return by_merchant ? cancel_refused(c, *original) : reversal_refused(c);

    close(c, OperationEvent::approved);
    const Result<void> kept = keep_conversion(c);
    if (!kept) return kept.error();
    const Result<void> undone = undo_original(c, *std::move(original));
    if (!undone) return undone.error();
    const Result<void> stored = store(c);
    if (!stored) return stored.error();
    return tell_cancelling_refund(c);
}

bool contradicts_a_decision(const OutcomeCase& c) {
    // A provider that had declined it would have said with which code.
    const bool decided_away =
        c.row.state == OperationState::declined && c.row.response_code.empty();
    return c.row.kind == OperationKind::reverse && decided_away && !was_asked_for(c.row) &&
           c.outcome && c.outcome->approved;
}

Result<Step> after_contradiction(OutcomeCase& c) {
    if (!c.row.original) return Error(ErrorCode::integrity, "a reversal names what it reverses");
    const Result<OperationRow> original = load_operation(c.tx, *c.row.original);
    if (!original) return original.error();
    const bool stands =
        original->state == OperationState::approved || original->state == OperationState::unknown;
    const Result<void> moved = c.row.state.apply(OperationEvent::contradicted);
    if (!moved) return moved.error();
    if (!stands) return agree(c);
    const Result<void> suspended = suspend(c, c.row);
    if (!suspended) return suspended.error();
    const std::string id = to_text("op", c.row.id);
    c.records.note("doubt", id, "contradicted", "the provider has reversed what was decided");
    log(LogLevel::error,
        "decision_contradicted",
        {{"payment", to_text("pay", c.payment.id)}, {"operation", id}});
    const Result<void> stored = store(c);
    if (!stored) return stored.error();
    return tell_payment(c);
}

Result<Step> after_release(OutcomeCase& c) {
    if (!c.outcome || !is_final_word(*c.outcome)) {
        c.row.next_try = c.now() + retry_after(c.row.tries);
        if (c.unsent()) --c.row.tries;
    } else {
        const Result<void> cleared = clear_doubt(c, c.row);
        if (!cleared) return cleared.error();
        close(c, c.outcome->approved ? OperationEvent::approved : OperationEvent::declined);
    }
    const Result<void> stored = store(c);
    if (!stored) return stored.error();
    return tell_payment(c);
}

Result<void> undo(OutcomeCase& c, const OperationRow& undone, std::string_view why) {
    if (undone.kind == OperationKind::refund && undone.subject.starts_with("rcp_")) {
        return end_receipt_refund(c.records, undone, false, why);
    }
    if (undone.kind == OperationKind::refund) {
        Result<Refund> refund = refund_of(c.tx, undone);
        if (!refund) return refund.error();
        c.payment.refunding -= refund->amount.minor_units();
        return fail_refund(c, *refund, "provider_timeout_reversed");
    }
    if (undone.kind == OperationKind::increment) {
        c.payment.increasing -= undone.amount.minor_units();
        return {};
    }
    if (c.payment.status != PaymentStatus::processing) return {};
    Problem problem = make_problem("provider_timeout_reversed",
                                   "The provider did not answer; " + std::string(why) + ".");
    problem.instance = c.instance();
    move(c, PaymentEvent::reversed);
    c.payment.last_error = render(problem, "");
    return {};
}

Result<Step> after_never_arrived(OutcomeCase& c) {
    close(c, OperationEvent::never_arrived);
    const Result<void> cleared = clear_doubt(c, c.row);
    if (!cleared) return cleared.error();
    const Result<void> undone = undo(c, c.row, "it never heard of the charge");
    if (!undone) return undone.error();
    const Result<void> stored = store(c);
    if (!stored) return stored.error();
    return tell_payment(c);
}

}  // namespace causeway::gateway
