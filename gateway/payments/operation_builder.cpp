// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/operation_builder.h"

#include "gateway/collections/collection_facts.h"
#include "gateway/payments/disputes.h"
#include "gateway/payments/operations_store.h"
#include "gateway/vault/tokens_store.h"

namespace causeway::gateway {
namespace {

using connectors::OperationKind;
using ledger::Transaction;

std::optional<connectors::Original> original_of(const std::optional<OperationRow>& row) {
    if (!row) return std::nullopt;
    return connectors::Original{.kind = row->kind,
                                .reference = row->reference,
                                .approval_code = row->approval_code,
                                .amount = row->amount};
}

connectors::Operation describe(const OperationRow& row,
                               const std::optional<OperationRow>& original) {
    return connectors::Operation{.kind = row.kind,
                                 .reference = row.reference,
                                 .amount = row.amount,
                                 .payment_id = to_text("pay", row.payment),
                                 .card = std::nullopt,
                                 .original = original_of(original),
                                 .reason = row.reason,
                                 .repeat = row.tries > 1};
}

Result<std::optional<OperationRow>> load_original(Transaction& tx, const OperationRow& row) {
    std::optional<OperationRow> original;
    if (!row.original) return original;
    Result<OperationRow> loaded = load_operation(tx, *row.original);
    if (!loaded) return loaded.error();
    original = *std::move(loaded);
    return original;
}

bool opens_a_case(OperationKind kind) {
    return kind == OperationKind::authorise || kind == OperationKind::sale;
}

// A reference may say what it is of: a charge at once or one with a due date. Who pays it never
// does.
Result<std::optional<connectors::Collection>> terms_of(Transaction& tx, const OperationRow& row) {
    if (row.kind != OperationKind::collect) return std::optional<connectors::Collection>();
    Result<CollectionRow> collection = load_collection(tx, row.payment);
    if (!collection) return collection.error();
    return std::optional(
        connectors::Collection{.payer = {}, .terms = std::move(collection->terms)});
}

// Ranges keep two processes from one number; should it happen all the same, another is taken.
Result<void> number_and_insert(Records& records,
                               const std::optional<OperationRow>& original,
                               const std::optional<connectors::Collection>& terms,
                               OperationRow& row) {
    constexpr int kTries = 3;
    const Workshop& shop = records.shop();
    const ConnectorEntry& entry = *shop.connectors.find(row.connector);
    Result<void> inserted;
    for (int tried = 0; tried < kTries; ++tried) {
        const Result<std::int64_t> sequence = shop.sequences.next(records.tx(), row.connector);
        if (!sequence) return sequence.error();
        row.sequence = *sequence;
        connectors::Operation described = describe(row, original);
        described.collection = terms;
        row.reference = entry.connector->make_reference(*sequence, row.created_at, described);
        inserted = records.add(row);
        if (inserted || inserted.error().code() != ErrorCode::conflict) return inserted;
        shop.sequences.distrust(row.connector);
    }
    return inserted;
}

// A receipt that goes back is known by its own name, whatever else its instrument was paid by.
Result<void> name_receipt(Transaction& tx,
                          const OperationRow& row,
                          connectors::Operation& operation) {
    if (!row.subject.starts_with("rcp_") || !operation.original) return {};
    const Result<Uuid> receipt = parse_id("rcp", row.subject);
    if (!receipt) return receipt.error();
    Result<ReceiptRow> paid = load_receipt(tx, *receipt);
    if (!paid) return paid.error();
    operation.original->approval_code = std::move(paid->identity);
    return {};
}

}  // namespace

Result<OperationRow> open_operation(Records& records,
                                    const Payment& payment,
                                    const NewOperation& wanted) {
    const Workshop& shop = records.shop();
    const ConnectorEntry* const entry = shop.connectors.find(payment.connector);
    if (entry == nullptr) return Error(ErrorCode::not_found, "connector " + payment.connector);
    const Timestamp now = shop.clock.now();
    OperationRow row{.amount = wanted.amount};
    row.id = shop.ids.next();
    row.payment = payment.id;
    row.subject = wanted.subject;
    row.kind = wanted.kind;
    row.connector = payment.connector;
    if (wanted.original) row.original = wanted.original->id;
    row.reason = wanted.reason;
    row.tries = wanted.leased ? 1 : 0;
    row.next_try = wanted.leased ? now + entry->lease : now;
    if (wanted.leased) row.worker = worker_of(shop);
    row.created_at = now;
    const Result<std::optional<connectors::Collection>> terms = terms_of(records.tx(), row);
    if (!terms) return terms.error();
    const Result<void> inserted = number_and_insert(records, wanted.original, *terms, row);
    if (!inserted) return inserted.error();
    return row;
}

Result<Send> make_send(Transaction& tx,
                       const Workshop& shop,
                       const Payment& payment,
                       const OperationRow& row) {
    const Result<std::optional<OperationRow>> original = load_original(tx, row);
    if (!original) return original.error();
    return make_send_about(tx, shop, payment, row, *original);
}

Result<Send> make_send_about(Transaction& tx,
                             const Workshop& shop,
                             const Payment& payment,
                             const OperationRow& row,
                             const std::optional<OperationRow>& original) {
    Send send{.row = row, .operation = describe(row, original)};
    // Increments have raised what the provider holds under the authorisation's reference.
    const bool stands = original && original->kind == OperationKind::authorise &&
                        original->state == OperationState::approved;
    if (stands && row.kind != OperationKind::increment) {
        send.operation.original->amount =
            ledger::Money(payment.authorised, original->amount.currency());
    }
    if (row.kind == OperationKind::represent || row.kind == OperationKind::concede) {
        Result<connectors::DisputeOperation> told = dispute_operation(tx, shop, row);
        if (!told) return told.error();
        send.dispute = *std::move(told);
        return send;
    }
    if (row.kind == OperationKind::collect || row.kind == OperationKind::withdraw) {
        Result<connectors::Collection> facts = collection_of(tx, shop, payment);
        if (!facts) return facts.error();
        send.operation.collection = *std::move(facts);
        return send;
    }
    if (row.subject.starts_with("rcp_")) {
        const Result<void> named = name_receipt(tx, row, send.operation);
        if (!named) return named.error();
        return send;
    }
    if (payment.method == "card") {
        const Scope scope{.merchant = payment.merchant, .livemode = payment.livemode};
        Result<ChargeableCard> card = chargeable_card(tx, shop.vault, payment.token, scope);
        // What follows an authorisation is known by its reference and goes without a card that
        // does not open any more: a lost vault key must not keep money in doubt.
        if (!card && opens_a_case(row.kind)) return card.error();
        if (card) send.operation.card = std::move(card->card);
        if (opens_a_case(row.kind)) {
            send.operation.card->cvc = shop.cvcs.find(payment.token, shop.clock.now());
            send.token = payment.token;
        }
    }
    return send;
}

Result<connectors::StatementKey> statement_key_of(Transaction& tx,
                                                  const Workshop& shop,
                                                  const OperationRow& row) {
    const ConnectorEntry* const entry = shop.connectors.find(row.connector);
    if (entry == nullptr) return Error(ErrorCode::not_found, "connector " + row.connector);
    const Result<std::optional<OperationRow>> original = load_original(tx, row);
    if (!original) return original.error();
    connectors::Operation operation = describe(row, *original);
    const Result<void> named = name_receipt(tx, row, operation);
    if (!named) return named.error();
    return entry->connector->statement_key(operation);
}

}  // namespace causeway::gateway
