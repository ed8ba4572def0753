// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/earnings.h"

#include "fx/quote.h"
#include "fx/quotes_store.h"
#include "gateway/books/postings.h"
#include "gateway/merchants/merchants_store.h"
#include "gateway/payments/drawdown.h"
#include "gateway/payments/money_store.h"
#include "gateway/payments/operation_builder.h"
#include "gateway/reconcile/reconcile_store.h"

namespace causeway::gateway {
namespace {

using ledger::Money;
using ledger::Transaction;

// What a part of the presentment amount becomes for the merchant.
struct Share {
    Money settlement;
    std::optional<Exchange> exchange;
    std::optional<std::string> mid_rate;
    std::optional<std::string> exchange_rate;

    [[nodiscard]] std::optional<Money> taken_for() const {
        if (!exchange) return std::nullopt;
        return Money(exchange->mid_value, settlement.currency());
    }
    [[nodiscard]] std::int64_t fx_fee() const {
        return exchange ? exchange->mid_value - settlement.minor_units() : 0;
    }
};

Parties parties_of(const Payment& payment) {
    return {.connector = payment.connector,
            .merchant = to_text("mer", payment.merchant),
            .livemode = payment.livemode};
}

// The stored quote is drawn down: a stretch is worth what the sum up to its end is less what the
// sum up to its start is, so that the parts always add up to the quoted target.
Result<Share> share_of(Transaction& tx,
                       const Payment& payment,
                       const std::vector<Stretch>& stretches) {
    if (!payment.quote)
        return Error(ErrorCode::integrity, "a payment across currencies has a quote");
    const Result<fx::Quote> quote = fx::load_quote(
        tx, {.merchant = payment.merchant, .livemode = payment.livemode}, *payment.quote);
    if (!quote) return quote.error();
    fx::QuotePart whole;
    for (const Stretch& one : stretches) {
        const Result<fx::QuotePart> drawn = fx::part_of(*quote, one.from, one.to - one.from);
        if (!drawn) return drawn.error();
        whole.target += drawn->target;
        whole.mid_value += drawn->mid_value;
        whole.margin += drawn->margin;
        whole.fee += drawn->fee;
    }
    return Share{
        .settlement = Money(whole.target, quote->target.currency()),
        .exchange =
            Exchange{.mid_value = whole.mid_value, .margin = whole.margin, .fee = whole.fee},
        .mid_rate = quote->mid_rate.to_string(),
        .exchange_rate = quote->rate.to_string()};
}

bool is_converted(const Payment& payment) {
    return payment.settlement_currency != payment.amount.currency();
}

// Refunds and disputes draw the captured amount down together.
Result<Share> drawn_share_of(Transaction& tx, const Payment& payment, const Money& part) {
    if (!is_converted(payment)) return Share{.settlement = part};
    const Result<std::vector<Stretch>> stretches = next_stretches(tx, payment, part.minor_units());
    if (!stretches) return stretches.error();
    return share_of(tx, payment, *stretches);
}

Result<Share> captured_share_of(Transaction& tx, const Payment& payment, const Money& part) {
    if (!is_converted(payment)) return Share{.settlement = part};
    return share_of(
        tx, payment, {{.from = payment.captured, .to = payment.captured + part.minor_units()}});
}

struct Booking {
    const Payment& payment;
    const OperationRow& operation;
    const Money amount;  // Of presentment.
    const Share& share;
    std::string kind;
    std::string source;
    std::string type;
    ExpectationKind expected;
    std::int64_t sign;
    std::int64_t fee;
    std::int64_t cost;
    std::string case_id;  // The provider's, of a dispute.
    bool expects = true;  // Whether the provider's file will have a row for it.
};

// The rows that follow every confirmed movement, in one place.
Result<Booked> write(Transaction& tx,
                     const Workshop& shop,
                     const Booking& booking,
                     std::vector<ledger::Line> lines) {
    const Payment& payment = booking.payment;
    const OperationRow& operation = booking.operation;
    const Share& share = booking.share;
    const Timestamp now = shop.clock.now();
    const ledger::Entry entry{.id = shop.ids.next(),
                              .kind = booking.kind,
                              .reference = booking.source,
                              .effective = booking.case_id.empty() ? operation.created_at : now,
                              .recorded = now,
                              .lines = std::move(lines)};
    const Result<ledger::Posted> posted = shop.journal.post(tx, entry);
    if (!posted) return posted.error();

    const std::int64_t gross = booking.sign * share.settlement.minor_units();
    const std::int64_t presented = booking.sign * booking.amount.minor_units();
    const BalanceTransaction movement{
        .id = shop.ids.next(),
        .scope = {.merchant = payment.merchant, .livemode = payment.livemode},
        .type = booking.type,
        .amount = Money(gross, share.settlement.currency()),
        .fee = booking.fee,
        .fx_fee = booking.sign * share.fx_fee(),
        .mid_rate = share.mid_rate,
        .exchange_rate = share.exchange_rate,
        .presentment = Money(presented, booking.amount.currency()),
        .source = booking.source,
        .payment = payment.id,
        .entry = entry.id,
        .available_on = day_of(now) + std::chrono::days(2),
        .settlement = std::nullopt,
        .created_at = now};
    const Result<void> moved = insert_balance_transaction(tx, movement);
    if (!moved) return moved.error();
    const Result<connectors::StatementKey> key = statement_key_of(tx, shop, operation);
    if (!key) return key.error();
    const Expectation expected{
        .id = shop.ids.next(),
        .connector = operation.connector,
        .kind = booking.expected,
        .provider_reference = key->provider_reference,
        .modification_reference =
            booking.case_id.empty() ? key->modification_reference : booking.case_id,
        .source = booking.source,
        .payment_id = payment.id,
        .amount = booking.amount,
        .cost = booking.cost,
        .day = booking.case_id.empty() ? day_of(operation.created_at) : day_of(now),
        .batch = {},
        .run_id = {},
        .created = now,
        .taken_for = share.taken_for()};
    if (booking.expects) {
        const Result<void> inserted = insert_expectation(tx, expected);
        if (!inserted) return inserted.error();
    }
    return Booked{.movement = movement.id, .entry = entry.id, .expected = expected};
}

DisputeFacts facts_of(const Payment& payment, const Dispute& dispute, std::int64_t fee) {
    DisputeFacts facts{.parties = parties_of(payment),
                       .presentment = dispute.amount,
                       .settlement = dispute.share.settlement,
                       .fee = fee,
                       .exchange = std::nullopt};
    facts.parties.connector = dispute.connector;
    if (dispute.share.settlement.currency() != dispute.amount.currency()) {
        facts.exchange = Exchange{.mid_value = dispute.share.mid_value,
                                  .margin = dispute.share.margin,
                                  .fee = dispute.share.fee};
    }
    return facts;
}

// What a capture is by the way in which its money comes.
struct CaptureManner {
    std::int64_t cost = 0;
    bool expects = true;
};

Result<Booked> book_captured(Transaction& tx,
                             const Workshop& shop,
                             const Payment& payment,
                             const Capture& capture,
                             const OperationRow& operation,
                             const CaptureManner& manner) {
    const Result<Share> share = captured_share_of(tx, payment, capture.amount);
    if (!share) return share.error();
    const Result<Merchant> merchant = load_merchant(tx, payment.merchant);
    if (!merchant) return merchant.error();
    const Result<std::int64_t> fee = merchant->fee_of(share->settlement, payment.captured == 0);
    if (!fee) return fee.error();

    const CaptureFacts facts{.parties = parties_of(payment),
                             .presentment = capture.amount,
                             .provider_cost = manner.cost,
                             .settlement = share->settlement,
                             .fee = *fee,
                             .exchange = share->exchange};
    const Booking booking{.payment = payment,
                          .operation = operation,
                          .amount = operation.amount,
                          .share = *share,
                          .kind = "capture",
                          .source = to_text("cap", capture.id),
                          .type = "charge",
                          .expected = ExpectationKind::settled,
                          .sign = 1,
                          .fee = *fee,
                          .cost = manner.cost,
                          .case_id = {},
                          .expects = manner.expects};
    return write(tx, shop, booking, capture_lines(facts));
}

}  // namespace

Result<Booked> book_capture(Transaction& tx,
                            const Workshop& shop,
                            const Payment& payment,
                            const Capture& capture,
                            const OperationRow& operation) {
    const ConnectorEntry* const entry = shop.connectors.find(operation.connector);
    if (entry == nullptr) return Error(ErrorCode::not_found, "connector " + operation.connector);
    const Result<std::int64_t> cost = entry->cost.of(capture.amount);
    if (!cost) return cost.error();
    return book_captured(tx, shop, payment, capture, operation, {.cost = *cost});
}

Result<Booked> book_collected(Transaction& tx,
                              const Workshop& shop,
                              const Payment& payment,
                              const Capture& capture,
                              const OperationRow& operation) {
    return book_captured(tx, shop, payment, capture, operation, {.cost = 0, .expects = false});
}

Result<Booked> book_surcharge(Transaction& tx,
                              const Workshop& shop,
                              const Payment& payment,
                              const OperationRow& operation,
                              Money surcharge,
                              const std::string& source) {
    const Share share{.settlement = surcharge,
                      .exchange = std::nullopt,
                      .mid_rate = std::nullopt,
                      .exchange_rate = std::nullopt};
    const Booking booking{.payment = payment,
                          .operation = operation,
                          .amount = surcharge,
                          .share = share,
                          .kind = "surcharge",
                          .source = source,
                          .type = "adjustment",
                          .expected = ExpectationKind::settled,
                          .sign = 1,
                          .fee = 0,
                          .cost = 0,
                          .case_id = {},
                          .expects = false};
    return write(tx, shop, booking, surcharge_lines(parties_of(payment), surcharge));
}

Result<Booked> book_refund(Transaction& tx,
                           const Workshop& shop,
                           const Payment& payment,
                           const Refund& refund,
                           const OperationRow& operation) {
    const Result<Share> share = drawn_share_of(tx, payment, refund.amount);
    if (!share) return share.error();
    const RefundFacts facts{.parties = parties_of(payment),
                            .presentment = refund.amount,
                            .settlement = share->settlement,
                            .exchange = share->exchange};
    const Booking booking{.payment = payment,
                          .operation = operation,
                          .amount = operation.amount,
                          .share = *share,
                          .kind = "refund",
                          .source = to_text("ref", refund.id),
                          .type = "refund",
                          .expected = ExpectationKind::refunded,
                          .sign = -1,
                          .fee = 0,
                          .cost = 0,
                          .case_id = {}};
    return write(tx, shop, booking, refund_lines(facts));
}

Result<Booked> book_dispute(Transaction& tx,
                            const Workshop& shop,
                            const Payment& payment,
                            Dispute& dispute,
                            const OperationRow& charge) {
    const Result<Share> share = drawn_share_of(tx, payment, dispute.amount);
    if (!share) return share.error();
    dispute.share.settlement = share->settlement;
    if (share->exchange) {
        dispute.share.mid_value = share->exchange->mid_value;
        dispute.share.margin = share->exchange->margin;
        dispute.share.fee = share->exchange->fee;
    }
    const auto listed = shop.dispute_fees.find(std::string(share->settlement.currency().code()));
    const bool charged = dispute.round == 1 && listed != shop.dispute_fees.end();
    const std::int64_t fee = charged ? listed->second : 0;
    const Booking booking{.payment = payment,
                          .operation = charge,
                          .amount = dispute.amount,
                          .share = *share,
                          .kind = "dispute",
                          .source = to_text("dp", dispute.id),
                          .type = "dispute",
                          .expected = ExpectationKind::charged_back,
                          .sign = -1,
                          .fee = fee,
                          .cost = 0,
                          .case_id = dispute.case_id};
    return write(tx, shop, booking, dispute_lines(facts_of(payment, dispute, fee)));
}

Result<Booked> book_dispute_won(Transaction& tx,
                                const Workshop& shop,
                                const Payment& payment,
                                const Dispute& dispute,
                                const OperationRow& charge) {
    const DisputeFacts facts = facts_of(payment, dispute, 0);
    const Share share{.settlement = facts.settlement,
                      .exchange = facts.exchange,
                      .mid_rate = std::nullopt,
                      .exchange_rate = std::nullopt};
    const Booking booking{.payment = payment,
                          .operation = charge,
                          .amount = dispute.amount,
                          .share = share,
                          .kind = "dispute_won",
                          .source = to_text("dp", dispute.id),
                          .type = "dispute_reversal",
                          .expected = ExpectationKind::chargeback_reversed,
                          .sign = 1,
                          .fee = 0,
                          .cost = 0,
                          .case_id = dispute.case_id};
    return write(tx, shop, booking, dispute_won_lines(facts));
}

Result<Uuid> book_dispute_over(Transaction& tx,
                               const Workshop& shop,
                               const Payment& payment,
                               const Dispute& dispute) {
    const Timestamp now = shop.clock.now();
    const Uuid entry = shop.ids.next();
    const Result<ledger::Posted> posted = shop.journal.post(
        tx,
        {.id = entry,
         .kind = "dispute_over",
         .reference = to_text("dp", dispute.id),
         .effective = now,
         .recorded = now,
         .lines = dispute_over_lines(facts_of(payment, dispute, 0).parties, dispute.amount)});
    if (!posted) return posted.error();
    return entry;
}

Result<std::optional<Uuid>> book_doubt(Transaction& tx,
                                       const Workshop& shop,
                                       const Payment& payment,
                                       OperationRow& operation,
                                       bool in_doubt) {
    if (operation.in_doubt == in_doubt) return std::optional<Uuid>();
    operation.in_doubt = in_doubt;
    const Parties parties{.connector = operation.connector,
                          .merchant = to_text("mer", payment.merchant),
                          .livemode = payment.livemode};
    const Timestamp now = shop.clock.now();
    const Uuid entry = shop.ids.next();
    const Result<ledger::Posted> posted =
        shop.journal.post(tx,
                          {.id = entry,
                           .kind = in_doubt ? "doubt" : "doubt_cleared",
                           .reference = to_text("op", operation.id),
                           .effective = now,
                           .recorded = now,
                           .lines = in_doubt ? doubt_lines(parties, operation.amount)
                                             : doubt_cleared_lines(parties, operation.amount)});
    if (!posted) return posted.error();
    return std::optional(entry);
}

}  // namespace causeway::gateway
