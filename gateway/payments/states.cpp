// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/states.h"

#include "gateway/spelling.h"

#include <algorithm>
#include <array>
#include <string>

namespace causeway::gateway {
namespace {

using P = PaymentStatus;
using PE = PaymentEvent;
using O = OperationState;
using OE = OperationEvent;
using S = PartStatus;
using SE = PartEvent;
using D = DisputeStatus;
using DE = DisputeEvent;

constexpr std::array kPaymentMoves{
    Move<P, PE>{P::requires_payment_method, PE::method_attached, P::requires_confirmation, {}},
    Move<P, PE>{P::requires_payment_method, PE::confirmed, P::processing, {}},
    Move<P, PE>{P::requires_payment_method, PE::canceled, P::canceled, "payment.canceled"},
    Move<P, PE>{P::requires_confirmation, PE::method_attached, P::requires_confirmation, {}},
    Move<P, PE>{P::requires_confirmation, PE::confirmed, P::processing, {}},
    Move<P, PE>{P::requires_confirmation, PE::canceled, P::canceled, "payment.canceled"},
    Move<P, PE>{P::processing, PE::not_sent, P::requires_confirmation, {}},
    Move<P, PE>{P::processing, PE::rerouted, P::processing, {}},
    Move<P, PE>{P::processing, PE::declined, P::failed, "payment.failed"},
    Move<P, PE>{P::processing, PE::outcome_unknown, P::processing, "payment.processing"},
    Move<P, PE>{P::processing, PE::reversed, P::failed, "payment.failed"},
    Move<P, PE>{P::processing, PE::decided_declined, P::failed, "payment.failed"},
    Move<P, PE>{P::processing, PE::authorised, P::requires_capture, "payment.requires_capture"},
    Move<P, PE>{
        P::processing, PE::captured_in_part, P::partially_captured, "payment.partially_captured"},
    Move<P, PE>{P::processing, PE::captured_in_full, P::succeeded, "payment.succeeded"},
    Move<P, PE>{
        P::processing, PE::capture_refused, P::requires_capture, "payment.requires_capture"},
    Move<P, PE>{P::processing, PE::canceled, P::canceled, "payment.canceled"},
    Move<P, PE>{P::processing, PE::cancel_refused, P::requires_capture, "payment.requires_capture"},
    Move<P, PE>{
        P::processing, PE::instrument_issued, P::requires_action, "payment.requires_action"},
    Move<P, PE>{P::processing, PE::withdrawal_refused, P::requires_action, {}},
    Move<P, PE>{P::requires_action,
                PE::captured_in_part,
                P::partially_captured,
                "payment.partially_captured"},
    Move<P, PE>{P::requires_action, PE::captured_in_full, P::succeeded, "payment.succeeded"},
    Move<P, PE>{P::requires_action, PE::cancel_requested, P::processing, {}},
    Move<P, PE>{P::requires_action, PE::instrument_refused, P::failed, "payment.failed"},
    Move<P, PE>{P::requires_action, PE::instrument_ended, P::expired, "payment.expired"},
    Move<P, PE>{
        P::expired, PE::captured_in_part, P::partially_captured, "payment.partially_captured"},
    Move<P, PE>{P::expired, PE::captured_in_full, P::succeeded, "payment.succeeded"},
    Move<P, PE>{P::requires_capture, PE::increased, P::requires_capture, {}},
    Move<P, PE>{P::requires_capture,
                PE::captured_in_part,
                P::partially_captured,
                "payment.partially_captured"},
    Move<P, PE>{P::requires_capture, PE::captured_in_full, P::succeeded, "payment.succeeded"},
    Move<P, PE>{P::requires_capture, PE::capture_refused, P::requires_capture, {}},
    Move<P, PE>{P::requires_capture, PE::cancel_requested, P::processing, {}},
    Move<P, PE>{P::requires_capture, PE::authorisation_expired, P::expired, "payment.expired"},
    Move<P, PE>{P::partially_captured, PE::increased, P::partially_captured, {}},
    Move<P, PE>{P::partially_captured,
                PE::captured_in_part,
                P::partially_captured,
                "payment.partially_captured"},
    Move<P, PE>{P::partially_captured, PE::captured_in_full, P::succeeded, "payment.succeeded"},
    Move<P, PE>{P::partially_captured, PE::capture_refused, P::partially_captured, {}},
    Move<P, PE>{P::partially_captured, PE::rest_released, P::succeeded, "payment.succeeded"},
    Move<P, PE>{
        P::partially_captured, PE::authorisation_expired, P::succeeded, "payment.succeeded"},
    Move<P, PE>{P::partially_captured, PE::instrument_ended, P::succeeded, "payment.succeeded"},
};

constexpr std::array kAttemptMoves{
    Move<O, OE>{O::intent, OE::sent_again, O::intent, {}},
    Move<O, OE>{O::intent, OE::approved, O::approved, {}},
    Move<O, OE>{O::intent, OE::partly_approved, O::unknown, {}},
    Move<O, OE>{O::intent, OE::declined, O::declined, {}},
    Move<O, OE>{O::intent, OE::not_sent, O::unsent, {}},
    Move<O, OE>{O::intent, OE::no_answer, O::unknown, {}},
    Move<O, OE>{O::intent, OE::decided_approved, O::approved, {}},
    Move<O, OE>{O::intent, OE::decided_declined, O::declined, {}},
    Move<O, OE>{O::unsent, OE::sent_again, O::intent, {}},
    Move<O, OE>{O::unknown, OE::approved, O::approved, {}},
    Move<O, OE>{O::unknown, OE::partly_approved, O::unknown, {}},
    Move<O, OE>{O::unknown, OE::declined, O::declined, {}},
    Move<O, OE>{O::unknown, OE::never_arrived, O::unsent, {}},
    Move<O, OE>{O::unknown, OE::reversed, O::reversed, {}},
    Move<O, OE>{O::unknown, OE::decided_approved, O::approved, {}},
    Move<O, OE>{O::unknown, OE::decided_declined, O::declined, {}},
    Move<O, OE>{O::approved, OE::reversed, O::reversed, {}},
    Move<O, OE>{O::declined, OE::contradicted, O::unknown, {}},
};

constexpr std::array kCaptureMoves{
    Move<S, SE>{S::pending, SE::succeeded, S::succeeded, "capture.succeeded"},
    Move<S, SE>{S::pending, SE::failed, S::failed, "capture.failed"},
};

constexpr std::array kRefundMoves{
    Move<S, SE>{S::pending, SE::succeeded, S::succeeded, "refund.succeeded"},
    Move<S, SE>{S::pending, SE::failed, S::failed, "refund.failed"},
};

constexpr std::array kDisputeMoves{
    Move<D, DE>{D::needs_response, DE::evidence_submitted, D::under_review, "dispute.updated"},
    Move<D, DE>{D::needs_response, DE::accepted, D::accepted, "dispute.accepted"},
    Move<D, DE>{D::needs_response, DE::won, D::won, "dispute.won"},
    Move<D, DE>{D::needs_response, DE::lost, D::lost, "dispute.lost"},
    Move<D, DE>{D::under_review, DE::evidence_submitted, D::under_review, "dispute.updated"},
    Move<D, DE>{D::under_review, DE::won, D::won, "dispute.won"},
    Move<D, DE>{D::under_review, DE::lost, D::lost, "dispute.lost"},
    Move<D, DE>{D::won, DE::reopened, D::needs_response, "dispute.updated"},
};

constexpr Spelling<P, 10> kPaymentStatus{{
    {P::requires_payment_method, "requires_payment_method"},
    {P::requires_confirmation, "requires_confirmation"},
    {P::requires_action, "requires_action"},
    {P::processing, "processing"},
    {P::requires_capture, "requires_capture"},
    {P::partially_captured, "partially_captured"},
    {P::succeeded, "succeeded"},
    {P::canceled, "canceled"},
    {P::failed, "failed"},
    {P::expired, "expired"},
}};

constexpr Spelling<PE, 22> kPaymentEvent{{
    {PE::method_attached, "method_attached"},
    {PE::confirmed, "confirmed"},
    {PE::not_sent, "not_sent"},
    {PE::declined, "declined"},
    {PE::rerouted, "rerouted"},
    {PE::outcome_unknown, "outcome_unknown"},
    {PE::reversed, "reversed"},
    {PE::decided_declined, "decided_declined"},
    {PE::authorised, "authorised"},
    {PE::increased, "increased"},
    {PE::captured_in_part, "captured_in_part"},
    {PE::captured_in_full, "captured_in_full"},
    {PE::capture_refused, "capture_refused"},
    {PE::rest_released, "rest_released"},
    {PE::cancel_requested, "cancel_requested"},
    {PE::cancel_refused, "cancel_refused"},
    {PE::canceled, "canceled"},
    {PE::authorisation_expired, "authorisation_expired"},
    {PE::instrument_issued, "instrument_issued"},
    {PE::instrument_refused, "instrument_refused"},
    {PE::instrument_ended, "instrument_ended"},
    {PE::withdrawal_refused, "withdrawal_refused"},
}};

constexpr Spelling<O, 6> kOperationState{{
    {O::intent, "intent"},
    {O::approved, "approved"},
    {O::declined, "declined"},
    {O::unsent, "unsent"},
    {O::unknown, "unknown"},
    {O::reversed, "reversed"},
}};

constexpr Spelling<OE, 11> kOperationEvent{{
    {OE::sent_again, "sent_again"},
    {OE::approved, "approved"},
    {OE::partly_approved, "partly_approved"},
    {OE::declined, "declined"},
    {OE::not_sent, "not_sent"},
    {OE::no_answer, "no_answer"},
    {OE::never_arrived, "never_arrived"},
    {OE::reversed, "reversed"},
    {OE::decided_approved, "decided_approved"},
    {OE::decided_declined, "decided_declined"},
    {OE::contradicted, "contradicted"},
}};

constexpr Spelling<S, 4> kPartStatus{{
    {S::pending, "pending"},
    {S::succeeded, "succeeded"},
    {S::failed, "failed"},
    {S::canceled, "canceled"},
}};

constexpr Spelling<SE, 2> kPartEvent{{{SE::succeeded, "succeeded"}, {SE::failed, "failed"}}};

constexpr Spelling<D, 5> kDisputeStatus{{
    {D::needs_response, "needs_response"},
    {D::under_review, "under_review"},
    {D::won, "won"},
    {D::lost, "lost"},
    {D::accepted, "accepted"},
}};

constexpr Spelling<DE, 5> kDisputeEvent{{
    {DE::evidence_submitted, "evidence_submitted"},
    {DE::accepted, "accepted"},
    {DE::won, "won"},
    {DE::lost, "lost"},
    {DE::reopened, "reopened"},
}};

template <class Machine>
void describe(std::string& page) {
    const std::string name(Machine::kName);
    page += "\n## " + name + "\n\n```mermaid\nstateDiagram-v2\n    [*] --> " +
            std::string(to_string(Machine::kInitial)) + "\n";
    for (const auto& move : Machine::moves()) {
        page += "    " + std::string(to_string(move.from)) + " --> " +
                std::string(to_string(move.to)) + ": " + std::string(to_string(move.event)) + "\n";
    }
    page += "```\n\n| from | event | to | told to the merchant |\n|---|---|---|---|\n";
    for (const auto& move : Machine::moves()) {
        const std::string told = move.told.empty() ? "" : "`" + std::string(move.told) + "`";
        page += "| `" + std::string(to_string(move.from)) + "` | " +
                std::string(to_string(move.event)) + " | `" + std::string(to_string(move.to)) +
                "` | " + told + " |\n";
    }
}

}  // namespace

std::span<const Move<P, PE>> PaymentMachine::moves() noexcept {
    return kPaymentMoves;
}
std::span<const Move<O, OE>> AttemptMachine::moves() noexcept {
    return kAttemptMoves;
}
std::span<const Move<S, SE>> CaptureMachine::moves() noexcept {
    return kCaptureMoves;
}
std::span<const Move<S, SE>> RefundMachine::moves() noexcept {
    return kRefundMoves;
}
std::span<const Move<D, DE>> DisputeMachine::moves() noexcept {
    return kDisputeMoves;
}

std::string_view to_string(P status) noexcept {
    return spell(kPaymentStatus, status);
}
std::string_view to_string(PE event) noexcept {
    return spell(kPaymentEvent, event);
}
std::string_view to_string(O state) noexcept {
    return spell(kOperationState, state);
}
std::string_view to_string(OE event) noexcept {
    return spell(kOperationEvent, event);
}
std::string_view to_string(S status) noexcept {
    return spell(kPartStatus, status);
}
std::string_view to_string(SE event) noexcept {
    return spell(kPartEvent, event);
}
std::string_view to_string(D status) noexcept {
    return spell(kDisputeStatus, status);
}
std::string_view to_string(DE event) noexcept {
    return spell(kDisputeEvent, event);
}
Result<P> parse_payment_status(std::string_view text) {
    return read_spelt(kPaymentStatus, text);
}
Result<O> parse_operation_state(std::string_view text) {
    return read_spelt(kOperationState, text);
}
Result<S> parse_part_status(std::string_view text) {
    return read_spelt(kPartStatus, text);
}
Result<D> parse_dispute_status(std::string_view text) {
    return read_spelt(kDisputeStatus, text);
}

std::string describe_machines() {
    std::string page =
        "# The states of a payment and of its parts\n\n"
        "Drawn from the table in `gateway/payments/states.cpp`; a test compares the two. What is "
        "not here can\nnot happen: a row moves by an event of this table or not at all. Every move "
        "is written in the same\ntransaction as its journal entry, its line in the payment's "
        "timeline and its event.\n";
    describe<PaymentMachine>(page);
    describe<AttemptMachine>(page);
    describe<CaptureMachine>(page);
    describe<RefundMachine>(page);
    describe<DisputeMachine>(page);
    return page;
}

}  // namespace causeway::gateway
