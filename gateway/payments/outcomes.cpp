// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/outcomes.h"

#include "gateway/log.h"
#include "gateway/payments/disputes.h"
#include "gateway/payments/disputes_store.h"
#include "gateway/payments/operation_builder.h"
#include "gateway/payments/operations_store.h"
#include "gateway/payments/outcome_case.h"
#include "gateway/payments/render.h"

#include <algorithm>
#include <array>

namespace causeway::gateway {
namespace {

using connectors::Answer;
using connectors::Decline;
using connectors::OperationKind;
using ledger::Transaction;

// Somebody was faster: the caller gets what its request was about as it stands now.
Result<Step> tell_subject(OutcomeCase& c) {
    if (const Result<Uuid> id = parse_id("dp", c.row.subject)) {
        const Result<Dispute> dispute = load_dispute(c.tx, *id);
        if (!dispute) return dispute.error();
        return tell(c, 200, render_dispute(*dispute));
    }
    if (!c.row.subject.starts_with("ref_")) {
        if (!c.row.subject.starts_with("cap_") || asked_for_the_payment(c)) return tell_payment(c);
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

// A dispute names the capture, or the charge that it was made from.
Result<bool> compare_kept(OutcomeCase& c) {
    if (c.shop.compare_kept == nullptr) return false;
    const Result<bool> own = c.shop.compare_kept(c.tx, c.shop, c.row.connector, c.row.reference);
    if (!own || !c.row.original) return own;
    const Result<OperationRow> original = load_operation(c.tx, *c.row.original);
    if (!original) return original.error();
    const Result<bool> more =
        c.shop.compare_kept(c.tx, c.shop, original->connector, original->reference);
    if (!more) return more;
    return *own || *more;
}

// Requests for a payment are told apart by what they asked: an increment under way is not answered
// by the outcome of a capture.
bool waits_for(const Abandoned& request, const OutcomeCase& c) {
    if (!c.row.subject.empty() && request.resource == c.row.subject) return true;
    if (request.resource != to_text("pay", c.payment.id)) return false;
    const OperationKind kind = c.row.kind;
    const std::string& endpoint = request.key.endpoint;
    if (endpoint.ends_with("/increment")) return kind == OperationKind::increment;
    if (endpoint.ends_with("/cancel")) {
        return kind == OperationKind::reverse || kind == OperationKind::release ||
               kind == OperationKind::withdraw;
    }
    return kind == OperationKind::authorise || kind == OperationKind::sale ||
           kind == OperationKind::capture || kind == OperationKind::collect;
}

Result<void> answer_waiting(const OutcomeCase& c) {
    const Result<std::vector<Abandoned>> waiting = abandoned(c.tx);
    if (!waiting) return waiting.error();
    for (const Abandoned& request : *waiting) {
        if (!waits_for(request, c)) continue;
        const Result<void> answered = answer_abandoned(c.tx, request);
        if (!answered) return answered.error();
    }
    return {};
}

bool is_open(const OperationRow& row) {
    return row.next_try.has_value();
}

// Evidence of a round that is over must not reach the provider as that of the next.
Result<bool> is_out_of_date(Transaction& tx, const OperationRow& row) {
    const bool of_a_dispute =
        row.kind == OperationKind::represent || row.kind == OperationKind::concede;
    return of_a_dispute ? is_of_an_earlier_round(tx, row) : Result<bool>(false);
}

bool may_be_repeated(OperationKind kind) {
    return kind == OperationKind::capture || kind == OperationKind::reverse ||
           kind == OperationKind::release || kind == OperationKind::represent ||
           kind == OperationKind::concede || kind == OperationKind::collect ||
           kind == OperationKind::withdraw;
}

// What follows is the same, whoever brought the word: an answer, a find, a notice, a person.
Result<Step> conclude(OutcomeCase& c, Result<Step> (*step_of)(OutcomeCase&)) {
    const bool was_in_doubt = is_doubtful(c.row);
    Result<Step> step = step_of(c);
    if (!step) return step;
    const Result<bool> work_left = end_case(c, was_in_doubt);
    if (!work_left) return work_left.error();
    step->work_left = step->work_left || *work_left;
    return step;
}

// The connector calls the operation wrong: it has sent nothing, and never will.
bool is_refused_here(const Result<Answer>& outcome) {
    return !outcome && outcome.error().code() == ErrorCode::invalid_argument;
}

bool may_have_been_sent(const OperationRow& row) {
    const bool repeated = may_be_repeated(row.kind) && row.tries > 1;
    return row.in_doubt || repeated || row.state == OperationState::unknown;
}

// An earlier try may have arrived, and no later one will: the amount stands in suspense until a
// person has looked.
Result<Step> leave_to_a_person(OutcomeCase& c) {
    const std::string id = to_text("op", c.row.id);
    if (c.row.state != OperationState::unknown) close(c, OperationEvent::no_answer);
    c.row.next_try.reset();
    const Result<void> suspended = suspend(c, c.row);
    if (!suspended) return suspended.error();
    c.records.note("doubt", id, "not_repeatable", c.outcome.error().detail());
    log(LogLevel::error, "operation_not_repeatable", {{"operation", id}});
    const Result<void> stored = store(c);
    if (!stored) return stored.error();
    return tell_subject(c);
}

Result<Answer> word_of(const Result<Answer>& outcome, bool gives_up) {
    if (gives_up || !is_refused_here(outcome)) return outcome;
    Answer refused;
    refused.decline = Decline::invalid_request;
    return refused;
}

Result<Step> ask_again(OutcomeCase& c) {
    c.row.next_try = c.now() + retry_after(c.row.tries);
    const Result<void> stored = store(c);
    if (!stored) return stored.error();
    return Step{};
}

}  // namespace

bool is_doubtful(const OperationRow& row) {
    return row.in_doubt || row.tries > 1 || row.state == OperationState::unknown;
}

Result<bool> end_case(OutcomeCase& c, bool was_in_doubt) {
    const Result<void> told = c.records.finish(c.payment.id);
    if (!told) return told.error();
    if (!c.caller) {
        const Result<void> answered = answer_waiting(c);
        if (!answered) return answered.error();
    }
    if (!was_in_doubt || c.row.state != OperationState::approved) return false;
    return compare_kept(c);
}

Result<Step> dispatch(OutcomeCase& c) {
    switch (c.row.kind) {
        case OperationKind::authorise:
        case OperationKind::sale: return after_charge(c);
        case OperationKind::increment: return after_increment(c);
        case OperationKind::capture: return after_capture(c);
        case OperationKind::refund:
            return c.row.subject.starts_with("rcp_") ? after_receipt_refund(c) : after_refund(c);
        case OperationKind::reverse: return after_reverse(c);
        case OperationKind::release: return after_release(c);
        case OperationKind::represent:
        case OperationKind::concede: return after_dispute_word(c);
        case OperationKind::collect: return after_collect(c);
        case OperationKind::withdraw: return after_withdraw(c);
    }
    return Error(ErrorCode::integrity, "operation of an unlisted kind");
}

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
    Records records(tx, shop, caller ? &*caller : nullptr);
    const bool gives_up = is_refused_here(outcome) && may_have_been_sent(*row);
    const Result<Answer> word = word_of(outcome, gives_up);
    OutcomeCase c{.tx = tx,
                  .shop = shop,
                  .caller = caller,
                  .outcome = word,
                  .payment = *std::move(payment),
                  .row = *std::move(row),
                  .records = records,
                  .wrong = std::nullopt};
    if (contradicts_a_decision(c)) return conclude(c, after_contradiction);
    // A late answer to a closed operation is no news about money.
    if (!is_open(c.row)) return tell_subject(c);
    if (is_refused_here(outcome)) records.because("not sent: " + outcome.error().detail());
    return conclude(c, gives_up ? leave_to_a_person : dispatch);
}

Result<Step> apply_finding(Transaction& tx,
                           const Workshop& shop,
                           const OperationRow& asked,
                           const Result<connectors::Finding>& finding) {
    Result<OperationRow> row = load_operation(tx, asked.id);
    if (!row) return row.error();
    if (!is_open(*row) || row->state != OperationState::unknown) return Step{};
    Result<Payment> payment = load_payment(tx, row->payment);
    if (!payment) return payment.error();
    const bool decided = finding && (finding->fate == connectors::Fate::carried_out ||
                                     finding->fate == connectors::Fate::refused);
    const Result<Answer> outcome =
        decided ? Result<Answer>(finding->answer)
                : Result<Answer>(Error(ErrorCode::outcome_unknown, "the provider was asked"));
    const std::optional<Caller> nobody;
    Records records(tx, shop, nullptr);
    OutcomeCase c{.tx = tx,
                  .shop = shop,
                  .caller = nobody,
                  .outcome = outcome,
                  .payment = *std::move(payment),
                  .row = *std::move(row),
                  .records = records,
                  .wrong = std::nullopt};
    if (decided) return conclude(c, dispatch);
    if (finding && finding->fate == connectors::Fate::never_arrived) {
        return conclude(c, after_never_arrived);
    }
    return ask_again(c);
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
    const Result<bool> past = is_out_of_date(tx, *row);
    if (!past) return past.error();
    if (*past) {
        const Result<Answer> silence(Error(ErrorCode::outcome_unknown, "its round is over"));
        return apply_outcome(tx, shop, std::nullopt, *row, silence);
    }
    const ConnectorEntry* const entry = shop.connectors.find(row->connector);
    if (entry == nullptr) return Error(ErrorCode::not_found, "connector " + row->connector);
    const bool inquiry = row->state == OperationState::unknown;
    if (!inquiry) {
        const Result<void> moved = row->state.apply(OperationEvent::sent_again);
        if (!moved) return moved.error();
    }
    ++row->tries;
    row->next_try = shop.clock.now() + entry->lease;
    Records records(tx, shop, nullptr);
    if (const Result<void> stored = records.save(*row); !stored) return stored.error();
    if (const Result<void> told = records.finish(row->payment); !told) return told.error();
    Result<Send> send = make_send(tx, shop, *payment, *row);
    if (!send) return send.error();
    send->inquiry = inquiry;
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
    if (const Result<Uuid> id = parse_id("dp", request.resource)) {
        const Result<Dispute> dispute = load_dispute(tx, *id, request.key.scope);
        if (!dispute) return not_there(dispute.error());
        return finish(tx, request.key, 200, render_dispute(*dispute));
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
