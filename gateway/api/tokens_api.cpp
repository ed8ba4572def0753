// SPDX-License-Identifier: Apache-2.0
//
// Card data come in here and nowhere else, and go out as a token. An Idempotency-Key is not
// honoured: its fingerprint would be a digest of the card number, and a token moves no money.
#include "connectors/card/card_number.h"
#include "gateway/api/exchange.h"
#include "gateway/api/resources.h"
#include "gateway/commit.h"
#include "gateway/payments/render.h"
#include "gateway/vault/tokens_store.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace json = boost::json;

namespace causeway::gateway {
namespace {

using ledger::Transaction;

constexpr int kYearMin = 2000;
constexpr int kYearMax = 2099;
constexpr std::size_t kFirst = 6;
constexpr std::size_t kLast = 4;

struct CardWish {
    std::string number;
    std::string cvc;
    int month = 1;
    int year = kYearMin;
};

bool is_cvc(std::string_view text) {
    return text.size() >= 3 && text.size() <= 4 &&
           std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

CardWish read_card(ObjectReader& body, std::vector<FieldError>&) {
    CardWish wish;
    const auto type = body.text("type", Presence::required);
    if (type && *type != "card") body.fail("type", "unknown_value", "must be card");
    std::optional<ObjectReader> card = body.object("card", Presence::required);
    if (!card) return wish;
    wish.number = card->text("number",
                             Presence::required,
                             {.length_max = connectors::card::kCardDigitsMax,
                              .accepts = connectors::card::luhn_valid,
                              .form = "a card number of 12 to 19 digits"})
                      .value_or("");
    wish.month = static_cast<int>(
        card->integer("exp_month", Presence::required, {.min = 1, .max = 12}).value_or(1));
    wish.year = static_cast<int>(
        card->integer("exp_year", Presence::required, {.min = kYearMin, .max = kYearMax})
            .value_or(kYearMin));
    wish.cvc = card->text("cvc",
                          Presence::optional,
                          {.length_max = 4, .accepts = is_cvc, .form = "three or four digits"})
                   .value_or("");
    card->finish();
    return wish;
}

CardToken make_token(const Workshop& shop, const ApiRequest& request, const CardWish& wish) {
    CardToken token;
    token.id = shop.ids.next();
    token.scope = request.key.scope;
    token.sealed = shop.vault.seal(wish.number, token.id);
    token.vault_key = shop.vault.key_name();
    token.first6 = wish.number.substr(0, kFirst);
    token.card = {.brand = std::string(to_string(connectors::card::card_brand(wish.number))),
                  .last4 = wish.number.substr(wish.number.size() - kLast),
                  .exp_month = wish.month,
                  .exp_year = wish.year};
    token.created_at = shop.clock.now();
    return token;
}

InTransaction<int> inserting(const CardToken& token) {
    return [token](Transaction& tx) -> Result<int> {
        const Result<void> inserted = insert_token(tx, token);
        if (!inserted) return inserted.error();
        return 0;
    };
}

std::string render_token(const CardToken& token) {
    json::object card;
    card["brand"] = token.card.brand;
    card["first6"] = token.first6;
    card["last4"] = token.card.last4;
    card["exp_month"] = token.card.exp_month;
    card["exp_year"] = token.card.exp_year;
    json::object members;
    members["id"] = to_text("tok", token.id);
    members["object"] = "payment_method";
    members["created_at"] = to_rfc3339(token.created_at);
    members["livemode"] = token.scope.livemode;
    members["type"] = "card";
    members["card"] = std::move(card);
    return json::serialize(members);
}

}  // namespace

ResourceAnswer post_payment_method(ApiContext api, ApiRequest request) {
    std::variant<CardWish, Problem> wish = read_wish<CardWish>(request, read_card);
    if (const auto* const problem = std::get_if<Problem>(&wish)) {
        co_return problem_response(*problem, request.request_id);
    }
    const Workshop& shop = api.service.shop();
    CardWish card = std::get<CardWish>(std::move(wish));
    const CardToken token = make_token(shop, request, card);
    InTransaction<int> body = inserting(token);
    const Result<int> stored = co_await commit<int>(api.database, std::move(body));
    if (!stored) co_return problem_response(internal_problem(stored.error()), request.request_id);
    api.cvcs.keep(to_text("tok", token.id), std::move(card.cvc), token.created_at);
    co_return json_response(201, render_token(token));
}

}  // namespace causeway::gateway
