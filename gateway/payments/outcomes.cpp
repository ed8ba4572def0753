// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/outcomes.h"

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
using connectors::OperationKind;
using ledger::Transaction;

// Somebody was faster: the caller gets what its request was about as it stands now.
Result<Step> tell_subject(OutcomeCase& c) {
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
           kind == OperationKind::release || kind == OperationKind::represent ||
           kind == OperationKind::concede;
}

// What follows is the same, whoever brought the word: an answer, a find, a notice, a person.
Result<Step> conclude(OutcomeCase& c, Result<Step> (*step_of)(OutcomeCase&)) {
    Result<Step> step = step_of(c);
    if (!step) return step;
    const Result<void> told = c.records.finish(c.payment.id);
    if (!told) return told.error();
    if (c.caller) return step;
    // The request that this operation belonged to may have lost its way: answer it too.
    const bool first = c.row.kind == OperationKind::authorise || c.row.kind == OperationKind::sale;
    const std::string resource = first ? to_text("pay", c.payment.id) : c.row.subject;
    const Result<void> answered = answer_waiting(c.tx, resource);
    if (!answered) return answered.error();
    return step;
}

Result<Step> ask_again(OutcomeCase& c) {
    c.row.next_try = c.now() + retry_after(c.row.tries);
    const Result<void> stored = store(c);
    if (!stored) return stored.error();
    return Step{};
}

}  // namespace

Result<Step> dispatch(OutcomeCase& c) {
    switch (c.row.kind) {
        case OperationKind::authorise:
        case OperationKind::sale: return after_charge(c);
        case OperationKind::increment: return after_increment(c);
        case OperationKind::capture: return after_capture(c);
        case OperationKind::refund: return after_refund(c);
        case OperationKind::reverse: return after_reverse(c);
        case OperationKind::release: return after_release(c);
        case OperationKind::represent:
        case OperationKind::concede: return after_dispute_word(c);
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
    OutcomeCase c{.tx = tx,
                  .shop = shop,
                  .caller = caller,
                  .outcome = outcome,
                  .payment = *std::move(payment),
                  .row = *std::move(row),
                  .records = records,
                  .wrong = std::nullopt};
    // A late answer to a closed operation is no news about money.
    if (!is_open(c.row)) return tell_subject(c);
    return conclude(c, dispatch);
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
