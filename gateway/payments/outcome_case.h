// SPDX-License-Identifier: Apache-2.0
//
// What the outcome steps share: the case at hand, and what they all do with it. Inside of
// outcomes.h; nobody else needs it.
#pragma once

#include "gateway/payments/outcomes.h"
#include "gateway/payments/records.h"

#include <optional>
#include <string>
#include <string_view>

namespace causeway::gateway {

/// What an outcome step works on: fresh from the database, so that nothing stale is written back.
struct OutcomeCase {
    ledger::Transaction& tx;
    const Workshop& shop;
    const std::optional<Caller>& caller;
    const Result<connectors::Answer>& outcome;
    Payment payment;
    OperationRow row;
    Records& records;
    bool by_hand = false;        ///< The outcome is a person's decision.
    std::optional<Error> wrong;  ///< A move that the table does not have; store() reports it.

    // Not one byte left us, and may leave us later.
    [[nodiscard]] bool unsent() const {
        return !outcome && (outcome.error().code() == ErrorCode::unavailable || too_late());
    }
    // The quote had ended at the moment of sending.
    [[nodiscard]] bool too_late() const {
        return !outcome && outcome.error().code() == ErrorCode::expired;
    }
    [[nodiscard]] Timestamp now() const { return shop.clock.now(); }
    [[nodiscard]] std::string instance() const {
        return "/v1/payments/" + to_text("pay", payment.id);
    }
};

/// Ends the caller's request, if there is one.
[[nodiscard]] Result<Step> tell(OutcomeCase& c, int status, std::string body);
[[nodiscard]] Result<Step> tell_problem(OutcomeCase& c, Problem problem);
[[nodiscard]] Result<Step> tell_payment(OutcomeCase& c);
[[nodiscard]] Result<Step> tell_capture(OutcomeCase& c, const Capture& capture);

/// The status of a payment follows from its amounts once its authorisation stands.
[[nodiscard]] PaymentStatus status_of(const Payment& payment);

/// Writes the payment and the operation back.
[[nodiscard]] Result<void> store(OutcomeCase& c);
/// The same for the operation alone, by who stores the payment later in the same step.
[[nodiscard]] Result<void> store_operation(OutcomeCase& c);

/// Moves the payment.
void move(OutcomeCase& c, PaymentEvent event);
/// Moves the payment to where its amounts say it stands after a capture was done or refused.
void move_by_amounts(OutcomeCase& c, bool refused);

/// The provider has spoken, or never will: nobody has to act on the operation any more.
void close(OutcomeCase& c, OperationEvent event);

/// Nobody knows what the provider did: the amount goes into suspense, and an inquiry or a reversal
/// on its way, both before anybody hears more than "processing".
[[nodiscard]] Result<void> doubt(OutcomeCase& c, connectors::ReversalReason reason);

/// The same, and reversed even where the provider could be asked: its word is known.
[[nodiscard]] Result<void> doubt_and_reverse(OutcomeCase& c, connectors::ReversalReason reason);

/// Puts an operation's amount into suspense, or takes it out; no effect when it stands so already.
[[nodiscard]] Result<void> suspend(OutcomeCase& c, OperationRow& row);
[[nodiscard]] Result<void> clear_doubt(OutcomeCase& c, OperationRow& row);

/// Whether the word is about another currency than was asked for, or about more, or nothing.
[[nodiscard]] bool is_about_another_amount(const OutcomeCase& c);
/// Believes no such word: the amount stands in suspense and the reservation stays taken until a
/// person has looked.
[[nodiscard]] Result<void> disbelieve(OutcomeCase& c);

/// The authorisation stands after all: it ends when it would have.
void restore_expiry(OutcomeCase& c, const OperationRow& authorisation);

/// The provider may not refuse this operation, so it is sent until there is a word.
[[nodiscard]] Result<void> keep_trying(OutcomeCase& c);

/// A host in trouble has said nothing about the operation.
[[nodiscard]] bool is_final_word(const connectors::Answer& word);

/// The operation as it was carried out: a provider may take or give less than it was told.
[[nodiscard]] OperationRow with_amount(OperationRow row, ledger::Money amount);

/// Whether the caller asked for the payment, and not for a capture of it.
[[nodiscard]] bool asked_for_the_payment(const OutcomeCase& c);

/// Whether the caller asked for a cancel, and not for a refund that turned out to be one.
[[nodiscard]] bool asked_for_a_cancel(const OutcomeCase& c);

[[nodiscard]] Result<Refund> refund_of(ledger::Transaction& tx, const OperationRow& row);
/// The caller returns the reservation.
[[nodiscard]] Result<void> fail_refund(OutcomeCase& c, Refund& refund, std::string_view code);

/// What follows every outcome, whoever brought the word: the timeline is written, a request that
/// the operation belonged to and that lost its way is answered, and notices that came while the
/// operation was in doubt (`was_in_doubt`) are compared again. Says whether those left work.
[[nodiscard]] Result<bool> end_case(OutcomeCase& c, bool was_in_doubt);
/// Whether it may have been carried out without our knowing.
[[nodiscard]] bool is_doubtful(const OperationRow& row);

/// Runs the outcome step that suits the operation's kind.
[[nodiscard]] Result<Step> dispatch(OutcomeCase& c);

/// The provider was asked and does not know the operation: it is as if it had not been sent, but
/// the caller was told otherwise.
[[nodiscard]] Result<Step> after_never_arrived(OutcomeCase& c);

/// What an operation had reserved is free again: it was undone, or never done.
[[nodiscard]] Result<void> undo(OutcomeCase& c, const OperationRow& undone, std::string_view why);

// One for every kind of operation.
[[nodiscard]] Result<Step> after_charge(OutcomeCase& c);
[[nodiscard]] Result<Step> after_increment(OutcomeCase& c);
[[nodiscard]] Result<Step> after_capture(OutcomeCase& c);
[[nodiscard]] Result<Step> after_refund(OutcomeCase& c);
[[nodiscard]] Result<Step> after_reverse(OutcomeCase& c);
[[nodiscard]] Result<Step> after_release(OutcomeCase& c);
[[nodiscard]] Result<Step> after_dispute_word(OutcomeCase& c);
[[nodiscard]] Result<Step> after_collect(OutcomeCase& c);
[[nodiscard]] Result<Step> after_withdraw(OutcomeCase& c);
/// Of a refund of what a buyer paid and was not credited.
[[nodiscard]] Result<Step> after_receipt_refund(OutcomeCase& c);

/// Whether the word is the approval of a reversal that a person had decided away.
[[nodiscard]] bool contradicts_a_decision(const OutcomeCase& c);
/// Then its amount stands in suspense, until a person has looked again; but where what it reversed
/// does not stand either, both say the same, and the reversal is taken for approved.
[[nodiscard]] Result<Step> after_contradiction(OutcomeCase& c);

}  // namespace causeway::gateway
