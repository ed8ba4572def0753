// SPDX-License-Identifier: Apache-2.0
#include "gateway/collections/receipts.h"

#include "gateway/collections/instrument_news.h"
#include "gateway/collections/receipt_books.h"
#include "gateway/collections/receipt_identity.h"
#include "gateway/collections/repeat_sale.h"
#include "gateway/collections/tellings_store.h"
#include "gateway/log.h"
#include "gateway/payments/confirmation.h"
#include "gateway/payments/operation_builder.h"
#include "gateway/payments/operations_store.h"
#include "gateway/payments/render.h"

namespace causeway::gateway {
namespace {

using connectors::Notice;
using connectors::NoticeKind;
using connectors::OperationKind;
using ledger::Money;
using ledger::Transaction;

ReceiptRow new_receipt(const Workshop& shop,
                       const std::string& connector,
                       const Notice& notice,
                       const Identified& found) {
    const connectors::Receipt& told = *notice.receipt;
    ReceiptRow receipt{.amount = *notice.amount};
    receipt.id = shop.ids.next();
    receipt.connector = connector;
    receipt.reference = notice.reference;
    receipt.identity = found.identity;
    receipt.named = !told.identity.empty();
    receipt.way = told.way;
    receipt.paid_on = found.day;
    receipt.credited_on = told.credited_on;
    std::optional<std::int64_t> cost;
    if (told.cost) cost = told.cost->minor_units();
    // What the notice says it says of its own receipt.
    if (!found.misplaced.empty()) {
        receipt.credited_on = found.misplaced.back().credited_on;
        cost = found.misplaced.back().cost;
    }
    receipt.cost_told = cost.has_value();
    receipt.cost = cost.value_or(0);
    receipt.created_at = shop.clock.now();
    return receipt;
}

bool is_readable(const Notice& notice) {
    const bool paid = notice.receipt && notice.amount && notice.amount->is_positive();
    if (!paid) return false;
    const std::optional<Money>& cost = notice.receipt->cost;
    return !cost || (cost->currency() == notice.amount->currency() && cost->minor_units() >= 0);
}

void set_apart(ReceiptRow& receipt, const ReceiptShares& shares) {
    receipt.reason = shares.reason;
    receipt.credited = shares.credited;
    receipt.surcharge = shares.surcharge;
    receipt.apart = shares.apart;
    if (shares.apart == 0)
        receipt.state = ReceiptState::credited;
    else
        receipt.state = shares.refunds ? ReceiptState::refund_due : ReceiptState::held;
}

bool is_paid(const Payment& payment) {
    return payment.captured > 0 && payment.capture_closed;
}

Collectable as_asked(const CollectionCase& c, const CollectionRow& collection, Day paid_on) {
    const Payment& payment = c.payment;
    const ConnectorEntry* const entry = c.shop.connectors.find(c.connector);
    const connectors::Collecting* const side =
        entry == nullptr ? nullptr : entry->connector->collecting();
    return {.terms = side == nullptr ? collection.terms : side->terms_on(collection.terms, paid_on),
            .face = payment.amount,
            .captured = payment.captured,
            .paid = is_paid(payment),
            .dead = payment.status == PaymentStatus::canceled ||
                    payment.status == PaymentStatus::failed,
            .converted = payment.settlement_currency != payment.amount.currency(),
            .last_day = side == nullptr ? Day::max() : side->last_day(collection.terms)};
}

Result<void> move_paid(CollectionCase& c, bool completes) {
    Payment& payment = c.payment;
    payment.updated_at = c.shop.clock.now();
    if (completes) payment.capture_closed = true;
    const PaymentEvent event =
        completes ? PaymentEvent::captured_in_full : PaymentEvent::captured_in_part;
    if (completes) payment.expires_at.reset();
    return payment.status.apply(event);
}

// The other ways of paying the instrument are still open: one more payment would have to go back.
Result<void> close_other_ways(CollectionCase& c) {
    const ConnectorEntry* const entry = c.shop.connectors.find(c.connector);
    const connectors::Collecting* const side =
        entry == nullptr ? nullptr : entry->connector->collecting();
    if (side == nullptr || !side->withdraws_when_paid()) return {};
    const Result<OperationRow> opened =
        open_operation(c.records,
                       c.payment,
                       {.kind = OperationKind::withdraw,
                        .amount = c.payment.amount,
                        .subject = {},
                        .original = c.row,
                        .reason = connectors::ReversalReason::customer_cancel,
                        .leased = false});
    if (!opened) return opened.error();
    c.work_left = true;
    return {};
}

// Where the provider can send it back, it is asked to; else a person does.
Result<void> send_back(CollectionCase& c, ReceiptRow& receipt) {
    if (receipt.state != ReceiptState::refund_due) return {};
    const ConnectorEntry* const entry = c.shop.connectors.find(c.connector);
    const Day today = day_of(c.shop.clock.now());
    if (entry == nullptr || !entry->connector->capability().offers(OperationKind::refund, today)) {
        return {};
    }
    const Result<OperationRow> opened =
        open_operation(c.records,
                       c.payment,
                       {.kind = OperationKind::refund,
                        .amount = Money(receipt.apart, receipt.amount.currency()),
                        .subject = to_text("rcp", receipt.id),
                        .original = c.row,
                        .reason = connectors::ReversalReason::customer_cancel,
                        .leased = false});
    if (!opened) return opened.error();
    receipt.state = ReceiptState::refunding;
    c.work_left = true;
    return {};
}

void tell_of(CollectionCase& c, const ReceiptRow& receipt) {
    std::string detail = receipt.amount.to_string() + ", " + std::string(to_string(receipt.reason));
    if (receipt.apart > 0) {
        detail += ", " + Money(receipt.apart, receipt.amount.currency()).to_string() + " " +
                  std::string(to_string(receipt.state));
    }
    c.records.note("receipt", to_text("rcp", receipt.id), "received", detail);
}

ReceiptShares all_apart(ReceiptReason reason, const ReceiptRow& receipt) {
    return {.reason = reason, .apart = receipt.amount.minor_units()};
}

Result<ReceiptShares> shares_of(CollectionCase& c,
                                const Collectable& asked,
                                const ReceiptRow& receipt) {
    const ConnectorEntry* const entry = c.shop.connectors.find(c.connector);
    if (entry == nullptr) return Error(ErrorCode::not_found, "connector " + c.connector);
    return share_receipt(asked, entry->receipts, receipt.amount, receipt.paid_on);
}

// By the terms: money of nobody has none.
Result<std::int64_t> cost_by_terms(const Workshop& shop, const ReceiptRow& receipt) {
    if (!receipt.payment) return std::int64_t{0};
    const ConnectorEntry* const entry = shop.connectors.find(receipt.connector);
    if (entry == nullptr) return Error(ErrorCode::not_found, "connector " + receipt.connector);
    return entry->cost.of(receipt.amount);
}

// Writes what is told of which receipt, and what that changes about those that were there before.
Result<void> tell(Records& records,
                  Payment* payment,
                  const ReceiptRow& last,
                  const Identified& found,
                  const Notice& notice) {
    const Workshop& shop = records.shop();
    Result<void> placed = place_tellings(records.tx(), last, found, notice, shop.clock.now());
    if (!placed) return placed;
    for (const Telling& lost : found.misplaced) {
        const Result<std::int64_t> cost = cost_by_terms(shop, last);
        if (!cost) return cost.error();
        Result<void> corrected = correct_receipt(records, payment, lost, *cost);
        if (!corrected) return corrected;
    }
    return {};
}

// Writes the receipt with everything that follows from it.
Result<NoticeVerdict> take_receipt(CollectionCase& c,
                                   ReceiptRow receipt,
                                   const Identified& found,
                                   ReceiptShares shares) {
    if (!receipt.cost_told) {
        const Result<std::int64_t> cost = cost_by_terms(c.shop, receipt);
        if (!cost) return cost.error();
        receipt.cost = *cost;
    }
    if (shares.requotes) {
        const Result<bool> quoted = quote_today(c.records, c.payment);
        if (!quoted) return quoted.error();
        if (!*quoted) shares = all_apart(ReceiptReason::rate_over, receipt);
    }
    set_apart(receipt, shares);
    c.records.because(std::string(to_string(receipt.reason)) + " by " + receipt.identity);
    // What came in first names the payment for refunds; one may be under way by that name.
    if (receipt.credited > 0 && c.payment.captured == 0) c.row.approval_code = receipt.identity;
    const Result<void> booked = book_receipt(c.records, &c.payment, &c.row, receipt);
    if (!booked) return booked.error();
    if (receipt.credited > 0) {
        const Result<void> moved = move_paid(c, shares.completes);
        if (!moved) return moved.error();
        const Result<void> named = c.records.save(c.row);
        if (!named) return named.error();
    }
    const Result<void> stored = c.records.save(c.payment);
    if (!stored) return stored.error();
    if (shares.completes) {
        const Result<void> closed = close_other_ways(c);
        if (!closed) return closed.error();
    }
    const Result<void> returned = send_back(c, receipt);
    if (!returned) return returned.error();
    tell_of(c, receipt);
    const Result<void> inserted = insert_receipt(c.tx, receipt);
    if (!inserted) return inserted.error();
    const Result<void> told = tell(c.records, &c.payment, receipt, found, c.notice);
    if (!told) return told.error();
    return NoticeVerdict::applied;
}

// The code has been paid before, as it may be: this is one more sale. What can not be a sale by the
// rules stays with the first one, apart.
Result<NoticeVerdict> sell_again(CollectionCase& c,
                                 const CollectionRow& collection,
                                 ReceiptRow receipt,
                                 const Identified& found) {
    Collectable asked = as_asked(c, collection, receipt.paid_on);
    asked.captured = 0;
    asked.paid = false;
    Result<ReceiptShares> shares = shares_of(c, asked, receipt);
    if (!shares) return shares.error();
    if (!shares->completes) {
        ReceiptShares apart = all_apart(shares->reason, receipt);
        apart.refunds = shares->refunds;
        return take_receipt(c, std::move(receipt), found, apart);
    }
    Records records(c.tx, c.shop, nullptr);
    Payment payment = repeat_of(c.payment, c.shop);
    shares->requotes = false;
    Result<std::optional<OperationRow>> charge = open_repeat_sale(records, payment, collection);
    if (!charge) return charge.error();
    if (!*charge) {
        const ReceiptShares apart = all_apart(ReceiptReason::rate_over, receipt);
        return take_receipt(c, std::move(receipt), found, apart);
    }
    receipt.payment = payment.id;
    receipt.operation = (*charge)->id;
    const std::string name = to_text("rcp", receipt.id);
    CollectionCase sale{c.tx, c.shop, records, c.connector, c.notice, payment, **charge};
    records.note("receipt", name, "sold_again", "by the code of " + to_text("pay", c.payment.id));
    c.records.note("receipt", name, "sold_again", to_text("pay", payment.id));
    Result<NoticeVerdict> taken = take_receipt(sale, std::move(receipt), found, *shares);
    if (!taken) return taken;
    c.work_left = c.work_left || sale.work_left;
    const Result<void> told = records.finish(payment.id);
    if (!told) return told.error();
    return taken;
}

// What is told of the receipt at the end of them.
connectors::Receipt told_of_last(const Identified& found, const Notice& notice) {
    connectors::Receipt told = *notice.receipt;
    if (found.misplaced.empty()) return told;
    const Telling& last = found.misplaced.back();
    told.paid_on = last.day;
    told.credited_on = last.credited_on;
    told.cost.reset();
    if (last.cost) told.cost = Money(*last.cost, notice.amount->currency());
    return told;
}

// Another channel has told of it; this one may know more.
Result<NoticeVerdict> hear_again(Records& records,
                                 const Notice& notice,
                                 Payment* payment,
                                 OperationRow* charge,
                                 Identified found) {
    if (found.known->amount != *notice.amount) return NoticeVerdict::amount_mismatch;
    if (found.told) return NoticeVerdict::duplicate;
    const Result<void> told = tell(records, payment, *found.known, found, notice);
    if (!told) return told.error();
    const Result<void> completed =
        complete_receipt(records, payment, charge, *found.known, told_of_last(found, notice));
    if (!completed) return completed.error();
    return NoticeVerdict::duplicate;
}

Result<NoticeVerdict> apply_received(CollectionCase& c) {
    if (!is_readable(c.notice)) return NoticeVerdict::amount_mismatch;
    if (c.notice.amount->currency() != c.payment.amount.currency()) {
        return NoticeVerdict::currency_mismatch;
    }
    Result<Identified> found = identify_receipt(c.tx, c.connector, c.notice);
    if (!found) return found.error();
    if (found->known) return hear_again(c.records, c.notice, &c.payment, &c.row, *std::move(found));
    ReceiptRow receipt = new_receipt(c.shop, c.connector, c.notice, *found);
    receipt.livemode = c.payment.livemode;
    receipt.payment = c.payment.id;
    receipt.operation = c.row.id;
    const Result<CollectionRow> collection = load_collection(c.tx, c.payment.id);
    if (!collection) return collection.error();
    // Without a name of its own one payment that is told twice would be two sales.
    if (collection->terms.reusable && receipt.named && c.payment.captured > 0) {
        return sell_again(c, *collection, std::move(receipt), *found);
    }
    const Result<ReceiptShares> shares =
        shares_of(c, as_asked(c, *collection, receipt.paid_on), receipt);
    if (!shares) return shares.error();
    return take_receipt(c, std::move(receipt), *found, *shares);
}

Result<NoticeVerdict> end_instrument(CollectionCase& c, PaymentEvent event, bool refused) {
    if (!c.payment.status.allows(event)) {
        const bool over = c.payment.status != PaymentStatus::processing;
        return over ? NoticeVerdict::duplicate : NoticeVerdict::move_not_allowed;
    }
    c.payment.updated_at = c.shop.clock.now();
    c.payment.capture_closed = true;
    c.payment.expires_at.reset();
    if (refused) {
        Problem problem = make_problem("payment_method_refused",
                                       "The provider refused the instrument: " + c.notice.reason);
        problem.instance = "/v1/payments/" + to_text("pay", c.payment.id);
        c.payment.last_error = render(problem, "");
    }
    c.records.because(c.notice.reason);
    const Result<void> moved = c.payment.status.apply(event);
    if (!moved) return moved.error();
    const Result<void> stored = c.records.save(c.payment);
    if (!stored) return stored.error();
    // What was only taken back may have been paid in time: its rate stays its own.
    if (!refused) return NoticeVerdict::applied;
    const Result<void> returned = give_quote_back(c.tx, c.shop, c.payment);
    if (!returned) return returned.error();
    return NoticeVerdict::applied;
}

Result<NoticeVerdict> note_only(CollectionCase& c) {
    c.records.note("instrument", to_text("op", c.row.id), "told", c.notice.reason);
    return NoticeVerdict::applied;
}

}  // namespace

bool is_about_instruments(NoticeKind kind) noexcept {
    switch (kind) {
        case NoticeKind::received:
        case NoticeKind::receipt_returned:
        case NoticeKind::instrument_refused:
        case NoticeKind::instrument_ended:
        case NoticeKind::instrument_completed:
        case NoticeKind::charged:
        case NoticeKind::told: return true;
        default: return false;
    }
}

Result<NoticeVerdict> apply_to_instrument(CollectionCase& c) {
    if (c.row.kind != OperationKind::collect) return NoticeVerdict::move_not_allowed;
    switch (c.notice.kind) {
        case NoticeKind::received: return apply_received(c);
        case NoticeKind::receipt_returned: return apply_returned(c);
        case NoticeKind::instrument_refused:
            return end_instrument(c, PaymentEvent::instrument_refused, true);
        case NoticeKind::instrument_ended:
            return end_instrument(c, PaymentEvent::instrument_ended, false);
        case NoticeKind::instrument_completed: return complete_instrument(c);
        case NoticeKind::charged: return apply_fee(c);
        default: return note_only(c);
    }
}

Result<NoticeVerdict> keep_unmatched(Transaction& tx,
                                     const Workshop& shop,
                                     const std::string& connector,
                                     const Notice& notice) {
    if (!is_readable(notice)) return NoticeVerdict::amount_mismatch;
    const ConnectorEntry* const entry = shop.connectors.find(connector);
    if (entry == nullptr) return Error(ErrorCode::not_found, "connector " + connector);
    const Result<void> alone = lock_unmatched(tx, connector);
    if (!alone) return alone.error();
    Result<Identified> found = identify_receipt(tx, connector, notice);
    if (!found) return found.error();
    Records records(tx, shop, nullptr);
    if (found->known) return hear_again(records, notice, nullptr, nullptr, *std::move(found));
    ReceiptRow receipt = new_receipt(shop, connector, notice, *found);
    receipt.livemode = entry->connector->capability().livemode;
    receipt.reason = ReceiptReason::unmatched;
    receipt.state = ReceiptState::held;
    receipt.apart = receipt.amount.minor_units();
    const Result<void> booked = book_receipt(records, nullptr, nullptr, receipt);
    if (!booked) return booked.error();
    const Result<void> inserted = insert_receipt(tx, receipt);
    if (!inserted) return inserted.error();
    const Result<void> told = tell(records, nullptr, receipt, *found, notice);
    if (!told) return told.error();
    log(LogLevel::warning,
        "receipt_unmatched",
        {{"connector", connector}, {"receipt", to_text("rcp", receipt.id)}});
    return NoticeVerdict::unknown_reference;
}

}  // namespace causeway::gateway
