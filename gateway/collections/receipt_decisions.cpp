// SPDX-License-Identifier: Apache-2.0
#include "gateway/collections/receipt_books.h"
#include "gateway/collections/receipts.h"
#include "gateway/collections/repeat_sale.h"
#include "gateway/payments/operations_store.h"
#include "gateway/reconcile/reconcile_store.h"

namespace causeway::gateway {

using ledger::Money;
using ledger::Transaction;

namespace {

// `part` is what stood apart.
Result<void> settle(
    Records& records, ReceiptRow& receipt, Money part, ReceiptState state, std::string note) {
    receipt.state = state;
    receipt.note = std::move(note);
    Result<void> stored = update_receipt(records.tx(), receipt);
    if (!stored) return stored;
    records.note("receipt", to_text("rcp", receipt.id), to_string(state), part.to_string());
    return {};
}

std::string reasoned(const ReceiptDecision& decision) {
    std::string note = decision.reason;
    if (!decision.by.empty()) note += " (by " + decision.by + ")";
    if (!decision.sent_back_as.empty()) note += ", sent back as " + decision.sent_back_as;
    return note;
}

Error no_rate() {
    return Error(ErrorCode::conflict, "there is no rate to convert it at: later, or send it back");
}

// What of it stood apart becomes the payment's, which is stored.
Result<void> give(
    Records& records, Payment& payment, OperationRow charge, ReceiptRow& receipt, bool completes) {
    const bool first = payment.captured == 0;
    const Result<void> booked = book_receipt_credited(records, payment, charge, receipt);
    if (!booked) return booked.error();
    // What came in first names the payment for refunds; one may be under way by that name.
    if (first && receipt.credited > 0) {
        charge.approval_code = receipt.identity;
        Result<void> named = records.save(charge);
        if (!named) return named;
    }
    const bool full = completes || payment.captured == payment.amount.minor_units();
    if (full) payment.capture_closed = true;
    if (full) payment.expires_at.reset();
    const PaymentEvent event =
        full ? PaymentEvent::captured_in_full : PaymentEvent::captured_in_part;
    if (payment.status.allows(event)) {
        Result<void> moved = payment.status.apply(event);
        if (!moved) return moved;
    }
    payment.updated_at = records.shop().clock.now();
    return records.save(payment);
}

// What is the payment's after all: as if it had been paid now, in the amount that came.
Result<void> credit_apart(Records& records, Payment& payment, ReceiptRow& receipt) {
    const Result<OperationRow> charge = load_operation(records.tx(), *receipt.operation);
    if (!charge) return charge.error();
    const bool open = payment.status == PaymentStatus::requires_action ||
                      payment.status == PaymentStatus::expired ||
                      payment.status == PaymentStatus::partially_captured ||
                      payment.status == PaymentStatus::succeeded;
    if (!open) {
        return Error(ErrorCode::conflict,
                     "the payment is " + std::string(to_string(payment.status)) +
                         ": its money can only go back");
    }
    const bool converted = payment.settlement_currency != payment.amount.currency();
    const std::int64_t lacks = payment.amount.minor_units() - payment.captured;
    if (converted && receipt.apart > lacks) {
        return Error(ErrorCode::conflict,
                     "more than the payment lacks is not converted: send it back");
    }
    if (receipt.reason == ReceiptReason::rate_over && payment.captured > 0) {
        return Error(ErrorCode::conflict,
                     "some of the payment was converted at another rate: send it back");
    }
    if (receipt.reason == ReceiptReason::rate_over) {
        const Result<bool> quoted = quote_today(records, payment);
        if (!quoted) return quoted.error();
        if (!*quoted) return no_rate();
    }
    return give(records, payment, *charge, receipt, false);
}

// The buyer of a code that others had paid before bought once more, for what he has paid: nobody
// can pay the rest of this sale.
Result<void> sell_apart(Records& records,
                        const Payment& first,
                        const CollectionRow& collection,
                        ReceiptRow& receipt,
                        const std::string& why) {
    const Workshop& shop = records.shop();
    Payment payment = repeat_of(first, shop);
    const bool converted = payment.settlement_currency != payment.amount.currency();
    if (converted && receipt.apart > payment.amount.minor_units()) {
        return Error(ErrorCode::conflict,
                     "more than the code asks for is not converted: send it back");
    }
    Records sale(records.tx(), shop, nullptr);
    sale.because(why);
    const Result<std::optional<OperationRow>> charge = open_repeat_sale(sale, payment, collection);
    if (!charge) return charge.error();
    if (!*charge) return no_rate();
    receipt.payment = payment.id;
    receipt.operation = (*charge)->id;
    const std::string name = to_text("rcp", receipt.id);
    sale.note("receipt", name, "sold_again", "by the code of " + to_text("pay", first.id));
    records.note("receipt", name, "sold_again", to_text("pay", payment.id));
    Result<void> given = give(sale, payment, **charge, receipt, true);
    if (!given) return given;
    Result<void> moved = give_expectation(
        records.tx(),
        {.connector = receipt.connector, .provider_reference = receipt.reference, .source = name},
        payment.id);
    if (!moved) return moved;
    return sale.finish(payment.id);
}

// None of it is the sale's under which it stands, by a code that sells many times.
Result<std::optional<CollectionRow>> code_of_next_sale(Transaction& tx,
                                                       const Payment& payment,
                                                       const ReceiptRow& receipt) {
    if (payment.captured == 0 || receipt.credited > 0 || !receipt.named) {
        return std::optional<CollectionRow>();
    }
    Result<CollectionRow> collection = load_collection(tx, payment.id);
    if (!collection) return collection.error();
    if (!collection->terms.reusable) return std::optional<CollectionRow>();
    return std::optional(*std::move(collection));
}

Result<void> credit(Records& records,
                    Payment& payment,
                    ReceiptRow& receipt,
                    const std::string& why) {
    const Result<std::optional<CollectionRow>> code =
        code_of_next_sale(records.tx(), payment, receipt);
    if (!code) return code.error();
    return *code ? sell_apart(records, payment, **code, receipt, why)
                 : credit_apart(records, payment, receipt);
}

Result<ReceiptRow> decide(Records& records,
                          std::optional<Payment>& payment,
                          ReceiptRow receipt,
                          const ReceiptDecision& decision) {
    const Money part(receipt.apart, receipt.amount.currency());
    if (decision.decision == ReceiptPolicy::credit) {
        if (!payment) return Error(ErrorCode::conflict, "it belongs to no payment of ours");
        const Result<void> credited = credit(records, *payment, receipt, reasoned(decision));
        if (!credited) return credited.error();
        const Result<void> settled =
            settle(records, receipt, part, ReceiptState::credited, reasoned(decision));
        if (!settled) return settled.error();
        return receipt;
    }
    ReceiptState state = ReceiptState::held;
    if (decision.decision == ReceiptPolicy::refund) {
        const bool sent = !decision.sent_back_as.empty();
        state = sent ? ReceiptState::refunded : ReceiptState::refund_due;
        if (sent) {
            const Result<void> booked =
                book_receipt_given_back(records, receipt, nullptr, decision.sent_back_as);
            if (!booked) return booked.error();
        }
    }
    const Result<void> settled = settle(records, receipt, part, state, reasoned(decision));
    if (!settled) return settled.error();
    return receipt;
}

}  // namespace

Result<ReceiptRow> decide_receipt(Transaction& tx,
                                  const Workshop& shop,
                                  const ReceiptDecision& decision) {
    if (decision.reason.empty()) return Error(ErrorCode::invalid_argument, "a reason is required");
    Result<ReceiptRow> receipt = load_receipt(tx, decision.receipt);
    if (!receipt) return receipt.error();
    const bool apart =
        receipt->state == ReceiptState::held || receipt->state == ReceiptState::refund_due;
    if (!apart) {
        return Error(ErrorCode::conflict,
                     "nothing of it stands apart: it is " + std::string(to_string(receipt->state)));
    }
    std::optional<Payment> payment;
    if (receipt->payment) {
        Result<Payment> loaded = load_payment(tx, *receipt->payment);
        if (!loaded) return loaded.error();
        payment = *std::move(loaded);
    }
    Records records(tx, shop, nullptr);
    records.because(reasoned(decision));
    Result<ReceiptRow> decided = decide(records, payment, *std::move(receipt), decision);
    if (!decided) return decided;
    if (payment) {
        const Result<void> told = records.finish(payment->id);
        if (!told) return told.error();
    }
    return decided;
}

Result<void> end_receipt_refund(Records& records,
                                const OperationRow& row,
                                bool approved,
                                std::string_view code) {
    const Result<Uuid> id = parse_id("rcp", row.subject);
    if (!id) return id.error();
    Result<ReceiptRow> receipt = load_receipt(records.tx(), *id);
    if (!receipt) return receipt.error();
    const Money part(receipt->apart, receipt->amount.currency());
    if (!approved) {
        return settle(records,
                      *receipt,
                      part,
                      ReceiptState::refund_due,
                      "the provider would not send it back: " + std::string(code));
    }
    Result<void> booked = book_receipt_given_back(records, *receipt, &row, "");
    if (!booked) return booked;
    return settle(records, *receipt, part, ReceiptState::refunded, row.reference);
}

}  // namespace causeway::gateway
