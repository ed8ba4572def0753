// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/disputes.h"

#include "gateway/payments/disputes_store.h"
#include "gateway/payments/earnings.h"
#include "gateway/payments/intent_case.h"
#include "gateway/payments/operations_store.h"
#include "gateway/payments/outcome_case.h"
#include "gateway/payments/render.h"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace json = boost::json;

namespace causeway::gateway {
namespace {

using connectors::OperationKind;
using ledger::Transaction;

std::string with_movement(const std::string& movements, const Uuid& movement) {
    json::array list = json::parse(movements).as_array();
    list.emplace_back(to_text("txn", movement));
    return json::serialize(list);
}

// Takes the amount from the merchant, in the first round or again.
Result<void> take_back(Records& records,
                       Payment& payment,
                       const OperationRow& charge,
                       Dispute& dispute) {
    const Result<Booked> booked =
        book_dispute(records.tx(), records.shop(), payment, dispute, charge);
    if (!booked) return booked.error();
    records.posted(booked->entry);
    dispute.movements = with_movement(dispute.movements, booked->movement);
    const std::int64_t left = payment.refundable();
    payment.disputed += dispute.amount.minor_units();
    payment.updated_at = records.shop().clock.now();
    if (left < dispute.amount.minor_units()) {
        records.note("notice",
                     to_text("dp", dispute.id),
                     "exceeds_remaining",
                     "only " + std::to_string(left) + " minor units were left to give back");
    }
    return records.save(payment);
}

Result<void> end_exposure(Records& records, const Payment& payment, const Dispute& dispute) {
    const Result<Uuid> entry = book_dispute_over(records.tx(), records.shop(), payment, dispute);
    if (!entry) return entry.error();
    records.posted(*entry);
    return {};
}

Result<Step> refuse_dispute(Transaction& tx,
                            const Caller& caller,
                            const Dispute& dispute,
                            const std::string& what) {
    Problem problem =
        make_problem("dispute_state",
                     "A dispute that is " + std::string(to_string(dispute.status.get())) +
                         " cannot be " + what + ".");
    problem.instance = "/v1/disputes/" + to_text("dp", dispute.id);
    return refuse(tx, caller, problem);
}

bool is_sent_by_us(const Workshop& shop, const Dispute& dispute) {
    const ConnectorEntry* const entry = shop.connectors.find(dispute.connector);
    return entry != nullptr && entry->connector->disputing() != nullptr;
}

// The operation that tells the provider; it is sent by the caller of this step.
Result<Step> tell_provider(Records& records,
                           const Payment& payment,
                           Dispute& dispute,
                           OperationKind kind) {
    const Result<OperationRow> charge = authorising_operation(records.tx(), payment.id);
    if (!charge) return charge.error();
    const Result<OperationRow> row = open_operation(records,
                                                    payment,
                                                    {.kind = kind,
                                                     .amount = dispute.amount,
                                                     .subject = to_text("dp", dispute.id),
                                                     .original = *charge});
    if (!row) return row.error();
    dispute.acting = to_text("op", row->id);
    const Result<void> stored = records.save(dispute);
    if (!stored) return stored.error();
    Result<Send> send = make_send_about(records.tx(), records.shop(), payment, *row, *charge);
    if (!send) return send.error();
    const Result<void> told = records.finish(payment.id);
    if (!told) return told.error();
    return Step{.send = *std::move(send), .reply = std::nullopt};
}

// Written and answered at once: the provider is not ours to tell.
Result<Step> settle_here(Records& records, const Caller& caller, Dispute& dispute) {
    const Result<void> stored = records.save(dispute);
    if (!stored) return stored.error();
    const Result<void> told = records.finish(dispute.payment);
    if (!told) return told.error();
    return answer(records.tx(), caller, 200, render_dispute(dispute));
}

struct DisputeCase {
    Payment payment;
    Dispute dispute;
};

// In the order in which notices and outcomes take the two rows: else one would wait for the other.
Result<DisputeCase> load_case(Transaction& tx, const Uuid& id, Scope scope) {
    const Result<Uuid> payment_id = payment_of_dispute(tx, id);
    if (!payment_id) return payment_id.error();
    Result<Payment> payment = load_payment(tx, *payment_id, scope);
    if (!payment) return payment.error();
    Result<Dispute> dispute = load_dispute(tx, id, scope);
    if (!dispute) return dispute.error();
    return DisputeCase{.payment = *std::move(payment), .dispute = *std::move(dispute)};
}

Result<Dispute> dispute_of(Transaction& tx, const OperationRow& row) {
    const Result<Uuid> id = parse_id("dp", row.subject);
    if (!id) return id.error();
    return load_dispute(tx, *id);
}

Result<Step> tell_dispute(OutcomeCase& c, const Dispute& dispute) {
    return tell(c, 200, render_dispute(dispute));
}

// Rows of the first versions name the kind of the operation, not the operation.
bool carries_our_word(const Dispute& dispute, const OperationRow& row) {
    return dispute.acting == to_text("op", row.id) ||
           dispute.acting == connectors::to_string(row.kind);
}

// What it answers was decided and opened again since: it says nothing of this round.
Result<Step> note_past_word(OutcomeCase& c, const Dispute& dispute) {
    const OperationEvent silence =
        c.unsent() ? OperationEvent::not_sent : OperationEvent::no_answer;
    const OperationEvent event = !c.outcome            ? silence
                                 : c.outcome->approved ? OperationEvent::approved
                                                       : OperationEvent::declined;
    close(c, event);
    c.records.note("notice",
                   to_text("op", c.row.id),
                   "earlier_round",
                   std::string(connectors::to_string(c.row.kind)) + ", " +
                       std::string(to_string(c.row.state.get())) + ", of a round that is over");
    const Result<void> stored = store(c);
    if (!stored) return stored.error();
    return tell_dispute(c, dispute);
}

Result<Step> dispute_declined(OutcomeCase& c, Dispute& dispute) {
    close(c, OperationEvent::declined);
    dispute.acting.clear();
    const Result<void> saved = c.records.save(dispute);
    if (!saved) return saved.error();
    const Result<void> stored = store(c);
    if (!stored) return stored.error();
    return tell_problem(
        c,
        make_problem("dispute_declined",
                     "The provider refused: " + std::string(to_string(c.outcome->decline)) + "."));
}

}  // namespace

Result<void> open_dispute(Records& records,
                          Payment& payment,
                          const OperationRow& charge,
                          const connectors::Notice& notice,
                          const ledger::Money& amount) {
    Dispute dispute{.amount = amount,
                    .share = {.settlement = ledger::Money(0, payment.settlement_currency)}};
    dispute.id = records.shop().ids.next();
    dispute.payment = payment.id;
    dispute.merchant = payment.merchant;
    dispute.livemode = payment.livemode;
    dispute.connector = charge.connector;
    dispute.case_id = notice.case_id;
    dispute.reason = notice.reason;
    if (!notice.network_reason_code.empty()) {
        dispute.network_reason_code = notice.network_reason_code;
    }
    dispute.evidence_due_at = notice.respond_by;
    dispute.created_at = records.shop().clock.now();
    const Result<void> taken = take_back(records, payment, charge, dispute);
    if (!taken) return taken.error();
    return records.add(dispute);
}

Result<void> reopen_dispute(Records& records,
                            Payment& payment,
                            const OperationRow& charge,
                            Dispute& dispute,
                            const connectors::Notice& notice) {
    const Result<void> moved = dispute.status.apply(DisputeEvent::reopened);
    if (!moved) return moved.error();
    ++dispute.round;
    dispute.acting.clear();  // What is under way was said in the round before.
    dispute.evidence_due_at = notice.respond_by;
    const Result<void> taken = take_back(records, payment, charge, dispute);
    if (!taken) return taken.error();
    return records.save(dispute);
}

Result<void> win_dispute(Records& records,
                         Payment& payment,
                         const OperationRow& charge,
                         Dispute& dispute) {
    const Result<void> moved = dispute.status.apply(DisputeEvent::won);
    if (!moved) return moved.error();
    const Result<Booked> booked =
        book_dispute_won(records.tx(), records.shop(), payment, dispute, charge);
    if (!booked) return booked.error();
    records.posted(booked->entry);
    dispute.movements = with_movement(dispute.movements, booked->movement);
    payment.disputed -= dispute.amount.minor_units();
    payment.updated_at = records.shop().clock.now();
    const Result<void> saved = records.save(payment);
    if (!saved) return saved.error();
    return records.save(dispute);
}

Result<void> lose_dispute(Records& records, Payment& payment, Dispute& dispute) {
    const Result<void> moved = dispute.status.apply(DisputeEvent::lost);
    if (!moved) return moved.error();
    const Result<void> ended = end_exposure(records, payment, dispute);
    if (!ended) return ended.error();
    return records.save(dispute);
}

Result<Step> submit_evidence(Transaction& tx,
                             const Workshop& shop,
                             const Caller& caller,
                             const Uuid& id,
                             const std::string& evidence) {
    const Result<Claimed> claimed = claim_key(tx, shop, caller, to_text("dp", id));
    if (!claimed) return claimed.error();
    if (claimed->step) return *claimed->step;
    Result<DisputeCase> found = load_case(tx, id, caller.scope);
    if (!found) return refuse(tx, caller, missing(found.error(), "dispute"));
    const Payment& payment = found->payment;
    Dispute& dispute = found->dispute;
    if (!dispute.status.allows(DisputeEvent::evidence_submitted)) {
        return refuse_dispute(tx, caller, dispute, "contested");
    }
    if (!dispute.acting.empty()) {
        return refuse_dispute(tx, caller, dispute, "contested while an answer is under way");
    }
    if (dispute.evidence_due_at && *dispute.evidence_due_at < shop.clock.now()) {
        return refuse_dispute(tx, caller, dispute, "contested any more: its time is over");
    }
    EvidenceRow row{.id = shop.ids.next(),
                    .dispute = id,
                    .sealed = {},
                    .vault_key = shop.vault.key_name(),
                    .created_at = shop.clock.now()};
    row.sealed = shop.vault.seal(evidence, row.id);
    if (const Result<void> kept = insert_evidence(tx, row); !kept) return kept.error();
    Records records(tx, shop, &caller);
    if (is_sent_by_us(shop, dispute)) {
        return tell_provider(records, payment, dispute, OperationKind::represent);
    }
    const Result<void> moved = dispute.status.apply(DisputeEvent::evidence_submitted);
    if (!moved) return moved.error();
    return settle_here(records, caller, dispute);
}

Result<Step> accept_dispute(Transaction& tx,
                            const Workshop& shop,
                            const Caller& caller,
                            const Uuid& id) {
    const Result<Claimed> claimed = claim_key(tx, shop, caller, to_text("dp", id));
    if (!claimed) return claimed.error();
    if (claimed->step) return *claimed->step;
    Result<DisputeCase> found = load_case(tx, id, caller.scope);
    if (!found) return refuse(tx, caller, missing(found.error(), "dispute"));
    const Payment& payment = found->payment;
    Dispute& dispute = found->dispute;
    if (!dispute.status.allows(DisputeEvent::accepted)) {
        return refuse_dispute(tx, caller, dispute, "accepted");
    }
    if (!dispute.acting.empty()) {
        return refuse_dispute(tx, caller, dispute, "accepted while an answer is under way");
    }
    Records records(tx, shop, &caller);
    if (is_sent_by_us(shop, dispute)) {
        return tell_provider(records, payment, dispute, OperationKind::concede);
    }
    const Result<void> moved = dispute.status.apply(DisputeEvent::accepted);
    if (!moved) return moved.error();
    const Result<void> ended = end_exposure(records, payment, dispute);
    if (!ended) return ended.error();
    return settle_here(records, caller, dispute);
}

Result<Step> after_dispute_word(OutcomeCase& c) {
    Result<Dispute> dispute = dispute_of(c.tx, c.row);
    if (!dispute) return dispute.error();
    if (!carries_our_word(*dispute, c.row)) return note_past_word(c, *dispute);
    if (!c.outcome || !is_final_word(*c.outcome)) {
        c.row.next_try = c.now() + retry_after(c.row.tries);
        if (c.unsent()) --c.row.tries;
        const Result<void> stored = store(c);
        if (!stored) return stored.error();
        return tell_dispute(c, *dispute);
    }
    const Result<void> cleared = clear_doubt(c, c.row);
    if (!cleared) return cleared.error();
    if (!c.outcome->approved) return dispute_declined(c, *dispute);
    close(c, OperationEvent::approved);
    dispute->acting.clear();
    const bool concedes = c.row.kind == OperationKind::concede;
    const DisputeEvent event = concedes ? DisputeEvent::accepted : DisputeEvent::evidence_submitted;
    // The scheme may have decided while our word was on its way; then it has the last one.
    if (dispute->status.allows(event)) {
        const Result<void> moved = dispute->status.apply(event);
        if (!moved) return moved.error();
        const Result<void> ended =
            concedes ? end_exposure(c.records, c.payment, *dispute) : Result<void>();
        if (!ended) return ended.error();
    }
    const Result<void> saved = c.records.save(*dispute);
    if (!saved) return saved.error();
    const Result<void> stored = store(c);
    if (!stored) return stored.error();
    return tell_dispute(c, *dispute);
}

Result<bool> is_of_an_earlier_round(Transaction& tx, const OperationRow& row) {
    const Result<Dispute> dispute = dispute_of(tx, row);
    if (!dispute) return dispute.error();
    return !carries_our_word(*dispute, row);
}

Result<connectors::DisputeOperation> dispute_operation(Transaction& tx,
                                                       const Workshop& shop,
                                                       const OperationRow& row) {
    const Result<Dispute> dispute = dispute_of(tx, row);
    if (!dispute) return dispute.error();
    connectors::DisputeOperation told{.reference = row.reference,
                                      .case_id = dispute->case_id,
                                      .original = {},
                                      .amount = dispute->amount,
                                      .evidence = {},
                                      .repeat = row.tries > 1};
    if (row.original) {
        const Result<OperationRow> original = load_operation(tx, *row.original);
        if (!original) return original.error();
        told.original = original->reference;
    }
    if (row.kind != OperationKind::represent) return told;
    const Result<EvidenceRow> sealed = load_evidence(tx, dispute->id);
    if (!sealed) return sealed.error();
    const Result<std::string> evidence = shop.vault.unseal(sealed->sealed, sealed->id);
    if (!evidence) return evidence.error();
    const json::value texts = json::parse(*evidence);
    for (const auto& [name, value] : texts.as_object())
        told.evidence.emplace_back(name, value.as_string());
    return told;
}

}  // namespace causeway::gateway
