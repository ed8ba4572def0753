// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/earnings.h"
#include "gateway/payments/operation_builder.h"
#include "gateway/payments/operations_store.h"
#include "gateway/payments/outcome_case.h"
#include "gateway/payments/render.h"
#include "gateway/payments/told_conversion.h"

namespace causeway::gateway {
namespace {

using connectors::Answer;
using connectors::Decline;
using connectors::OperationKind;
using connectors::ReversalReason;

// Opens the operation that gives back what no capture will take; says whether there was any.
Result<bool> release_rest(OutcomeCase& c) {
    const std::int64_t rest = c.payment.authorised - c.payment.captured - c.payment.capturing;
    if (!c.payment.capture_closed || rest <= 0 || c.payment.capturing > 0) return false;
    const Result<OperationRow> original = authorising_operation(c.tx, c.payment.id);
    if (!original) return original.error();
    const Result<OperationRow> opened =
        open_operation(c.records,
                       c.payment,
                       {.kind = OperationKind::release,
                        .amount = ledger::Money(c.payment.captured, c.payment.amount.currency()),
                        .subject = {},
                        .original = *original,
                        .reason = ReversalReason::customer_cancel,
                        .leased = false});
    if (!opened) return opened.error();
    return true;
}

Result<Step> capture_refused(OutcomeCase& c, Capture capture) {
    close(c, OperationEvent::declined);
    const Result<void> refused = capture.status.apply(PartEvent::failed);
    if (!refused) return refused.error();
    // Open again only if it was this capture that closed the payment.
    if (capture.final_capture) c.payment.capture_closed = false;
    const Result<bool> released = release_rest(c);
    if (!released) return released.error();
    move_by_amounts(c, true);
    // While its payment was processing the authorisation had no end.
    const Result<OperationRow> authorisation = authorising_operation(c.tx, c.payment.id);
    if (!authorisation) return authorisation.error();
    if (!c.payment.expires_at) restore_expiry(c, *authorisation);
    Problem problem = make_problem(
        "capture_declined",
        "The provider refused the capture: " + std::string(to_string(c.outcome->decline)) + ".");
    problem.instance = c.instance();
    c.payment.last_error = render(problem, c.caller ? c.caller->request_id : "");
    const Result<void> failed = c.records.save(capture, c.payment);
    if (!failed) return failed.error();
    const Result<void> stored = store(c);
    if (!stored) return stored.error();
    return tell_problem(c, std::move(problem));
}

// A capture may not be refused, only be done or, for a host in trouble, not be done yet.
// "Duplicate" answers a repeat and says nothing of the first.
bool says_what_became_of_it(const Answer& word) {
    return word.approved ||
           (word.decline != Decline::provider_unavailable && word.decline != Decline::duplicate);
}

}  // namespace

Result<Step> after_capture(OutcomeCase& c) {
    const Result<Uuid> id = parse_id("cap", c.row.subject);
    if (!id) return id.error();
    Result<Capture> capture = load_capture(c.tx, *id);
    if (!capture) return capture.error();
    if (!c.outcome || !says_what_became_of_it(*c.outcome)) {
        const Result<void> kept = keep_trying(c);
        if (!kept) return kept.error();
        return tell_capture(c, *capture);
    }
    if (is_about_another_amount(c)) {
        const Result<void> disbelieved = disbelieve(c);
        if (!disbelieved) return disbelieved.error();
        return tell_capture(c, *capture);
    }
    const Result<void> cleared = clear_doubt(c, c.row);
    if (!cleared) return cleared.error();
    c.payment.capturing -= capture->amount.minor_units();
    if (!c.outcome->approved) return capture_refused(c, *std::move(capture));
    close(c, OperationEvent::approved);
    c.payment.last_error.clear();
    // The acquirer may take less than it was told; what it took is what is owed.
    if (c.outcome->approved_amount) capture->amount = *c.outcome->approved_amount;
    const Result<Booked> booked =
        book_capture(c.tx, c.shop, c.payment, *capture, with_amount(c.row, capture->amount));
    if (!booked) return booked.error();
    const Result<void> converted = take_conversion(c, *booked);
    if (!converted) return converted.error();
    c.records.posted(booked->entry);
    capture->balance_transaction = booked->movement;
    const Result<void> done = capture->status.apply(PartEvent::succeeded);
    if (!done) return done.error();
    const Result<void> updated = c.records.save(*capture, c.payment);
    if (!updated) return updated.error();
    c.payment.captured += capture->amount.minor_units();
    const Result<bool> released = release_rest(c);
    if (!released) return released.error();
    move_by_amounts(c, false);
    const Result<void> stored = store(c);
    if (!stored) return stored.error();
    Result<Step> step = tell_capture(c, *capture);
    if (step) step->work_left = *released;
    return step;
}

}  // namespace causeway::gateway
