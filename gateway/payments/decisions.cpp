// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/decisions.h"

#include "gateway/payments/operations_store.h"
#include "gateway/payments/outcome_case.h"

namespace causeway::gateway {
namespace {

using connectors::Answer;
using connectors::Decline;
using ledger::Transaction;

Error still_needed(const OperationRow& reversal, bool gives_a_part_back) {
    const std::string name = to_text("op", reversal.id);
    if (gives_a_part_back) {
        return Error(ErrorCode::conflict,
                     name +
                         " gives back the part that was approved: wait for its answer, or say "
                         "--force when you know that the provider has given it back");
    }
    return Error(ErrorCode::conflict,
                 name +
                     " reverses it and may have been sent: wait for its answer, or say --force "
                     "when you know that the provider has not reversed it");
}

// Nobody needs to undo what a person has decided; but for what was approved in part, which failed
// the payment before anybody decided.
Result<void> drop_reversals(Records& records, const Payment& payment, const Decision& decision) {
    const bool gives_a_part_back = payment.status == PaymentStatus::failed;
    Result<std::vector<OperationRow>> open = open_reversals_of(records.tx(), decision.operation);
    if (!open) return open.error();
    for (OperationRow& reversal : *open) {
        const bool may_be_out = decision.approved && reversal.tries > 0;
        if ((may_be_out || gives_a_part_back) && !decision.force) {
            return still_needed(reversal, gives_a_part_back);
        }
        reversal.next_try.reset();
        reversal.answered_at = records.shop().clock.now();
        const Result<void> moved = reversal.state.apply(OperationEvent::decided_declined);
        if (!moved) return moved.error();
        const Result<void> stored = records.save(reversal);
        if (!stored) return stored.error();
    }
    return {};
}

}  // namespace

Result<void> leave_to_janitor(Transaction& tx, const Workshop& shop, const Step& step) {
    if (!step.send) return {};
    Result<OperationRow> row = load_operation(tx, step.send->row.id);
    if (!row) return row.error();
    row->tries = 0;
    row->next_try = shop.clock.now();
    return update_operation(tx, *row);
}

Result<Payment> decide(Transaction& tx, const Workshop& shop, const Decision& decision) {
    Result<OperationRow> row = load_operation(tx, decision.operation);
    if (!row) return row.error();
    const std::string name = to_text("op", decision.operation);
    if (!row->in_doubt) return Error(ErrorCode::conflict, name + " is not in doubt");
    Result<Payment> payment = load_payment(tx, row->payment);
    if (!payment) return payment.error();
    const std::optional<Caller> nobody;
    const Result<Answer> outcome(
        Answer{.approved = decision.approved,
               .decline = decision.approved ? Decline::none : Decline::provider_error});
    Records records(tx, shop, nullptr);
    records.note("decision",
                 name,
                 decision.approved ? "decided_approved" : "decided_declined",
                 decision.by + ": " + decision.reason);
    records.because("decided by hand");
    const Result<void> dropped = drop_reversals(records, *payment, decision);
    if (!dropped) return dropped.error();
    OutcomeCase c{.tx = tx,
                  .shop = shop,
                  .caller = nobody,
                  .outcome = outcome,
                  .payment = *std::move(payment),
                  .row = *std::move(row),
                  .records = records,
                  .by_hand = true,
                  .wrong = std::nullopt};
    const Result<Step> step = dispatch(c);
    if (!step) return step.error();
    // The janitor is woken after a decision anyway.
    const Result<bool> ended = end_case(c, true);
    if (!ended) return ended.error();
    const Result<void> left = leave_to_janitor(tx, shop, *step);
    if (!left) return left.error();
    return load_payment(tx, c.payment.id);
}

}  // namespace causeway::gateway
