// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/records.h"

#include "gateway/payments/disputes_store.h"
#include "gateway/payments/operations_store.h"
#include "gateway/payments/render.h"
#include "gateway/webhooks/event.h"

namespace causeway::gateway {
namespace {

// Rendering costs as much as a row: only for moves that somebody is told of.
template <class Machine>
bool is_told(const State<Machine>& state) {
    for (const auto* const move : state.taken()) {
        if (!move->told.empty()) return true;
    }
    return false;
}

// Empty when the move left the status as it was.
template <class Status>
std::string status_before(Status from, Status to) {
    if (from == to) return {};
    return R"({"status":")" + std::string(to_string(from)) + R"("})";
}

Scope scope_of(const Payment& payment) {
    return {.merchant = payment.merchant, .livemode = payment.livemode};
}

std::string describe(const OperationRow& o) {
    return std::string(connectors::to_string(o.kind)) + " " + o.amount.to_string() + " at " +
           o.connector + (o.response_code.empty() ? "" : ", answer " + o.response_code);
}

}  // namespace

template <class Machine>
Result<void> Records::tell(State<Machine>& state,
                           const std::string& object,
                           const Scope& scope,
                           const std::string& rendered) {
    for (const auto* const move : state.take()) {
        lines_.push_back({.kind = "move",
                          .object = object,
                          .from = std::string(to_string(move->from)),
                          .event = std::string(to_string(move->event)),
                          .to = std::string(to_string(move->to)),
                          .detail = detail_,
                          .entry = entry_});
        if (move->told.empty()) continue;
        const Result<void> told =
            event(move->told, scope, rendered, status_before(move->from, move->to));
        if (!told) return told.error();
    }
    return {};
}

void Records::born(const std::string& object, std::string_view status, std::string detail) {
    lines_.push_back({.kind = "move",
                      .object = object,
                      .from = {},
                      .event = "created",
                      .to = std::string(status),
                      .detail = std::move(detail),
                      .entry = entry_});
}

Result<void> Records::event(std::string_view type,
                            const Scope& scope,
                            const std::string& rendered,
                            std::string previous) {
    EventFacts facts{.scope = scope,
                     .type = std::string(type),
                     .object = rendered,
                     .previous = std::move(previous),
                     .request_id = caller_ != nullptr ? caller_->request_id : "",
                     .idempotency_key = std::nullopt};
    if (caller_ != nullptr) facts.traceparent = caller_->traceparent;
    if (caller_ != nullptr && caller_->idempotency)
        facts.idempotency_key = caller_->idempotency->key;
    const Result<Uuid> recorded = record_event(tx_, shop_.ids, shop_.clock, facts);
    if (!recorded) return recorded.error();
    return {};
}

void Records::note(std::string_view kind,
                   std::string object,
                   std::string_view event,
                   std::string detail) {
    lines_.push_back({.kind = std::string(kind),
                      .object = std::move(object),
                      .from = {},
                      .event = std::string(event),
                      .to = {},
                      .detail = std::move(detail),
                      .entry = entry_});
}

Result<void> Records::add(Payment& payment) {
    const std::string object = to_text("pay", payment.id);
    born(object, to_string(PaymentMachine::kInitial), payment.amount.to_string());
    const std::string rendered = render_payment(payment);
    const Result<void> created = event("payment.created", scope_of(payment), rendered);
    if (!created) return created.error();
    const Result<void> told = tell(payment.status, object, scope_of(payment), rendered);
    if (!told) return told.error();
    return insert_payment(tx_, payment);
}

Result<void> Records::save(Payment& payment) {
    const std::string rendered = is_told(payment.status) ? render_payment(payment) : "";
    const Result<void> told =
        tell(payment.status, to_text("pay", payment.id), scope_of(payment), rendered);
    if (!told) return told.error();
    return update_payment(tx_, payment);
}

Result<void> Records::add(Capture& capture, const Payment& payment) {
    const std::string object = to_text("cap", capture.id);
    born(object, to_string(CaptureMachine::kInitial), capture.amount.to_string());
    const std::string rendered =
        is_told(capture.status) ? render_capture(capture, payment.livemode) : "";
    const Result<void> told = tell(capture.status, object, scope_of(payment), rendered);
    if (!told) return told.error();
    return insert_capture(tx_, capture);
}

Result<void> Records::save(Capture& capture, const Payment& payment) {
    const std::string rendered =
        is_told(capture.status) ? render_capture(capture, payment.livemode) : "";
    const Result<void> told =
        tell(capture.status, to_text("cap", capture.id), scope_of(payment), rendered);
    if (!told) return told.error();
    return update_capture(tx_, capture);
}

Result<void> Records::add(Refund& refund) {
    const std::string object = to_text("ref", refund.id);
    const Scope scope{.merchant = refund.merchant, .livemode = refund.livemode};
    born(object, to_string(RefundMachine::kInitial), refund.amount.to_string());
    const std::string rendered = render_refund(refund);
    const Result<void> created = event("refund.created", scope, rendered);
    if (!created) return created.error();
    const Result<void> told = tell(refund.status, object, scope, rendered);
    if (!told) return told.error();
    return insert_refund(tx_, refund);
}

Result<void> Records::save(Refund& refund) {
    const Scope scope{.merchant = refund.merchant, .livemode = refund.livemode};
    const std::string rendered = is_told(refund.status) ? render_refund(refund) : "";
    const Result<void> told = tell(refund.status, to_text("ref", refund.id), scope, rendered);
    if (!told) return told.error();
    return update_refund(tx_, refund);
}

Result<void> Records::add(Dispute& dispute) {
    const std::string object = to_text("dp", dispute.id);
    const Scope scope{.merchant = dispute.merchant, .livemode = dispute.livemode};
    born(object, to_string(DisputeMachine::kInitial), dispute.amount.to_string());
    const std::string rendered = render_dispute(dispute);
    const Result<void> created = event("dispute.created", scope, rendered);
    if (!created) return created.error();
    return insert_dispute(tx_, dispute);
}

Result<void> Records::save(Dispute& dispute) {
    const Scope scope{.merchant = dispute.merchant, .livemode = dispute.livemode};
    const std::string rendered = is_told(dispute.status) ? render_dispute(dispute) : "";
    const Result<void> told = tell(dispute.status, to_text("dp", dispute.id), scope, rendered);
    if (!told) return told.error();
    return update_dispute(tx_, dispute);
}

Result<void> Records::add(OperationRow& operation) {
    const Result<void> inserted = insert_operation(tx_, operation);
    if (!inserted) return inserted.error();
    born(to_text("op", operation.id), to_string(AttemptMachine::kInitial), describe(operation));
    return {};
}

Result<void> Records::save(OperationRow& operation) {
    const bool explained = !detail_.empty();
    if (!explained) detail_ = describe(operation);
    const Result<void> told = tell(operation.state, to_text("op", operation.id), Scope{}, "");
    if (!explained) detail_.clear();
    if (!told) return told.error();
    return update_operation(tx_, operation);
}

Result<void> Records::finish(const Uuid& payment) {
    if (lines_.empty()) return {};
    const TimelineRow row{.payment = payment,
                          .id = shop_.ids.next(),
                          .request_id = caller_ != nullptr ? caller_->request_id : "",
                          .lines = std::exchange(lines_, {}),
                          .at = shop_.clock.now()};
    return insert_timeline(tx_, row);
}

}  // namespace causeway::gateway
