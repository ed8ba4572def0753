// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/confirmation.h"
#include "gateway/payments/earnings.h"
#include "gateway/payments/intent_case.h"
#include "gateway/payments/intents.h"
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

Problem declined(const Answer& word) {
    const std::string_view decline = to_string(word.decline);
    const bool sent = word.decline != Decline::invalid_request;
    Problem problem =
        make_problem("card_declined",
                     (sent ? "The issuer declined the charge: " : "The charge can not be sent: ") +
                         std::string(decline) + ".");
    problem.decline_code = std::string(decline);
    return problem;
}

Result<Step> fail_payment(OutcomeCase& c, Problem problem) {
    problem.instance = c.instance();
    move(c, c.by_hand ? PaymentEvent::decided_declined : PaymentEvent::declined);
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

// Its payment has failed already and the reversal was refused: a person ends the doubt alone.
Result<Step> end_partial_approval(OutcomeCase& c) {
    if (c.outcome->approved) {
        return Error(ErrorCode::conflict,
                     "the payment has failed: what the provider took is to be given back there");
    }
    const Result<void> cleared = clear_doubt(c, c.row);
    if (!cleared) return cleared.error();
    close(c, OperationEvent::declined);
    const Result<void> stored = store(c);
    if (!stored) return stored.error();
    return tell_payment(c);
}

Result<Step> after_sale_approved(OutcomeCase& c) {
    Capture capture{.amount = c.row.amount};
    capture.id = c.shop.ids.next();
    capture.payment = c.payment.id;
    capture.final_capture = true;
    capture.created_at = c.now();
    const Result<Booked> booked = book_capture(c.tx, c.shop, c.payment, capture, c.row);
    if (!booked) return booked.error();
    const Result<void> converted = take_conversion(c, *booked);
    if (!converted) return converted.error();
    c.records.posted(booked->entry);
    capture.balance_transaction = booked->movement;
    const Result<void> done = capture.status.apply(PartEvent::succeeded);
    if (!done) return done.error();
    const Result<void> inserted = c.records.add(capture, c.payment);
    if (!inserted) return inserted.error();
    c.payment.captured = c.row.amount.minor_units();
    c.payment.capture_closed = true;
    move(c, PaymentEvent::captured_in_full);
    const Result<void> stored = store(c);
    if (!stored) return stored.error();
    return tell_payment(c);
}

Result<Step> after_authorise_approved(OutcomeCase& c) {
    restore_expiry(c, c.row);
    const Result<void> kept = keep_conversion(c);
    if (!kept) return kept.error();
    if (!c.payment.capture_automatic) {
        move(c, PaymentEvent::authorised);
        const Result<void> stored = store(c);
        if (!stored) return stored.error();
        return tell_payment(c);
    }
    // The payment's own row is stored once, by what starts the capture.
    const Result<void> stored = store_operation(c);
    if (!stored) return stored.error();
    const Result<StartedCapture> started =
        start_capture_of(c.records,
                         c.payment,
                         c.row,
                         {.id = std::nullopt, .amount = std::nullopt, .final_capture = true});
    if (!started) return started.error();
    Result<Send> send = make_send_about(c.tx, c.shop, c.payment, started->operation, c.row);
    if (!send) return send.error();
    return Step{.send = *std::move(send), .reply = std::nullopt};
}

// The provider cannot be reached, and no other takes the payment: it can be confirmed again.
Result<Step> back_to_confirmation(OutcomeCase& c) {
    move(c, PaymentEvent::not_sent);
    const Result<void> dropped = drop_own_quote(c.tx, c.payment);
    if (!dropped) return dropped.error();
    Problem problem = make_problem("provider_unavailable", "The provider cannot be reached.");
    if (c.too_late()) problem = make_problem("fx_quote_expired", "The quote has expired.");
    problem.instance = c.instance();
    c.payment.last_error = render(problem, c.caller ? c.caller->request_id : "");
    const Result<void> stored = store(c);
    if (!stored) return stored.error();
    return tell_problem(c, std::move(problem));
}

// Another issuer's gate, another scheme's rule or a machine in trouble: elsewhere the answer may
// differ. What the issuer said of the card or the account it will say again.
bool may_differ_elsewhere(Decline decline) {
    return decline == Decline::provider_unavailable || decline == Decline::provider_error ||
           decline == Decline::invalid_request || decline == Decline::not_allowed ||
           decline == Decline::do_not_honour;
}

// Opens the charge at another connector; nothing when none takes it, or two were tried already.
Result<std::optional<Step>> try_elsewhere(OutcomeCase& c) {
    constexpr std::size_t kChargesMax = 2;
    const Result<std::vector<OperationRow>> charges = charges_of(c.tx, c.payment.id);
    if (!charges) return charges.error();
    std::vector<std::string> tried;
    for (const OperationRow& charge : *charges)
        tried.push_back(charge.connector);
    if (!c.caller || tried.size() >= kChargesMax) return std::optional<Step>();
    Result<std::variant<Approach, Problem>> route = find_route(c.records, c.payment, tried);
    if (!route) return route.error();
    const auto* const approach = std::get_if<Approach>(&*route);
    if (approach == nullptr) return std::optional<Step>();
    const Result<std::optional<Timestamp>> end = end_of_rate(c.tx, c.shop, c.payment);
    if (!end && end.error().code() == ErrorCode::expired) return std::optional<Step>();
    if (!end) return end.error();
    c.records.because("from " + c.row.connector + " to " + approach->connector);
    move(c, PaymentEvent::rerouted);
    c.payment.connector = approach->connector;
    const Result<void> stored = store(c);
    if (!stored) return stored.error();
    c.records.because("");
    const Result<OperationRow> row = open_operation(c.records,
                                                    c.payment,
                                                    {.kind = approach->first_operation,
                                                     .amount = c.row.amount,
                                                     .subject = {},
                                                     .original = std::nullopt});
    if (!row) return row.error();
    Result<Send> send = make_send(c.tx, c.shop, c.payment, *row);
    if (!send) return send.error();
    send->send_before = *end;
    return std::optional(Step{.send = *std::move(send), .reply = std::nullopt});
}

}  // namespace

Result<Step> after_charge(OutcomeCase& c) {
    // A notice may have named the charge meanwhile, with another amount: then it has arrived.
    if (c.unsent() && !c.row.in_doubt) {
        close(c, OperationEvent::not_sent);
        Result<std::optional<Step>> elsewhere = try_elsewhere(c);
        if (!elsewhere) return elsewhere.error();
        return *elsewhere ? **std::move(elsewhere) : back_to_confirmation(c);
    }
    if (!c.outcome) {
        const Result<void> doubted = doubt(c, ReversalReason::no_answer);
        if (!doubted) return doubted.error();
        return tell_payment(c);
    }
    const bool was_in_doubt = c.row.in_doubt;
    const bool differs = c.outcome->approved_amount && *c.outcome->approved_amount != c.row.amount;
    if (differs && c.outcome->approved) return refuse_partial_approval(c);
    if (c.payment.status == PaymentStatus::failed) return end_partial_approval(c);
    const Result<void> cleared = clear_doubt(c, c.row);
    if (!cleared) return cleared.error();
    if (!c.outcome->approved) {
        close(c, OperationEvent::declined);
        // Never after an unknown outcome: the first provider may have meant yes.
        if (!was_in_doubt && may_differ_elsewhere(c.outcome->decline)) {
            Result<std::optional<Step>> elsewhere = try_elsewhere(c);
            if (!elsewhere) return elsewhere.error();
            if (*elsewhere) return **std::move(elsewhere);
        }
        return fail_payment(c, declined(*c.outcome));
    }
    close(c, OperationEvent::approved);
    c.payment.authorised = c.row.amount.minor_units();
    return c.row.kind == OperationKind::sale ? after_sale_approved(c) : after_authorise_approved(c);
}

}  // namespace causeway::gateway
