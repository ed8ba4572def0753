// SPDX-License-Identifier: Apache-2.0
#include "gateway/collections/receipt_books.h"

#include "gateway/books/postings.h"
#include "gateway/payments/earnings.h"
#include "gateway/payments/operation_builder.h"
#include "gateway/reconcile/reconcile_store.h"

#include <utility>

namespace causeway::gateway {
namespace {

using ledger::Line;
using ledger::Money;

Parties parties_of(const ReceiptRow& receipt, const Payment* payment) {
    return {.connector = receipt.connector,
            .merchant = payment == nullptr ? "" : to_text("mer", payment->merchant),
            .livemode = receipt.livemode};
}

Result<void> post(Records& records,
                  const ReceiptRow& receipt,
                  std::string_view kind,
                  Timestamp effective,
                  std::vector<Line> lines) {
    const Workshop& shop = records.shop();
    const ledger::Entry entry{.id = shop.ids.next(),
                              .kind = std::string(kind),
                              .reference = to_text("rcp", receipt.id),
                              .effective = effective,
                              .recorded = shop.clock.now(),
                              .lines = std::move(lines)};
    const Result<ledger::Posted> posted = shop.journal.post(records.tx(), entry);
    if (!posted) return posted.error();
    records.posted(entry.id);
    return {};
}

// The buyer paid on a day of the provider's; its first moment is as near as we know.
Timestamp effective_of(const ReceiptRow& receipt, Timestamp now) {
    return std::min(now, Timestamp(receipt.paid_on));
}

Result<void> credit(Records& records,
                    Payment& payment,
                    const OperationRow& charge,
                    ReceiptRow& receipt,
                    std::int64_t part) {
    if (part == 0) return {};
    const ledger::Currency currency = payment.amount.currency();
    Capture capture{.amount = Money(part, currency)};
    capture.id = records.shop().ids.next();
    capture.payment = payment.id;
    capture.created_at = records.shop().clock.now();
    const Result<Booked> booked =
        book_collected(records.tx(), records.shop(), payment, capture, charge);
    if (!booked) return booked.error();
    records.posted(booked->entry);
    capture.balance_transaction = booked->movement;
    payment.captured += part;
    payment.authorised = payment.captured;
    capture.final_capture = payment.captured == payment.amount.minor_units();
    const Result<void> done = capture.status.apply(PartEvent::succeeded);
    if (!done) return done.error();
    receipt.capture = capture.id;
    return records.add(capture, payment);
}

Result<void> surcharge(Records& records,
                       const Payment& payment,
                       const OperationRow& charge,
                       const ReceiptRow& receipt,
                       std::int64_t part) {
    if (part == 0) return {};
    const Result<Booked> booked = book_surcharge(records.tx(),
                                                 records.shop(),
                                                 payment,
                                                 charge,
                                                 Money(part, payment.amount.currency()),
                                                 to_text("rcp", receipt.id));
    if (!booked) return booked.error();
    records.posted(booked->entry);
    return {};
}

// One row of the provider's file will stand for the whole receipt.
Result<void> expect(Records& records,
                    const ReceiptRow& receipt,
                    const OperationRow* operation,
                    ExpectationKind kind,
                    Money amount,
                    std::int64_t cost) {
    const Workshop& shop = records.shop();
    std::string reference = receipt.reference;
    std::string modification = receipt.identity;
    if (operation != nullptr) {
        const Result<connectors::StatementKey> key =
            statement_key_of(records.tx(), shop, *operation);
        if (!key) return key.error();
        reference = key->provider_reference;
        if (!key->modification_reference.empty()) modification = key->modification_reference;
    }
    return insert_expectation(records.tx(),
                              {.id = shop.ids.next(),
                               .connector = receipt.connector,
                               .kind = kind,
                               .provider_reference = reference,
                               .modification_reference = modification,
                               .source = to_text("rcp", receipt.id),
                               .payment_id = receipt.payment,
                               .amount = amount,
                               .cost = cost,
                               .day = receipt.credited_on.value_or(receipt.paid_on),
                               .created = shop.clock.now()});
}

// What the provider keeps of a receipt.
struct Cost {
    std::int64_t amount = 0;
    bool told = false;
};

// Its books follow the receipt's name and days, and its cost becomes `cost`. Once the provider has
// settled it, its settlement has the last word on that.
Result<void> book_cost(Records& records, Payment* payment, ReceiptRow& receipt, Cost cost) {
    const Result<bool> open =
        correct_expectation(records.tx(),
                            {.connector = receipt.connector,
                             .provider_reference = receipt.reference,
                             .source = to_text("rcp", receipt.id),
                             .modification_reference = receipt.identity,
                             .cost = cost.amount,
                             .day = receipt.credited_on.value_or(receipt.paid_on)});
    if (!open) return open.error();
    if (!*open) return {};
    receipt.cost_told = cost.told;
    const std::int64_t more = cost.amount - std::exchange(receipt.cost, cost.amount);
    if (more == 0) return {};
    return post(
        records,
        receipt,
        "provider_fee",
        records.shop().clock.now(),
        provider_cost_lines(parties_of(receipt, payment), Money(more, receipt.amount.currency())));
}

}  // namespace

Result<void> book_receipt(Records& records,
                          Payment* payment,
                          const OperationRow* charge,
                          ReceiptRow& receipt) {
    const Timestamp now = records.shop().clock.now();
    if (payment != nullptr && charge != nullptr) {
        const Result<void> credited = credit(records, *payment, *charge, receipt, receipt.credited);
        if (!credited) return credited;
        const Result<void> more = surcharge(records, *payment, *charge, receipt, receipt.surcharge);
        if (!more) return more;
    }
    const ledger::Currency currency = receipt.amount.currency();
    const Parties parties = parties_of(receipt, payment);
    if (receipt.apart > 0) {
        const Result<void> held =
            post(records,
                 receipt,
                 "receipt_apart",
                 effective_of(receipt, now),
                 receipt_apart_lines(parties, Money(receipt.apart, currency)));
        if (!held) return held;
    }
    if (receipt.cost > 0) {
        const Result<void> paid = post(records,
                                       receipt,
                                       "provider_fee",
                                       effective_of(receipt, now),
                                       provider_cost_lines(parties, Money(receipt.cost, currency)));
        if (!paid) return paid;
    }
    return expect(
        records, receipt, nullptr, ExpectationKind::settled, receipt.amount, receipt.cost);
}

Result<void> book_receipt_credited(Records& records,
                                   Payment& payment,
                                   const OperationRow& charge,
                                   ReceiptRow& receipt) {
    const Money apart(receipt.apart, receipt.amount.currency());
    const Result<void> released =
        post(records,
             receipt,
             "receipt_released",
             records.shop().clock.now(),
             receipt_released_lines(parties_of(receipt, &payment), apart));
    if (!released) return released;
    const std::int64_t lacks = payment.amount.minor_units() - payment.captured;
    const std::int64_t part = std::clamp<std::int64_t>(lacks, 0, receipt.apart);
    const Result<void> credited = credit(records, payment, charge, receipt, part);
    if (!credited) return credited;
    receipt.credited += part;
    const std::int64_t rest = std::exchange(receipt.apart, 0) - part;
    receipt.surcharge += rest;
    return surcharge(records, payment, charge, receipt, rest);
}

Result<void> book_receipt_given_back(Records& records,
                                     const ReceiptRow& receipt,
                                     const OperationRow* operation,
                                     std::string_view name) {
    const Money apart(receipt.apart, receipt.amount.currency());
    const Result<void> released = post(records,
                                       receipt,
                                       "receipt_given_back",
                                       records.shop().clock.now(),
                                       receipt_released_lines(parties_of(receipt, nullptr), apart));
    if (!released) return released;
    ReceiptRow named = receipt;
    if (!name.empty()) named.identity = name;
    return expect(records, named, operation, ExpectationKind::refunded, apart, 0);
}

Result<void> complete_receipt(Records& records,
                              Payment* payment,
                              OperationRow* charge,
                              ReceiptRow& receipt,
                              const connectors::Receipt& told) {
    const bool named = !told.identity.empty() && !receipt.named;
    const bool dated = told.credited_on && !receipt.credited_on;
    const bool priced = told.cost && !receipt.cost_told;
    if (!named && !dated && !priced) return {};
    // Refunds name what came in by its name.
    const bool names_charge = charge != nullptr && charge->approval_code == receipt.identity;
    if (named) {
        receipt.identity = told.identity;
        receipt.paid_on = told.paid_on;
    }
    receipt.named = receipt.named || named;
    if (dated) receipt.credited_on = told.credited_on;
    const Result<void> costs =
        book_cost(records,
                  payment,
                  receipt,
                  {.amount = priced ? told.cost->minor_units() : receipt.cost,
                   .told = priced || receipt.cost_told});
    if (!costs) return costs;
    if (named && names_charge) {
        charge->approval_code = receipt.identity;
        const Result<void> renamed = records.save(*charge);
        if (!renamed) return renamed;
    }
    return update_receipt(records.tx(), receipt);
}

Result<void> correct_receipt(Records& records,
                             Payment* payment,
                             const Telling& lost,
                             std::int64_t cost) {
    Result<ReceiptRow> receipt = load_receipt(records.tx(), lost.receipt);
    if (!receipt) return receipt.error();
    const Result<std::vector<Telling>> told = tellings_of(records.tx(), receipt->id);
    if (!told) return told.error();
    Cost known{.amount = receipt->cost, .told = receipt->cost_told};
    if (lost.cost) known = {.amount = cost, .told = false};
    if (lost.credited_on) receipt->credited_on.reset();
    // Who came first has the last word.
    for (auto each = told->rbegin(); each != told->rend(); ++each) {
        if (each->cost) known = {.amount = *each->cost, .told = true};
        if (each->credited_on) receipt->credited_on = each->credited_on;
    }
    const Result<void> costs = book_cost(records, payment, *receipt, known);
    if (!costs) return costs;
    return update_receipt(records.tx(), *receipt);
}

Result<void> book_surcharge_returned(Records& records,
                                     const Payment& payment,
                                     const OperationRow& charge,
                                     const ReceiptRow& receipt,
                                     std::int64_t part) {
    return surcharge(records, payment, charge, receipt, -part);
}

Result<void> book_provider_fee(Records& records,
                               const Payment& payment,
                               const OperationRow& charge,
                               Money fee) {
    const Workshop& shop = records.shop();
    const Timestamp now = shop.clock.now();
    const Parties parties{.connector = charge.connector,
                          .merchant = to_text("mer", payment.merchant),
                          .livemode = payment.livemode};
    const ledger::Entry entry{.id = shop.ids.next(),
                              .kind = "provider_fee",
                              .reference = to_text("op", charge.id),
                              .effective = now,
                              .recorded = now,
                              .lines = provider_cost_lines(parties, fee)};
    const Result<ledger::Posted> posted = shop.journal.post(records.tx(), entry);
    if (!posted) return posted.error();
    records.posted(entry.id);
    return {};
}

}  // namespace causeway::gateway
