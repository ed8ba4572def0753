// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/confirmation.h"

#include "fx/quote.h"
#include "fx/quotes_store.h"
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

// A payment that names no quote and is not settled in its own currency gets its own quote, locked
// now: the merchant learns the rate from the payment, and nothing is recomputed later. It lives as
// long as its corridor allows: the charge may be tried again elsewhere.
Result<std::optional<Problem>> lock_automatic_quote(Transaction& tx,
                                                    const Workshop& shop,
                                                    Payment& payment,
                                                    const Merchant& merchant) {
    const fx::QuoteRequest request{.merchant = payment.merchant,
                                   .livemode = payment.livemode,
                                   .source = payment.amount.currency(),
                                   .target = merchant.default_currency,
                                   .source_amount = payment.amount.minor_units(),
                                   .target_amount = std::nullopt,
                                   .longest = true};
    Result<fx::Quote> quote = fx::make_quote(request, shop.quotes);
    if (!quote) {
        return std::optional(
            rate_problem(quote.error(), payment.amount.currency(), merchant.default_currency));
    }
    quote->automatic = true;
    if (const Result<void> stored = fx::insert_quote(tx, *quote); !stored) return stored.error();
    payment.quote = quote->id;
    return std::optional<Problem>();
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
    if (!payment.quote) {
        Result<std::optional<Problem>> locked = lock_automatic_quote(tx, shop, payment, *merchant);
        if (!locked || *locked) return locked;
    }
    const Result<fx::Quote> used = fx::consume(tx, *payment.quote, payment.id, shop.clock.now());
    if (!used) return std::optional(quote_problem(used.error()));
    payment.settlement_currency = used->target.currency();
    approach.send_before = used->expires_at;
    return std::optional<Problem>();
}

}  // namespace

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
    const Result<ChargeableCard> card =
        chargeable_card(records.tx(), shop.vault, payment.token, scope);
    if (!card) return card.error();
    const Result<connectors::OperationKind> first =
        entry->connector->first_operation(card->card, payment.capture_automatic);
    if (!first) {
        return Checked(make_problem("capture_method_not_supported",
                                    "/capture_method",
                                    "This card is charged in one message: capture it at once."));
    }
    return Checked(Approach{.connector = name, .first_operation = *first});
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
                                             const std::string& method,
                                             const std::string& token) {
    const Scope scope{.merchant = payment.merchant, .livemode = payment.livemode};
    const Result<ChargeableCard> card = chargeable_card(tx, shop.vault, token, scope);
    if (!card && card.error().code() == ErrorCode::not_found) {
        return std::optional(
            make_problem("unknown_reference", "/payment_method/token", "There is no such token."));
    }
    if (!card) return card.error();
    const Result<void> moved = payment.status.apply(PaymentEvent::method_attached);
    if (!moved) return moved.error();
    payment.method = method;
    payment.token = token;
    payment.card = card->facts;
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
