// SPDX-License-Identifier: Apache-2.0
//
// Incremental authorisation: the buyer's bill has grown before it is captured.
#include "gateway/payments/earnings.h"
#include "gateway/payments/intent_case.h"
#include "gateway/payments/intents.h"
#include "gateway/payments/operations_store.h"
#include "gateway/payments/outcome_case.h"
#include "gateway/payments/render.h"

namespace causeway::gateway {
namespace {

using connectors::OperationKind;
using ledger::Money;
using ledger::Transaction;

// Nothing when the payment may be increased to that amount.
std::optional<Problem> refusal(const Workshop& shop,
                               const Payment& payment,
                               const IncreasePayment& wanted) {
    if (payment.quote) {
        return make_problem("amount_not_increasable",
                            "/amount",
                            "The payment's rate is locked for its amount: it cannot grow.");
    }
    if (wanted.amount <= payment.authorised) {
        return make_problem("amount_not_increasable",
                            "/amount",
                            "The new amount must be more than the " +
                                std::to_string(payment.authorised) + " that are authorised.");
    }
    const ConnectorEntry* const entry = shop.connectors.find(payment.connector);
    const bool offered =
        entry != nullptr &&
        entry->connector->capability().offers(OperationKind::increment, day_of(shop.clock.now()));
    if (!offered) {
        return make_problem("amount_not_increasable",
                            "/amount",
                            "The provider of this payment does not raise authorisations.");
    }
    if (wanted.amount > entry->connector->capability().amount_max) {
        return make_problem(
            "amount_out_of_range", "/amount", "The amount is more than the provider can carry.");
    }
    return std::nullopt;
}

Result<Step> increase_refused(OutcomeCase& c) {
    c.payment.increasing -= c.row.amount.minor_units();
    close(c, OperationEvent::declined);
    const Result<void> stored = store(c);
    if (!stored) return stored.error();
    Problem problem = make_problem(
        "card_declined",
        "The increase was declined: " + std::string(to_string(c.outcome->decline)) + ".");
    problem.decline_code = std::string(to_string(c.outcome->decline));
    return tell_problem(c, std::move(problem));
}

}  // namespace

Result<Step> increase_payment(Transaction& tx,
                              const Workshop& shop,
                              const Caller& caller,
                              const Uuid& id,
                              const IncreasePayment& wanted) {
    const Result<Claimed> claimed = claim_key(tx, shop, caller, to_text("pay", id));
    if (!claimed) return claimed.error();
    if (claimed->step) return *claimed->step;
    Result<Payment> payment = load_payment(tx, id, caller.scope);
    if (!payment) return refuse(tx, caller, missing(payment.error(), "payment"));
    if (!payment->status.allows(PaymentEvent::increased) || payment->capture_closed) {
        return wrong_state(tx, caller, *payment, "increased");
    }
    if (payment->increasing > 0) {
        return wrong_state(tx, caller, *payment, "increased while it is being increased");
    }
    if (const std::optional<Problem> problem = refusal(shop, *payment, wanted)) {
        return refuse_at(tx, caller, *payment, *problem);
    }
    const Result<OperationRow> original = authorising_operation(tx, id);
    if (!original) return original.error();
    const Money more(wanted.amount - payment->authorised, payment->amount.currency());
    payment->increasing = more.minor_units();
    payment->updated_at = shop.clock.now();
    Records records(tx, shop, &caller);
    const Result<void> stored = records.save(*payment);
    if (!stored) return stored.error();
    return send_now(
        records,
        *payment,
        {.kind = OperationKind::increment, .amount = more, .subject = {}, .original = *original});
}

Result<Step> after_increment(OutcomeCase& c) {
    if (c.unsent() && !c.row.in_doubt) {
        c.payment.increasing -= c.row.amount.minor_units();
        close(c, OperationEvent::not_sent);
        const Result<void> stored = store(c);
        if (!stored) return stored.error();
        return tell_problem(
            c, make_problem("provider_unavailable", "The provider cannot be reached."));
    }
    if (is_about_another_amount(c)) {
        const Result<void> disbelieved = disbelieve(c);
        if (!disbelieved) return disbelieved.error();
        return tell_payment(c);
    }
    if (!c.outcome) {
        const Result<void> doubted = doubt(c, connectors::ReversalReason::no_answer);
        if (!doubted) return doubted.error();
        return tell_payment(c);
    }
    const Result<void> cleared = clear_doubt(c, c.row);
    if (!cleared) return cleared.error();
    if (!c.outcome->approved) return increase_refused(c);
    const std::int64_t more = c.outcome->approved_amount.value_or(c.row.amount).minor_units();
    c.payment.increasing -= c.row.amount.minor_units();
    c.payment.authorised += more;
    const std::int64_t total = std::max(c.payment.amount.minor_units(), c.payment.authorised);
    c.payment.amount = Money(total, c.payment.amount.currency());
    move(c, PaymentEvent::increased);
    close(c, OperationEvent::approved);
    const Result<void> stored = store(c);
    if (!stored) return stored.error();
    return tell_payment(c);
}

}  // namespace causeway::gateway
