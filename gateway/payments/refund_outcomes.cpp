// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/earnings.h"
#include "gateway/payments/outcome_case.h"
#include "gateway/payments/render.h"
#include "gateway/payments/told_conversion.h"

namespace causeway::gateway {
namespace {

using connectors::ReversalReason;
using ledger::Transaction;

}  // namespace

Result<Refund> refund_of(Transaction& tx, const OperationRow& row) {
    const Result<Uuid> id = parse_id("ref", row.subject);
    if (!id) return id.error();
    return load_refund(tx, *id);
}

Result<void> fail_refund(OutcomeCase& c, Refund& refund, std::string_view code) {
    const Result<void> moved = refund.status.apply(PartEvent::failed);
    if (!moved) return moved.error();
    refund.failure_code = std::string(code);
    return c.records.save(refund);
}

Result<Step> after_refund(OutcomeCase& c) {
    Result<Refund> refund = refund_of(c.tx, c.row);
    if (!refund) return refund.error();
    if (c.unsent() && !c.row.in_doubt) {
        // Nothing left us, so the same reference may go out later, as if for the first time.
        const Result<void> moved = c.row.state.apply(OperationEvent::not_sent);
        if (!moved) return moved.error();
        c.row.next_try = c.now() + retry_after(c.row.tries);
        --c.row.tries;
        const Result<void> stored = store(c);
        if (!stored) return stored.error();
        return tell(c, 201, render_refund(*refund));
    }
    if (!c.outcome) {
        const Result<void> doubted = doubt(c, ReversalReason::no_answer);
        if (!doubted) return doubted.error();
        return tell(c, 201, render_refund(*refund));
    }
    if (is_about_another_amount(c)) {
        const Result<void> disbelieved = disbelieve(c);
        if (!disbelieved) return disbelieved.error();
        return tell(c, 201, render_refund(*refund));
    }
    const Result<void> cleared = clear_doubt(c, c.row);
    if (!cleared) return cleared.error();
    if (!c.outcome->approved) {
        close(c, OperationEvent::declined);
        c.payment.refunding -= refund->amount.minor_units();
        const Result<void> failed = fail_refund(c, *refund, to_string(c.outcome->decline));
        if (!failed) return failed.error();
    } else {
        close(c, OperationEvent::approved);
        c.payment.refunding -= refund->amount.minor_units();
        if (c.outcome->approved_amount) refund->amount = *c.outcome->approved_amount;
        const Result<Booked> booked =
            book_refund(c.tx, c.shop, c.payment, *refund, with_amount(c.row, refund->amount));
        if (!booked) return booked.error();
        const Result<void> converted = take_conversion(c, *booked);
        if (!converted) return converted.error();
        c.records.posted(booked->entry);
        refund->balance_transaction = booked->movement;
        const Result<void> done = refund->status.apply(PartEvent::succeeded);
        if (!done) return done.error();
        c.payment.refunded += refund->amount.minor_units();
        const Result<void> updated = c.records.save(*refund);
        if (!updated) return updated.error();
    }
    const Result<void> stored = store(c);
    if (!stored) return stored.error();
    return tell(c, 201, render_refund(*refund));
}

}  // namespace causeway::gateway
