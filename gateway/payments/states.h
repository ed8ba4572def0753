// SPDX-License-Identifier: Apache-2.0
//
// The life of a payment, an attempt, a capture, a refund and a dispute: every state, every event
// and every allowed move, in one table.
//
// A row holds its status as a State, which has no setter: the only way to another status is an
// event that the table allows there. Moves that were taken stay with the row until they are
// written, and a row with unwritten moves can not be stored, so a status never changes without its
// line in the payment's timeline and its event. docs/states.md is drawn from this table.
#pragma once

#include "ledger/result.h"

#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace causeway::gateway {

/// The spelling is API.
enum class PaymentStatus {
    requires_payment_method,
    requires_confirmation,
    requires_action,
    processing,  ///< Sent; also every unknown outcome. Only a provider's word ends it.
    requires_capture,
    partially_captured,
    succeeded,
    canceled,
    failed,
    expired,
};

enum class PaymentEvent {
    method_attached,
    confirmed,         ///< An attempt is durable and may be sent.
    not_sent,          ///< Certain: not one byte reached a provider.
    declined,          ///< The provider said no, and no other is asked.
    rerouted,          ///< Declined in a way that another connector may see otherwise.
    outcome_unknown,   ///< Sent, no word.
    reversed,          ///< What nobody knew the fate of was undone.
    decided_declined,  ///< A person decided a doubt against the payment.
    authorised,
    increased,  ///< The authorisation covers more than before.
    captured_in_part,
    captured_in_full,
    capture_refused,
    rest_released,     ///< Nothing more will be captured.
    cancel_requested,  ///< The provider is asked to let go of the authorisation.
    cancel_refused,
    canceled,
    authorisation_expired,
    instrument_issued,   ///< The buyer has something to pay by.
    instrument_refused,  ///< The provider would not have it after all.
    instrument_ended,    ///< Its time is over, or the provider took it back.
    withdrawal_refused,  ///< It can not be taken back: somebody is paying it.
};

/// An exchange with a provider. The spelling of both is stored and shown to operators.
enum class OperationState {
    intent,    ///< Durable; it may have been sent.
    approved,  ///< The provider said yes.
    declined,  ///< The provider said no.
    unsent,    ///< Certain: it did not reach the provider.
    unknown,   ///< Sent, no word. A `reverse` operation or an inquiry is on its way.
    reversed,  ///< Undone at the provider, whatever it had believed.
};

enum class OperationEvent {
    sent_again,
    approved,
    partly_approved,  ///< Another amount than was asked for: given back, or for a person to see.
    declined,
    not_sent,
    no_answer,
    never_arrived,  ///< The provider was asked, and does not know it.
    reversed,
    decided_approved,  ///< By a person, with a reason.
    decided_declined,
    contradicted,  ///< The provider did what a person had decided it would not.
};

/// Of a capture or a refund. The spelling is API.
enum class PartStatus { pending, succeeded, failed, canceled };
enum class PartEvent { succeeded, failed };

/// The spelling is API.
enum class DisputeStatus { needs_response, under_review, won, lost, accepted };
enum class DisputeEvent {
    evidence_submitted,
    accepted,
    won,
    lost,
    reopened,  ///< The issuer did not take the defence: a second chargeback.
};

[[nodiscard]] std::string_view to_string(PaymentStatus status) noexcept;
[[nodiscard]] std::string_view to_string(PaymentEvent event) noexcept;
[[nodiscard]] std::string_view to_string(OperationState state) noexcept;
[[nodiscard]] std::string_view to_string(OperationEvent event) noexcept;
[[nodiscard]] std::string_view to_string(PartStatus status) noexcept;
[[nodiscard]] std::string_view to_string(PartEvent event) noexcept;
[[nodiscard]] std::string_view to_string(DisputeStatus status) noexcept;
[[nodiscard]] std::string_view to_string(DisputeEvent event) noexcept;
/// Errors: `not_found`.
[[nodiscard]] Result<PaymentStatus> parse_payment_status(std::string_view text);
[[nodiscard]] Result<OperationState> parse_operation_state(std::string_view text);
[[nodiscard]] Result<PartStatus> parse_part_status(std::string_view text);
[[nodiscard]] Result<DisputeStatus> parse_dispute_status(std::string_view text);

/// One row of the table.
template <class Status, class Event>
struct Move {
    Status from;
    Event event;
    Status to;
    std::string_view
        told;  ///< Type of the merchant's event, such as "payment.succeeded"; or empty.
};

struct PaymentMachine {
    using Status = PaymentStatus;
    using Event = PaymentEvent;
    static constexpr std::string_view kName = "payment";
    static constexpr Status kInitial = Status::requires_payment_method;
    [[nodiscard]] static std::span<const Move<Status, Event>> moves() noexcept;
};
struct AttemptMachine {
    using Status = OperationState;
    using Event = OperationEvent;
    static constexpr std::string_view kName = "attempt";
    static constexpr Status kInitial = Status::intent;
    [[nodiscard]] static std::span<const Move<Status, Event>> moves() noexcept;
};
struct CaptureMachine {
    using Status = PartStatus;
    using Event = PartEvent;
    static constexpr std::string_view kName = "capture";
    static constexpr Status kInitial = Status::pending;
    [[nodiscard]] static std::span<const Move<Status, Event>> moves() noexcept;
};
struct RefundMachine {
    using Status = PartStatus;
    using Event = PartEvent;
    static constexpr std::string_view kName = "refund";
    static constexpr Status kInitial = Status::pending;
    [[nodiscard]] static std::span<const Move<Status, Event>> moves() noexcept;
};
struct DisputeMachine {
    using Status = DisputeStatus;
    using Event = DisputeEvent;
    static constexpr std::string_view kName = "dispute";
    static constexpr Status kInitial = Status::needs_response;
    [[nodiscard]] static std::span<const Move<Status, Event>> moves() noexcept;
};

/// A status that only moves by the table.
template <class Machine>
class State {
  public:
    using Status = typename Machine::Status;
    using Event = typename Machine::Event;
    using Taken = Move<Status, Event>;

    State() = default;
    /// As it stands in the database. For the stores alone.
    [[nodiscard]] static State stored(Status status) {
        State state;
        state.status_ = status;
        return state;
    }

    operator Status() const noexcept { return status_; }
    [[nodiscard]] Status get() const noexcept { return status_; }

    [[nodiscard]] bool allows(Event event) const noexcept { return find(event) != nullptr; }

    /// Errors: `integrity` when the table has no such move; nothing is changed then.
    Result<void> apply(Event event) {
        const Taken* const move = find(event);
        if (move == nullptr) {
            return Error(ErrorCode::integrity,
                         std::string(Machine::kName) + " that is " +
                             std::string(to_string(status_)) + " met " +
                             std::string(to_string(event)));
        }
        status_ = move->to;
        taken_.push_back(move);
        return {};
    }

    /// The moves that are not written yet, oldest first.
    [[nodiscard]] const std::vector<const Taken*>& taken() const noexcept { return taken_; }
    /// Called by whoever has written them.
    [[nodiscard]] std::vector<const Taken*> take() noexcept { return std::exchange(taken_, {}); }

    friend bool operator==(const State&, const State&) = default;

  private:
    [[nodiscard]] const Taken* find(Event event) const noexcept {
        for (const Taken& move : Machine::moves()) {
            if (move.from == status_ && move.event == event) return &move;
        }
        return nullptr;
    }

    Status status_ = Machine::kInitial;
    std::vector<const Taken*> taken_;
};

/// docs/states.md: a diagram and a table for every machine. Markdown with Mermaid.
[[nodiscard]] std::string describe_machines();

}  // namespace causeway::gateway
