// SPDX-License-Identifier: Apache-2.0
#include "gateway/collections/collections_store.h"
#include "gateway/collections/next_action.h"
#include "gateway/collections/receipts.h"
#include "gateway/payments/earnings.h"
#include "gateway/payments/operations_store.h"
#include "gateway/payments/outcome_case.h"
#include "gateway/payments/render.h"
#include "gateway/provider_files/provider_files_store.h"

namespace causeway::gateway {
namespace {

using connectors::Decline;

// Its reference is the provider's idempotency key and no money moves by it: it is sent until there
// is a word, and nothing stands in suspense meanwhile.
Result<void> try_again(OutcomeCase& c) {
    c.row.next_try = c.now() + retry_after(c.row.tries);
    if (c.unsent()) --c.row.tries;
    return store(c);
}

Result<Step> refused(OutcomeCase& c) {
    close(c, OperationEvent::declined);
    if (c.payment.status != PaymentStatus::processing) {
        const Result<void> kept = store(c);
        if (!kept) return kept.error();
        return tell_payment(c);
    }
    std::string why(to_string(c.outcome->decline));
    if (!c.outcome->response_code.empty()) why += " (" + c.outcome->response_code + ")";
    Problem problem =
        make_problem("payment_method_refused", "The provider refused the instrument: " + why + ".");
    problem.instance = c.instance();
    move(c, PaymentEvent::declined);
    c.payment.last_error = render(problem, c.caller ? c.caller->request_id : "");
    const Result<void> stored = store(c);
    if (!stored) return stored.error();
    return tell_problem(c, std::move(problem));
}

Result<void> issue(OutcomeCase& c) {
    Result<CollectionRow> collection = load_collection(c.tx, c.payment.id);
    if (!collection) return collection.error();
    collection->operation = c.row.id;
    collection->instrument = c.outcome->instrument.value_or(connectors::Instrument{});
    const Result<void> put = put_collection(c.tx, *collection);
    if (!put) return put;
    // Who pays at once may be quicker than the provider's answer: the payment is past this.
    const bool waits = c.payment.status == PaymentStatus::processing;
    if (!waits && c.payment.status != PaymentStatus::partially_captured) return {};
    c.payment.next_action = render_next_action(c.shop, c.payment, *collection);
    c.payment.expires_at = collection->terms.open_until;
    if (waits) move(c, PaymentEvent::instrument_issued);
    return {};
}

// Providers that are told by files hear of it with the next one.
Result<void> tell_by_file(OutcomeCase& c) {
    const ConnectorEntry* const entry = c.shop.connectors.find(c.row.connector);
    const connectors::FileExchange* const files =
        entry == nullptr ? nullptr : entry->connector->files();
    if (files == nullptr || !files->carries(c.row.kind)) return {};
    return queue_for_file(c.tx, c.row.connector, c.row.id);
}

}  // namespace

Result<Step> after_collect(OutcomeCase& c) {
    // The rate that the buyer was shown is over: nothing has left us, so the payment may be
    // confirmed again.
    if (c.too_late()) return after_charge(c);
    if (!c.outcome || !is_final_word(*c.outcome)) {
        const Result<void> kept = try_again(c);
        if (!kept) return kept.error();
        return tell_payment(c);
    }
    if (!c.outcome->approved) return refused(c);
    close(c, OperationEvent::approved);
    const Result<void> issued = issue(c);
    if (!issued) return issued.error();
    const Result<void> queued = tell_by_file(c);
    if (!queued) return queued.error();
    const Result<void> stored = store(c);
    if (!stored) return stored.error();
    return tell_payment(c);
}

Result<Step> after_withdraw(OutcomeCase& c) {
    if (!c.outcome || !is_final_word(*c.outcome)) {
        const Result<void> kept = try_again(c);
        if (!kept) return kept.error();
        return tell_payment(c);
    }
    const bool gone = c.outcome->approved || c.outcome->decline == Decline::original_not_found;
    close(c, gone ? OperationEvent::approved : OperationEvent::declined);
    if (c.outcome->approved) {
        const Result<void> queued = tell_by_file(c);
        if (!queued) return queued.error();
    }
    // A payment that was paid meanwhile, or is over, stays what it is.
    if (c.payment.status != PaymentStatus::processing) {
        const Result<void> stored = store(c);
        if (!stored) return stored.error();
        return tell_payment(c);
    }
    if (gone) {
        c.payment.capture_closed = true;
        move(c, PaymentEvent::canceled);
        const Result<void> stored = store(c);
        if (!stored) return stored.error();
        return tell_payment(c);
    }
    const Result<CollectionRow> collection = load_collection(c.tx, c.payment.id);
    if (!collection) return collection.error();
    c.payment.expires_at = collection->terms.open_until;
    move(c, PaymentEvent::withdrawal_refused);
    const Result<void> stored = store(c);
    if (!stored) return stored.error();
    const std::string why(to_string(c.outcome->decline));
    return tell_problem(
        c, make_problem("cancel_declined", "The provider refused the cancel: " + why + "."));
}

Result<Step> after_receipt_refund(OutcomeCase& c) {
    if (c.unsent() && !c.row.in_doubt) {
        const Result<void> kept = try_again(c);
        if (!kept) return kept.error();
        return Step{};
    }
    if (!c.outcome) {
        const Result<void> doubted = doubt(c, connectors::ReversalReason::no_answer);
        if (!doubted) return doubted.error();
        return Step{};
    }
    if (is_about_another_amount(c)) {
        const Result<void> disbelieved = disbelieve(c);
        if (!disbelieved) return disbelieved.error();
        return Step{};
    }
    const Result<void> cleared = clear_doubt(c, c.row);
    if (!cleared) return cleared.error();
    close(c, c.outcome->approved ? OperationEvent::approved : OperationEvent::declined);
    const Result<void> ended =
        end_receipt_refund(c.records, c.row, c.outcome->approved, to_string(c.outcome->decline));
    if (!ended) return ended.error();
    const Result<void> stored = store(c);
    if (!stored) return stored.error();
    return Step{};
}

}  // namespace causeway::gateway
