// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/confirmation.h"

#include "fx/quote.h"
#include "fx/quotes_store.h"
#include "gateway/collections/collections_store.h"
#include "gateway/customers/customers_store.h"
#include "gateway/merchants/merchants_store.h"
#include "gateway/payments/routing.h"
#include "gateway/vault/tokens_store.h"

namespace causeway::gateway {
namespace {

using ledger::Transaction;
using Checked = std::variant<Approach, Problem>;

Problem quote_problem(const Error& error) {
    constexpr std::string_view kPointer = "/fx_quote";
    const std::string pointer(kPointer);
    switch (error.code()) {
        case ErrorCode::expired:
            return make_problem("fx_quote_expired", pointer, "The quote has expired.");
        case ErrorCode::conflict:
            return make_problem("fx_quote_consumed", pointer, "Another payment used the quote.");
        case ErrorCode::not_found:
            return make_problem("unknown_reference", pointer, "There is no such quote.");
        default: return internal_problem(error);
    }
}

Problem rate_problem(const Error& error, ledger::Currency from, ledger::Currency to) {
    const std::string pair = std::string(from.code()) + " to " + std::string(to.code());
    switch (error.code()) {
        case ErrorCode::not_found:
            return make_problem("fx_rate_unavailable", "There is no rate from " + pair + ".");
        case ErrorCode::unavailable:
        case ErrorCode::expired:
            return make_problem("fx_rate_unavailable", "The rates are too old to convert by.");
        case ErrorCode::invalid_argument:
        case ErrorCode::limit_exceeded:
        case ErrorCode::amount_overflow:
            return make_problem(
                "amount_out_of_range", "/amount", "The amount cannot be converted: " + pair + ".");
        default: return internal_problem(error);
    }
}

// The operator bears the rate from the provider's today to the day on which the buyer is in time.
std::optional<Problem> check_rate_days(const Approach& approach, const ConnectorEntry& entry) {
    if (!approach.terms) return std::nullopt;
    const connectors::CollectionTerms& terms = *approach.terms;
    const connectors::CollectionTerms counted =
        entry.connector->collecting()->terms_on(terms, terms.due_on);
    const std::int64_t days = (counted.due_on - terms.issued_on).count();
    const int most = entry.receipts.locked_rate_days_max;
    if (days <= most) return std::nullopt;
    return make_problem("fx_rate_unavailable",
                        "/payment_method/due_date",
                        "A rate is locked for " + std::to_string(most) +
                            " days at most: the due date must be earlier.");
}

// Changes `approach`: a charge that stands on a quote ends with it.
Result<std::optional<Problem>> settle_currency(Transaction& tx,
                                               const Workshop& shop,
                                               Payment& payment,
                                               Approach& approach) {
    const Result<Merchant> merchant = load_merchant(tx, payment.merchant);
    if (!merchant) return merchant.error();
    if (!payment.quote && merchant->settles_in(payment.amount.currency())) {
        payment.settlement_currency = payment.amount.currency();
        return std::optional<Problem>();
    }
    const ConnectorEntry* const entry = shop.connectors.find(approach.connector);
    if (entry == nullptr) return Error(ErrorCode::not_found, "connector " + approach.connector);
    if (std::optional<Problem> far = check_rate_days(approach, *entry)) return far;
    if (!payment.quote) {
        Result<std::optional<Problem>> locked =
            lock_automatic_quote(tx, shop, payment, merchant->default_currency);
        if (!locked || *locked) return locked;
    }
    const Result<fx::Quote> used = fx::consume(tx, *payment.quote, payment.id, shop.clock.now());
    if (!used) return std::optional(quote_problem(used.error()));
    payment.settlement_currency = used->target.currency();
    approach.send_before = used->expires_at;
    return std::optional<Problem>();
}

using Reached = Result<std::variant<Approach, Problem>>;

// By a connector whose buyers pay later.
Reached approach_buyer(Transaction& tx,
                       const Workshop& shop,
                       const Payment& payment,
                       const ConnectorEntry& entry) {
    if (!payment.capture_automatic) {
        return Checked(make_problem("capture_method_not_supported",
                                    "/capture_method",
                                    "What the buyer pays later is captured when it comes in."));
    }
    const Result<CollectionChoice> choice = load_choice(tx, shop, payment.id);
    if (!choice) return choice.error();
    std::vector<connectors::FieldFault> faults;
    connectors::CollectionTerms terms = entry.connector->collecting()->agree(
        choice->wish, choice->payer, payment.amount, shop.clock.now(), faults);
    if (!faults.empty()) return Checked(problem_of(faults));
    const Result<Merchant> merchant = load_merchant(tx, payment.merchant);
    if (!merchant) return merchant.error();
    terms.seller = merchant->name;
    return Checked(Approach{.connector = entry.connector->capability().name,
                            .first_operation = connectors::OperationKind::collect,
                            .terms = std::move(terms)});
}

Reached approach_card(Transaction& tx,
                      const Workshop& shop,
                      const Payment& payment,
                      const ConnectorEntry& entry) {
    const Scope scope{.merchant = payment.merchant, .livemode = payment.livemode};
    const Result<ChargeableCard> card = chargeable_card(tx, shop.vault, payment.token, scope);
    if (!card) return card.error();
    const Result<connectors::OperationKind> first =
        entry.connector->first_operation(card->card, payment.capture_automatic);
    if (!first) {
        return Checked(make_problem("capture_method_not_supported",
                                    "/capture_method",
                                    "This card is charged in one message: capture it at once."));
    }
    return Checked(
        Approach{.connector = entry.connector->capability().name, .first_operation = *first});
}

// The terms of what the buyer will pay by, before there is an instrument.
Result<void> keep_terms(Transaction& tx, const Payment& payment, const Approach& approach) {
    if (!approach.terms) return {};
    return put_collection(tx,
                          {.payment = payment.id,
                           .connector = approach.connector,
                           .operation = std::nullopt,
                           .terms = *approach.terms,
                           .instrument = {}});
}

// The first connector that takes the method and could tell mistakes in who pays; null for cards.
const connectors::Collecting* collecting_side(const Workshop& shop, std::string_view method) {
    for (const ConnectorEntry& entry : shop.connectors.all()) {
        const bool takes = entry.connector->capability().method == method;
        if (takes && entry.connector->collecting() != nullptr) return entry.connector->collecting();
    }
    return nullptr;
}

Result<std::optional<Problem>> attach_card(Transaction& tx,
                                           const Workshop& shop,
                                           Payment& payment,
                                           const MethodChoice& choice) {
    const Scope scope{.merchant = payment.merchant, .livemode = payment.livemode};
    const Result<ChargeableCard> card = chargeable_card(tx, shop.vault, choice.token, scope);
    if (!card && card.error().code() == ErrorCode::not_found) {
        return std::optional(
            make_problem("unknown_reference", "/payment_method/token", "There is no such token."));
    }
    if (!card) return card.error();
    payment.token = choice.token;
    payment.card = card->facts;
    return std::optional<Problem>();
}

Result<std::optional<Problem>> attach_buyer(Transaction& tx,
                                            const Workshop& shop,
                                            Payment& payment,
                                            const MethodChoice& choice) {
    const connectors::Collecting* const side = collecting_side(shop, choice.type);
    if (side == nullptr) {
        return std::optional(make_problem(
            "no_connector", "/payment_method/type", "No connector takes this payment method."));
    }
    const CollectionChoice buyer = choice.collection.value_or(CollectionChoice{});
    std::vector<connectors::FieldFault> faults;
    (void)side->agree(buyer.wish, buyer.payer, payment.amount, shop.clock.now(), faults);
    if (!faults.empty()) return std::optional(problem_of(faults));
    const Result<void> kept = keep_choice(tx, shop, payment.id, buyer);
    if (!kept) return kept.error();
    payment.token.clear();
    payment.card = {};
    return std::optional<Problem>();
}

}  // namespace

// A payment that names no quote and is not settled in its own currency gets its own quote, locked
// now: the merchant learns the rate from the payment, and nothing is recomputed later. It lives as
// long as its corridor allows: the charge may be tried again elsewhere.
Result<std::optional<Problem>> lock_automatic_quote(Transaction& tx,
                                                    const Workshop& shop,
                                                    Payment& payment,
                                                    ledger::Currency target) {
    const fx::QuoteRequest request{.merchant = payment.merchant,
                                   .livemode = payment.livemode,
                                   .source = payment.amount.currency(),
                                   .target = target,
                                   .source_amount = payment.amount.minor_units(),
                                   .target_amount = std::nullopt,
                                   .longest = true};
    Result<fx::Quote> quote = fx::make_quote(request, shop.quotes);
    if (!quote) {
        return std::optional(rate_problem(quote.error(), payment.amount.currency(), target));
    }
    quote->automatic = true;
    if (const Result<void> stored = fx::insert_quote(tx, *quote); !stored) return stored.error();
    payment.quote = quote->id;
    return std::optional<Problem>();
}

Result<Checked> find_route(Records& records,
                           const Payment& payment,
                           const std::vector<std::string>& tried) {
    const Workshop& shop = records.shop();
    const Scope scope{.merchant = payment.merchant, .livemode = payment.livemode};
    const Result<std::string> country =
        country_of_customer(records.tx(), payment.customer.value_or(""), scope);
    if (!country) return country.error();
    const RouteDecision decision = choose(shop.connectors.rules(),
                                          shop.connectors,
                                          shop.connectors.health(),
                                          {.payment = payment.id,
                                           .method = payment.method,
                                           .amount = payment.amount,
                                           .country = *country,
                                           .merchant = to_text("mer", payment.merchant),
                                           .livemode = payment.livemode,
                                           .now = shop.clock.now(),
                                           .tried = tried});
    const ConnectorEntry* const entry = decision.entry;
    const std::string name = entry == nullptr ? "none" : entry->connector->capability().name;
    records.note("routing", to_text("pay", payment.id), name, explain(decision));
    if (entry == nullptr && decision.amount_too_large) {
        return Checked(make_problem(
            "amount_out_of_range", "/amount", "The amount is more than the provider can carry."));
    }
    if (entry == nullptr) {
        return Checked(make_problem("no_connector",
                                    "No connector takes " + payment.method + " in " +
                                        std::string(payment.amount.currency().code()) + "."));
    }
    if (entry->connector->collecting() != nullptr) {
        return approach_buyer(records.tx(), shop, payment, *entry);
    }
    return approach_card(records.tx(), shop, payment, *entry);
}

Result<Checked> confirm(Records& records, Payment& payment) {
    if (payment.method.empty()) {
        return Checked(make_problem("payment_method_required",
                                    "/payment_method",
                                    "A payment is confirmed with a payment method."));
    }
    Result<Checked> route = find_route(records, payment, {});
    if (!route) return route.error();
    auto* const approach = std::get_if<Approach>(&*route);
    if (approach == nullptr) return *route;
    const Result<std::optional<Problem>> settled =
        settle_currency(records.tx(), records.shop(), payment, *approach);
    if (!settled) return settled.error();
    if (*settled) return Checked(**settled);
    const Result<void> kept = keep_terms(records.tx(), payment, *approach);
    if (!kept) return kept.error();

    payment.connector = approach->connector;
    const Result<void> moved = payment.status.apply(PaymentEvent::confirmed);
    if (!moved) return moved.error();
    payment.last_error.clear();
    payment.updated_at = records.shop().clock.now();
    return Checked(*approach);
}

Result<std::optional<Timestamp>> end_of_rate(Transaction& tx,
                                             const Workshop& shop,
                                             const Payment& payment) {
    if (!payment.quote) return std::optional<Timestamp>();
    const Result<fx::Quote> quote = fx::consume(tx, *payment.quote, payment.id, shop.clock.now());
    if (!quote) return quote.error();
    return std::optional(quote->expires_at);
}

Result<void> give_quote_back(Transaction& tx, const Workshop& shop, const Payment& payment) {
    if (!payment.quote) return {};
    const Result<bool> released = fx::release(tx, *payment.quote, payment.id, shop.clock.now());
    if (!released) return released.error();
    return {};
}

Result<void> drop_own_quote(Transaction& tx, Payment& payment) {
    if (!payment.quote) return {};
    const Result<fx::Quote> quote = fx::load_quote(
        tx, {.merchant = payment.merchant, .livemode = payment.livemode}, *payment.quote);
    if (!quote) return quote.error();
    if (quote->automatic) payment.quote.reset();
    return {};
}

Result<std::optional<Problem>> attach_method(Transaction& tx,
                                             const Workshop& shop,
                                             Payment& payment,
                                             const MethodChoice& choice) {
    Result<std::optional<Problem>> attached = choice.type == "card"
                                                  ? attach_card(tx, shop, payment, choice)
                                                  : attach_buyer(tx, shop, payment, choice);
    if (!attached || *attached) return attached;
    const Result<void> moved = payment.status.apply(PaymentEvent::method_attached);
    if (!moved) return moved.error();
    payment.method = choice.type;
    return std::optional<Problem>();
}

Result<std::optional<Problem>> check_quote(Transaction& tx,
                                           const Workshop& shop,
                                           const Payment& payment) {
    if (!payment.quote) return std::optional<Problem>();
    const Result<fx::Quote> quote = fx::load_quote(
        tx, {.merchant = payment.merchant, .livemode = payment.livemode}, *payment.quote);
    if (!quote && quote.error().code() != ErrorCode::not_found) return quote.error();
    if (!quote) return std::optional(quote_problem(quote.error()));
    if (quote->source != payment.amount) {
        return std::optional(make_problem("fx_quote_mismatch",
                                          "/fx_quote",
                                          "The quote is for " + quote->source.to_string() + "."));
    }
    if (quote->consumed_by && *quote->consumed_by != payment.id) {
        return std::optional(quote_problem(Error(ErrorCode::conflict)));
    }
    if (quote->expires_at <= shop.clock.now()) {
        return std::optional(quote_problem(Error(ErrorCode::expired)));
    }
    const Result<Merchant> merchant = load_merchant(tx, payment.merchant);
    if (!merchant) return merchant.error();
    if (!merchant->settles_in(quote->target.currency())) {
        return std::optional(make_problem("fx_quote_mismatch",
                                          "/fx_quote",
                                          "The merchant is not settled in " +
                                              std::string(quote->target.currency().code()) + "."));
    }
    return std::optional<Problem>();
}

Result<std::optional<Problem>> name_quote(Transaction& tx,
                                          const Workshop& shop,
                                          Payment& payment,
                                          const Uuid& quote) {
    if (payment.quote == quote) return std::optional<Problem>();
    Payment renamed = payment;
    renamed.quote = quote;
    Result<std::optional<Problem>> checked = check_quote(tx, shop, renamed);
    if (!checked || *checked) return checked;
    const Result<void> returned = give_quote_back(tx, shop, payment);
    if (!returned) return returned.error();
    payment.quote = quote;
    return std::optional<Problem>();
}

}  // namespace causeway::gateway
