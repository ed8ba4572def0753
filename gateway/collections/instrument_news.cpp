// SPDX-License-Identifier: Apache-2.0
#include "gateway/collections/instrument_news.h"

#include "gateway/collections/next_action.h"
#include "gateway/collections/receipt_books.h"
#include "gateway/collections/receipt_identity.h"
#include "gateway/payments/disputes.h"
#include "gateway/payments/disputes_store.h"
#include "gateway/payments/operations_store.h"

#include <algorithm>

namespace causeway::gateway {
namespace {

using ledger::Money;

Result<NoticeVerdict> remember(CollectionCase& c, NoticeVerdict verdict) {
    const Result<void> told =
        insert_instrument_telling(c.tx, c.connector, c.notice, c.shop.clock.now());
    if (!told) return told.error();
    return verdict;
}

// The parts of a receipt that go back.
struct ReturnedParts {
    std::int64_t apart = 0;
    std::int64_t credited = 0;
    std::int64_t surcharge = 0;
};

bool stands_apart(const ReceiptRow& receipt) {
    return receipt.state == ReceiptState::held || receipt.state == ReceiptState::refund_due;
}

// Nothing when the amount does not follow from the receipt: a person looks.
std::optional<ReturnedParts> parts_of(const ReceiptRow& receipt, std::int64_t amount) {
    if (receipt.state == ReceiptState::returned) return std::nullopt;
    const std::int64_t apart = stands_apart(receipt) ? receipt.apart : 0;
    ReturnedParts parts;
    if (amount == receipt.amount.minor_units() &&
        apart + receipt.credited + receipt.surcharge == amount) {
        return ReturnedParts{
            .apart = apart, .credited = receipt.credited, .surcharge = receipt.surcharge};
    }
    // A part of it, such as what was still on an account when a fraud was reported.
    if (apart > 0 || amount > receipt.credited + receipt.surcharge) return std::nullopt;
    parts.credited = std::min(amount, receipt.credited);
    parts.surcharge = amount - parts.credited;
    return parts;
}

Result<void> take_from_merchant(CollectionCase& c, const ReceiptRow& receipt, ReturnedParts parts) {
    if (parts.surcharge > 0) {
        Result<void> returned =
            book_surcharge_returned(c.records, c.payment, c.row, receipt, parts.surcharge);
        if (!returned) return returned;
    }
    if (parts.credited == 0) return {};
    connectors::Notice opened = c.notice;
    opened.case_id = c.notice.id;
    const Money amount(parts.credited, receipt.amount.currency());
    Result<void> taken = open_dispute(c.records, c.payment, c.row, opened, amount);
    if (!taken) return taken;
    Result<std::optional<Dispute>> dispute = find_dispute(c.tx, c.connector, opened.case_id);
    if (!dispute) return dispute.error();
    if (!*dispute) return Error(ErrorCode::not_found, "dispute of " + opened.case_id);
    return lose_dispute(c.records, c.payment, **dispute);
}

Result<NoticeVerdict> take_back(CollectionCase& c, ReceiptRow receipt) {
    if (receipt.amount.currency() != c.notice.amount->currency()) {
        return NoticeVerdict::currency_mismatch;
    }
    const std::optional<ReturnedParts> parts = parts_of(receipt, c.notice.amount->minor_units());
    // For a person, and for good: compared again later it might fit by chance.
    if (!parts) return NoticeVerdict::amount_mismatch;
    if (c.payment.disputed + parts->credited > c.payment.captured) {
        return NoticeVerdict::amount_mismatch;
    }
    c.records.because(c.notice.reason);
    if (parts->apart > 0) {
        const Result<void> booked = book_receipt_given_back(c.records, receipt, nullptr, "");
        if (!booked) return booked.error();
    }
    const Result<void> taken = take_from_merchant(c, receipt, *parts);
    if (!taken) return taken.error();
    if (*c.notice.amount == receipt.amount) receipt.state = ReceiptState::returned;
    receipt.note = c.notice.reason;
    const Result<void> stored = update_receipt(c.tx, receipt);
    if (!stored) return stored.error();
    c.records.note("receipt",
                   to_text("rcp", receipt.id),
                   "returned",
                   c.notice.amount->to_string() + " " + c.notice.reason);
    return remember(c, NoticeVerdict::applied);
}

// It was paid by a code that others had paid before.
Result<NoticeVerdict> take_back_of_sale(CollectionCase& c, ReceiptRow receipt) {
    Result<Payment> payment = load_payment(c.tx, *receipt.payment);
    if (!payment) return payment.error();
    Result<OperationRow> charge = load_operation(c.tx, *receipt.operation);
    if (!charge) return charge.error();
    Records records(c.tx, c.shop, nullptr);
    CollectionCase sale{c.tx, c.shop, records, c.connector, c.notice, *payment, *charge};
    const Result<NoticeVerdict> taken = take_back(sale, std::move(receipt));
    if (!taken) return taken;
    c.work_left = c.work_left || sale.work_left;
    const Result<void> told = records.finish(payment->id);
    if (!told) return told.error();
    return taken;
}

}  // namespace

Result<NoticeVerdict> apply_fee(CollectionCase& c) {
    if (!c.notice.amount || !c.notice.amount->is_positive() || !c.notice.receipt) {
        return NoticeVerdict::amount_mismatch;
    }
    if (c.notice.amount->currency() != c.payment.amount.currency()) {
        return NoticeVerdict::currency_mismatch;
    }
    const Result<bool> first = is_first_telling(c.tx, c.connector, c.notice, kTellingDaysMax);
    if (!first) return first.error();
    if (!*first) return remember(c, NoticeVerdict::duplicate);
    c.records.because(c.notice.reason);
    const Result<void> booked = book_provider_fee(c.records, c.payment, c.row, *c.notice.amount);
    if (!booked) return booked.error();
    c.records.note("fee",
                   to_text("op", c.row.id),
                   "charged",
                   c.notice.amount->to_string() + " " + c.notice.reason);
    return remember(c, NoticeVerdict::applied);
}

Result<NoticeVerdict> complete_instrument(CollectionCase& c) {
    c.records.note("instrument", to_text("op", c.row.id), "told", c.notice.reason);
    Result<CollectionRow> collection = load_collection(c.tx, c.payment.id);
    if (!collection) return collection.error();
    const std::optional<connectors::Instrument>& told = c.notice.answer.instrument;
    // Another instrument may have taken its place.
    if (!told || collection->operation != c.row.id) return NoticeVerdict::applied;
    const auto is_known = [&](const auto& detail) {
        return std::ranges::any_of(collection->instrument.details,
                                   [&](const auto& old) { return old.first == detail.first; });
    };
    for (const auto& detail : told->details)
        if (!is_known(detail)) collection->instrument.details.push_back(detail);
    const Result<void> put = put_collection(c.tx, *collection);
    if (!put) return put.error();
    if (c.payment.next_action.empty()) return NoticeVerdict::applied;
    c.payment.next_action = render_next_action(c.shop, c.payment, *collection);
    c.payment.updated_at = c.shop.clock.now();
    const Result<void> stored = c.records.save(c.payment);
    if (!stored) return stored.error();
    return NoticeVerdict::applied;
}

Result<NoticeVerdict> apply_returned(CollectionCase& c) {
    if (!c.notice.receipt || !c.notice.amount || !c.notice.amount->is_positive()) {
        return NoticeVerdict::amount_mismatch;
    }
    const Result<bool> first = is_first_telling(c.tx, c.connector, c.notice, kTellingDaysMax);
    if (!first) return first.error();
    if (!*first) return remember(c, NoticeVerdict::duplicate);
    Result<std::optional<ReceiptRow>> known = identify_returned(c.tx, c.connector, c.notice);
    if (!known) return known.error();
    // It may have come before the news of the money itself.
    if (!*known) return NoticeVerdict::move_not_allowed;
    if ((*known)->payment == c.payment.id || !(*known)->payment) {
        return take_back(c, **std::move(known));
    }
    return take_back_of_sale(c, **std::move(known));
}

}  // namespace causeway::gateway
