// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/outcomes.h"

#include "gateway/log.h"
#include "gateway/payments/earnings.h"
#include "gateway/payments/intents.h"
#include "gateway/payments/operation_builder.h"
#include "gateway/payments/operations_store.h"
#include "gateway/payments/render.h"

#include <array>

namespace causeway::gateway {
namespace {

using connectors::Answer;
using connectors::Decline;
using connectors::OperationKind;
using connectors::ReversalReason;
using ledger::Transaction;

// What an outcome step works on: fresh from the database, so that nothing stale is written back.
struct Case {
    Transaction& tx;
    const Workshop& shop;
    const std::optional<Caller>& caller;
    const Result<Answer>& outcome;
    Payment payment;
    OperationRow row;

    // Not one byte left us. A connector that calls the operation wrong has sent nothing either.
    [[nodiscard]] bool unsent() const {
        return !outcome && (outcome.error().code() == ErrorCode::unavailable ||
                            outcome.error().code() == ErrorCode::invalid_argument);
    }
    [[nodiscard]] Timestamp now() const { return shop.clock.now(); }
    [[nodiscard]] std::string instance() const {
        return "/v1/payments/" + to_text("pay", payment.id);
    }
};

Result<Step> nothing_more() {
    return Step{};
}

Result<Step> tell(Case& c, int status, std::string body) {
    if (!c.caller) return nothing_more();
    return answer(c.tx, *c.caller, status, std::move(body));
}

Result<Step> tell_problem(Case& c, Problem problem) {
    if (!c.caller) return nothing_more();
    problem.instance = c.instance();
    return refuse(c.tx, *c.caller, problem);
}

// The status of a payment follows from its amounts once its authorisation stands.
PaymentStatus status_of(const Payment& p) {
    const bool open = !p.capture_closed && p.capturable() > 0;
    if (p.captured > 0) {
        return open || p.capturing > 0 ? PaymentStatus::partially_captured
                                       : PaymentStatus::succeeded;
    }
    return PaymentStatus::requires_capture;
}

Result<void> store(Case& c) {
    c.payment.updated_at = c.now();
    const Result<void> payment = update_payment(c.tx, c.payment);
    if (!payment) return payment.error();
    return update_operation(c.tx, c.row);
}

// A 201 for what the request created, a 200 for what it changed.
int success_status(const Case& c) {
    return c.caller && c.caller->idempotency &&
                   c.caller->idempotency->endpoint == "POST /v1/payments"
               ? 201
               : 200;
}

Result<Step> tell_payment(Case& c) {
    return tell(c, success_status(c), render_payment(c.payment));
}

void close(Case& c, OperationState state) {
    c.row.state = state;
    c.row.next_try.reset();
    c.row.answered_at = c.now();
    if (c.outcome) {
        c.row.response_code = c.outcome->response_code;
        c.row.approval_code = c.outcome->approval_code;
    }
}

// Nobody knows what the provider did: the amount goes into suspense and a reversal on its way,
// both before anybody hears more than "processing".
Result<void> doubt_and_reverse(Case& c, ReversalReason reason) {
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

// The provider may not refuse this operation, so it is sent until there is a word.
Result<void> keep_trying(Case& c) {
    c.row.next_try = c.now() + retry_after(c.row.tries);
    if (c.unsent()) {
        --c.row.tries;  // It was not a try: not one byte left us.
    } else {
        const Result<void> doubt = book_doubt(c.tx, c.shop, c.payment, c.row, true);
        if (!doubt) return doubt.error();
    }
    return store(c);
}

Problem declined(const Answer& word) {
    const std::string_view decline = to_string(word.decline);
    Problem problem = make_problem("card_declined",
                                   "The issuer declined the charge: " + std::string(decline) + ".");
    problem.decline_code = std::string(decline);
    return problem;
}

Result<Step> fail_payment(Case& c, Problem problem) {
    problem.instance = c.instance();
    c.payment.status = PaymentStatus::failed;
    c.payment.last_error = render(problem, c.caller ? c.caller->request_id : "");
    const Result<void> stored = store(c);
    if (!stored) return stored.error();
    return tell_problem(c, problem);
}

// Less than asked was approved. Nobody asked the buyer: give it back and fail.
Result<Step> refuse_partial_approval(Case& c) {
    const Result<void> reversed = doubt_and_reverse(c, ReversalReason::customer_cancel);
    if (!reversed) return reversed.error();
    Problem problem = make_problem("card_declined", "The issuer approved only a part.");
    problem.decline_code = std::string(to_string(Decline::insufficient_funds));
    return fail_payment(c, std::move(problem));
}

Result<Step> after_sale_approved(Case& c) {
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

Result<Step> after_authorise_approved(Case& c) {
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

Result<Step> after_first_operation(Case& c) {
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

bool created_the_payment(const Case& c) {
    return c.caller && c.caller->idempotency &&
           !c.caller->idempotency->endpoint.ends_with("/captures");
}

Result<Step> tell_capture(Case& c, const Capture& capture) {
    if (created_the_payment(c)) return tell_payment(c);
    return tell(c, 201, render_capture(capture, c.payment.livemode));
}

// Opens the operation that gives back what no capture will take; says whether there was any.
Result<bool> release_rest(Case& c) {
    const std::int64_t rest = c.payment.authorised - c.payment.captured - c.payment.capturing;
    if (!c.payment.capture_closed || rest <= 0 || c.payment.capturing > 0) return false;
    const Result<OperationRow> original = authorising_operation(c.tx, c.payment.id);
    if (!original) return original.error();
    const Result<OperationRow> opened =
        open_operation(c.tx,
                       c.shop,
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

Result<Step> capture_refused(Case& c, Capture capture) {
    close(c, OperationState::declined);
    capture.status = PartStatus::failed;
    // Open again only if it was this capture that closed the payment.
    if (capture.final_capture) c.payment.capture_closed = false;
    const Result<bool> released = release_rest(c);
    if (!released) return released.error();
    c.payment.status = status_of(c.payment);
    Problem problem = make_problem(
        "capture_declined",
        "The provider refused the capture: " + std::string(to_string(c.outcome->decline)) + ".");
    problem.instance = c.instance();
    c.payment.last_error = render(problem, c.caller ? c.caller->request_id : "");
    const Result<void> failed = update_capture(c.tx, capture);
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

OperationRow with_amount(OperationRow row, ledger::Money amount) {
    row.amount = amount;
    return row;
}

Result<Step> after_capture(Case& c) {
    const Result<Uuid> id = parse_id("cap", c.row.subject);
    if (!id) return id.error();
    Result<Capture> capture = load_capture(c.tx, *id);
    if (!capture) return capture.error();
    if (!c.outcome || !says_what_became_of_it(*c.outcome)) {
        const Result<void> kept = keep_trying(c);
        if (!kept) return kept.error();
        return tell_capture(c, *capture);
    }
    const Result<void> cleared = book_doubt(c.tx, c.shop, c.payment, c.row, false);
    if (!cleared) return cleared.error();
    c.payment.capturing -= capture->amount.minor_units();
    if (!c.outcome->approved) return capture_refused(c, *std::move(capture));
    close(c, OperationState::approved);
    c.payment.last_error.clear();
    // The acquirer may take less than it was told; what it took is what is owed.
    if (c.outcome->approved_amount) capture->amount = *c.outcome->approved_amount;
    const Result<Uuid> movement =
        book_capture(c.tx, c.shop, c.payment, *capture, with_amount(c.row, capture->amount));
    if (!movement) return movement.error();
    capture->balance_transaction = *movement;
    capture->status = PartStatus::succeeded;
    const Result<void> updated = update_capture(c.tx, *capture);
    if (!updated) return updated.error();
    c.payment.captured += capture->amount.minor_units();
    const Result<bool> released = release_rest(c);
    if (!released) return released.error();
    c.payment.status = status_of(c.payment);
    const Result<void> stored = store(c);
    if (!stored) return stored.error();
    Result<Step> step = tell_capture(c, *capture);
    if (step) step->work_left = *released;
    return step;
}

Result<Refund> refund_of(Transaction& tx, const OperationRow& row) {
    const Result<Uuid> id = parse_id("ref", row.subject);
    if (!id) return id.error();
    return load_refund(tx, *id);
}

Result<void> fail_refund(Case& c, Refund& refund, std::string_view code) {
    c.payment.refunding -= refund.amount.minor_units();
    refund.status = PartStatus::failed;
    refund.failure_code = std::string(code);
    return update_refund(c.tx, refund);
}

Result<Step> after_refund(Case& c) {
    Result<Refund> refund = refund_of(c.tx, c.row);
    if (!refund) return refund.error();
    if (c.unsent()) {
        // Nothing left us, so the same reference may go out later, as if for the first time.
        c.row.state = OperationState::unsent;
        c.row.next_try = c.now() + retry_after(c.row.tries);
        --c.row.tries;
        const Result<void> stored = store(c);
        if (!stored) return stored.error();
        return tell(c, 201, render_refund(*refund));
    }
    if (!c.outcome) {
        const Result<void> doubted = doubt_and_reverse(c, ReversalReason::no_answer);
        if (!doubted) return doubted.error();
        return tell(c, 201, render_refund(*refund));
    }
    if (!c.outcome->approved) {
        close(c, OperationState::declined);
        const Result<void> failed = fail_refund(c, *refund, to_string(c.outcome->decline));
        if (!failed) return failed.error();
    } else {
        close(c, OperationState::approved);
        c.payment.refunding -= refund->amount.minor_units();
        if (c.outcome->approved_amount) refund->amount = *c.outcome->approved_amount;
        const Result<Uuid> movement =
            book_refund(c.tx, c.shop, c.payment, *refund, with_amount(c.row, refund->amount));
        if (!movement) return movement.error();
        refund->balance_transaction = *movement;
        refund->status = PartStatus::succeeded;
        c.payment.refunded += refund->amount.minor_units();
        const Result<void> updated = update_refund(c.tx, *refund);
        if (!updated) return updated.error();
    }
    const Result<void> stored = store(c);
    if (!stored) return stored.error();
    return tell(c, 201, render_refund(*refund));
}

// The reversed operation is undone at the provider: what follows depends on what it was.
Result<void> undo_original(Case& c, OperationRow original) {
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

Result<Step> cancel_refused(Case& c) {
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
Result<Step> reversal_refused(Case& c) {
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

bool is_final_word(const Answer& word) {
    return word.approved || word.decline != Decline::provider_unavailable;
}

Result<Step> after_reverse(Case& c) {
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

Result<Step> after_release(Case& c) {
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

// Somebody was faster: the caller gets what its request was about as it stands now.
Result<Step> tell_subject(Case& c) {
    if (!c.row.subject.starts_with("ref_")) {
        if (!c.row.subject.starts_with("cap_") || created_the_payment(c)) return tell_payment(c);
        const Result<Uuid> id = parse_id("cap", c.row.subject);
        if (!id) return id.error();
        const Result<Capture> capture = load_capture(c.tx, *id);
        if (!capture) return capture.error();
        return tell_capture(c, *capture);
    }
    const Result<Refund> refund = refund_of(c.tx, c.row);
    if (!refund) return refund.error();
    return tell(c, 201, render_refund(*refund));
}

Result<Step> dispatch(Case& c) {
    switch (c.row.kind) {
        case OperationKind::authorise:
        case OperationKind::sale: return after_first_operation(c);
        case OperationKind::capture: return after_capture(c);
        case OperationKind::refund: return after_refund(c);
        case OperationKind::reverse: return after_reverse(c);
        case OperationKind::release: return after_release(c);
    }
    return Error(ErrorCode::integrity, "operation of an unlisted kind");
}

Result<void> answer_waiting(Transaction& tx, const std::string& resource) {
    if (resource.empty()) return {};
    const Result<std::vector<Abandoned>> waiting = abandoned(tx);
    if (!waiting) return waiting.error();
    for (const Abandoned& request : *waiting) {
        if (request.resource != resource) continue;
        const Result<void> answered = answer_abandoned(tx, request);
        if (!answered) return answered.error();
    }
    return {};
}

bool is_open(const OperationRow& row) {
    return row.next_try.has_value();
}

bool may_be_repeated(OperationKind kind) {
    return kind == OperationKind::capture || kind == OperationKind::reverse ||
           kind == OperationKind::release;
}

}  // namespace

std::chrono::seconds retry_after(int tries) noexcept {
    constexpr std::array kWaits{10, 30, 60, 300};
    const auto last = static_cast<int>(kWaits.size()) - 1;
    const int at = std::min(std::max(tries - 1, 0), last);
    return std::chrono::seconds(kWaits[static_cast<std::size_t>(at)]);
}

Result<Step> apply_outcome(Transaction& tx,
                           const Workshop& shop,
                           const std::optional<Caller>& caller,
                           const OperationRow& sent,
                           const Result<Answer>& outcome) {
    Result<OperationRow> row = load_operation(tx, sent.id);
    if (!row) return row.error();
    Result<Payment> payment = load_payment(tx, row->payment);
    if (!payment) return payment.error();
    Case c{.tx = tx,
           .shop = shop,
           .caller = caller,
           .outcome = outcome,
           .payment = *std::move(payment),
           .row = *std::move(row)};
    // A late answer to a closed operation is no news about money.
    if (!is_open(c.row)) return tell_subject(c);
    Result<Step> step = dispatch(c);
    if (!step || caller) return step;
    // The request that this operation belonged to may have lost its way: answer it too.
    const bool first = c.row.kind == OperationKind::authorise || c.row.kind == OperationKind::sale;
    const std::string resource = first ? to_text("pay", c.payment.id) : c.row.subject;
    const Result<void> answered = answer_waiting(tx, resource);
    if (!answered) return answered.error();
    return step;
}

Result<Step> take_up(Transaction& tx, const Workshop& shop, const Uuid& operation) {
    Result<OperationRow> row = load_operation(tx, operation);
    if (!row) return row.error();
    if (!is_open(*row)) return Step{};
    const Result<Payment> payment = load_payment(tx, row->payment);
    if (!payment) return payment.error();
    const bool may_be_out = row->state == OperationState::intent && row->tries > 0;
    if (may_be_out && !may_be_repeated(row->kind)) {
        const Result<Answer> silence(Error(ErrorCode::outcome_unknown, "the process restarted"));
        return apply_outcome(tx, shop, std::nullopt, *row, silence);
    }
    const ConnectorEntry* const entry = shop.connectors.find(row->connector);
    if (entry == nullptr) return Error(ErrorCode::not_found, "connector " + row->connector);
    row->state = OperationState::intent;
    ++row->tries;
    row->next_try = shop.clock.now() + entry->lease;
    if (const Result<void> stored = update_operation(tx, *row); !stored) return stored.error();
    Result<Send> send = make_send(tx, shop, *payment, *row);
    if (!send) return send.error();
    return Step{.send = *std::move(send), .reply = std::nullopt};
}

Result<void> answer_abandoned(Transaction& tx, const Abandoned& request) {
    const auto not_there = [&](const Error& error) -> Result<void> {
        if (error.code() == ErrorCode::not_found) return release(tx, request.key);
        return error;
    };
    if (const Result<Uuid> id = parse_id("ref", request.resource)) {
        const Result<Refund> refund = load_refund(tx, *id, request.key.scope);
        if (!refund) return not_there(refund.error());
        return finish(tx, request.key, 201, render_refund(*refund));
    }
    if (const Result<Uuid> id = parse_id("cap", request.resource)) {
        const Result<Capture> capture = load_capture(tx, *id);
        if (!capture) return not_there(capture.error());
        return finish(tx, request.key, 201, render_capture(*capture, request.key.scope.livemode));
    }
    const Result<Uuid> id = parse_id("pay", request.resource);
    if (!id) return release(tx, request.key);
    const Result<Payment> payment = load_payment(tx, *id, request.key.scope);
    if (!payment) return not_there(payment.error());
    if (payment->status == PaymentStatus::failed && !payment->last_error.empty()) {
        return finish(tx, request.key, 402, payment->last_error);
    }
    const int status = request.key.endpoint == "POST /v1/payments" ? 201 : 200;
    return finish(tx, request.key, status, render_payment(*payment));
}

}  // namespace causeway::gateway
