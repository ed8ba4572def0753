// SPDX-License-Identifier: Apache-2.0
//
// What the outcome steps share: the case at hand, and what they all do with it. Inside of
// outcomes.h; nobody else needs it.
#pragma once

#include "gateway/payments/outcomes.h"

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

/// Ends the caller's request, if there is one.
[[nodiscard]] Result<Step> tell(OutcomeCase& c, int status, std::string body);
[[nodiscard]] Result<Step> tell_problem(OutcomeCase& c, Problem problem);
[[nodiscard]] Result<Step> tell_payment(OutcomeCase& c);
[[nodiscard]] Result<Step> tell_capture(OutcomeCase& c, const Capture& capture);

/// The status of a payment follows from its amounts once its authorisation stands.
[[nodiscard]] PaymentStatus status_of(const Payment& payment);

/// Writes the payment and the operation back.
[[nodiscard]] Result<void> store(OutcomeCase& c);

/// The provider has spoken, or never will: nobody has to act on the operation any more.
void close(OutcomeCase& c, OperationState state);

/// Nobody knows what the provider did: the amount goes into suspense and a reversal on its way,
/// both before anybody hears more than "processing".
[[nodiscard]] Result<void> doubt_and_reverse(OutcomeCase& c, connectors::ReversalReason reason);

/// The provider may not refuse this operation, so it is sent until there is a word.
[[nodiscard]] Result<void> keep_trying(OutcomeCase& c);

/// A host in trouble has said nothing about the operation.
[[nodiscard]] bool is_final_word(const connectors::Answer& word);

/// The operation as it was carried out: a provider may take or give less than it was told.
[[nodiscard]] OperationRow with_amount(OperationRow row, ledger::Money amount);

/// Whether the caller asked for the payment, and not for a capture of it.
[[nodiscard]] bool asked_for_the_payment(const OutcomeCase& c);

[[nodiscard]] Result<Refund> refund_of(ledger::Transaction& tx, const OperationRow& row);
/// Returns the reservation.
[[nodiscard]] Result<void> fail_refund(OutcomeCase& c, Refund& refund, std::string_view code);

// One for every kind of operation.
[[nodiscard]] Result<Step> after_charge(OutcomeCase& c);
[[nodiscard]] Result<Step> after_capture(OutcomeCase& c);
[[nodiscard]] Result<Step> after_refund(OutcomeCase& c);
[[nodiscard]] Result<Step> after_reverse(OutcomeCase& c);
[[nodiscard]] Result<Step> after_release(OutcomeCase& c);

}  // namespace causeway::gateway
