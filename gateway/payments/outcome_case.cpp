// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/outcome_case.h"

#include "gateway/log.h"
#include "gateway/payments/confirmation.h"
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

void touch(OutcomeCase& c) {
    const bool open = c.payment.status == PaymentStatus::requires_capture ||
                      c.payment.status == PaymentStatus::partially_captured ||
                      c.payment.status == PaymentStatus::requires_action;
    if (!open) c.payment.expires_at.reset();
    c.payment.updated_at = c.now();
}

bool has_just_failed(const Payment& payment) {
    return payment.status == PaymentStatus::failed && !payment.status.taken().empty();
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

void move(OutcomeCase& c, PaymentEvent event) {
    const Result<void> moved = c.payment.status.apply(event);
    if (!moved && !c.wrong) c.wrong = moved.error();
}

void move_by_amounts(OutcomeCase& c, bool refused) {
    switch (status_of(c.payment)) {
        case PaymentStatus::succeeded:
            return move(c, refused ? PaymentEvent::rest_released : PaymentEvent::captured_in_full);
        case PaymentStatus::partially_captured:
            return move(c,
                        refused ? PaymentEvent::capture_refused : PaymentEvent::captured_in_part);
        default: return move(c, refused ? PaymentEvent::capture_refused : PaymentEvent::authorised);
    }
}

Result<void> store(OutcomeCase& c) {
    if (c.wrong) return *c.wrong;
    touch(c);
    if (has_just_failed(c.payment)) {
        const Result<void> returned = give_quote_back(c.tx, c.shop, c.payment);
        if (!returned) return returned.error();
    }
    const Result<void> payment = c.records.save(c.payment);
    if (!payment) return payment.error();
    return c.records.save(c.row);
}

Result<void> store_operation(OutcomeCase& c) {
    if (c.wrong) return *c.wrong;
    touch(c);
    return c.records.save(c.row);
}

Result<Step> tell_payment(OutcomeCase& c) {
    return tell(c, success_status(c), render_payment(c.payment));
}

void close(OutcomeCase& c, OperationEvent event) {
    if (c.by_hand && event == OperationEvent::approved) event = OperationEvent::decided_approved;
    if (c.by_hand && event == OperationEvent::declined) event = OperationEvent::decided_declined;
    const Result<void> moved = c.row.state.apply(event);
    if (!moved && !c.wrong) c.wrong = moved.error();
    c.row.next_try.reset();
    c.row.answered_at = c.now();
    if (c.outcome && !c.by_hand) {
        c.row.response_code = c.outcome->response_code;
        c.row.approval_code = c.outcome->approval_code;
    }
}

Result<void> suspend(OutcomeCase& c, OperationRow& row) {
    const Result<std::optional<Uuid>> entry = book_doubt(c.tx, c.shop, c.payment, row, true);
    if (!entry) return entry.error();
    if (!*entry) return {};
    c.records.posted(**entry);
    c.records.note("doubt", to_text("op", row.id), "suspended", row.amount.to_string());
    return {};
}

Result<void> clear_doubt(OutcomeCase& c, OperationRow& row) {
    const Result<std::optional<Uuid>> entry = book_doubt(c.tx, c.shop, c.payment, row, false);
    if (!entry) return entry.error();
    if (!*entry) return {};
    c.records.posted(**entry);
    c.records.note("doubt", to_text("op", row.id), "cleared", row.amount.to_string());
    return {};
}

Result<void> doubt(OutcomeCase& c, ReversalReason reason) {
    const ConnectorEntry* const entry = c.shop.connectors.find(c.row.connector);
    if (entry == nullptr || entry->connector->inquiry() == nullptr) {
        return doubt_and_reverse(c, reason);
    }
    // Others may have doubted it meanwhile, and ask already.
    if (c.row.state != OperationState::unknown) close(c, OperationEvent::no_answer);
    c.row.next_try = c.now() + retry_after(c.row.tries);
    const Result<void> suspended = suspend(c, c.row);
    if (!suspended) return suspended.error();
    const bool known = c.row.state.taken().empty();
    if (!known && c.payment.status.allows(PaymentEvent::outcome_unknown)) {
        move(c, PaymentEvent::outcome_unknown);
    }
    return store(c);
}

Result<void> doubt_and_reverse(OutcomeCase& c, ReversalReason reason) {
    close(c, c.outcome ? OperationEvent::partly_approved : OperationEvent::no_answer);
    const Result<void> suspended = suspend(c, c.row);
    if (!suspended) return suspended.error();
    const bool told = c.outcome.has_value();  // Then the payment's own fate is known.
    if (!told && c.payment.status.allows(PaymentEvent::outcome_unknown)) {
        move(c, PaymentEvent::outcome_unknown);
    }
    const Result<OperationRow> reversal = open_operation(c.records,
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

bool is_about_another_amount(const OutcomeCase& c) {
    if (!c.outcome || !c.outcome->approved || !c.outcome->approved_amount) return false;
    const ledger::Money& told = *c.outcome->approved_amount;
    return told.currency() != c.row.amount.currency() || told.minor_units() <= 0 ||
           told.minor_units() > c.row.amount.minor_units();
}

Result<void> disbelieve(OutcomeCase& c) {
    close(c, OperationEvent::partly_approved);
    const Result<void> suspended = suspend(c, c.row);
    if (!suspended) return suspended.error();
    const std::string id = to_text("op", c.row.id);
    c.records.note("doubt", id, "disbelieved", c.outcome->approved_amount->to_string());
    log(LogLevel::error, "answer_disbelieved", {{"operation", id}});
    return store(c);
}

void restore_expiry(OutcomeCase& c, const OperationRow& authorisation) {
    const ConnectorEntry* const entry = c.shop.connectors.find(authorisation.connector);
    if (entry == nullptr || entry->connector->capability().authorisation_valid.count() == 0) return;
    c.payment.expires_at = authorisation.answered_at.value_or(authorisation.created_at) +
                           entry->connector->capability().authorisation_valid;
}

Result<void> keep_trying(OutcomeCase& c) {
    c.row.next_try = c.now() + retry_after(c.row.tries);
    if (c.unsent()) {
        --c.row.tries;  // It was not a try: not one byte left us.
    } else {
        const Result<void> suspended = suspend(c, c.row);
        if (!suspended) return suspended.error();
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

bool asked_for_a_cancel(const OutcomeCase& c) {
    return c.caller && c.caller->idempotency &&
           c.caller->idempotency->endpoint.ends_with("/cancel");
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
