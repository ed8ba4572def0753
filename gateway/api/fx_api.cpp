// SPDX-License-Identifier: Apache-2.0
#include "fx/quotes_store.h"
#include "gateway/api/exchange.h"
#include "gateway/api/quote_view.h"
#include "gateway/api/resources.h"
#include "gateway/payments/render.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace json = boost::json;

namespace causeway::gateway {
namespace {

using ledger::Transaction;

fx::QuoteRequest read_create(ObjectReader& body, std::vector<FieldError>&) {
    const auto source = read_currency(body, "source_currency", Presence::required);
    const auto target = read_currency(body, "target_currency", Presence::required);
    const ledger::Currency known = ledger::Currency::all().front();
    fx::QuoteRequest wish{.source = source.value_or(known), .target = target.value_or(known)};
    if (source && target && *source == *target) {
        body.fail("target_currency", "unknown_value", "must differ from source_currency");
    }
    wish.source_amount =
        body.integer("source_amount", Presence::optional, {.min = 1, .max = kJsonIntegerMax});
    wish.target_amount =
        body.integer("target_amount", Presence::optional, {.min = 1, .max = kJsonIntegerMax});
    if (body.has("source_amount") == body.has("target_amount")) {
        body.fail("source_amount", "required", "or target_amount is required, not both");
    }
    const auto valid_for =
        body.integer("valid_for",
                     Presence::optional,
                     {.min = fx::kQuoteValidMin.count(), .max = fx::kQuoteValidMax.count()});
    if (valid_for) wish.valid_for = std::chrono::seconds(*valid_for);
    return wish;
}

Problem wrong_field(std::string_view code, std::string pointer, std::string detail) {
    Problem problem = make_problem("invalid_request", pointer + ": " + detail);
    problem.errors.push_back(
        {.pointer = std::move(pointer), .code = std::string(code), .detail = std::move(detail)});
    return problem;
}

std::string pair_of(const fx::QuoteRequest& wish) {
    return std::string(wish.source.code()) + " to " + std::string(wish.target.code());
}

// What the corridor allows can be less than what any quote may have.
std::optional<Problem> wrong_for_corridor(const fx::Corridors& corridors,
                                          const fx::QuoteRequest& wish) {
    const fx::Corridor* const corridor = corridors.find(wish.merchant, wish.source, wish.target);
    if (corridor == nullptr) {
        return make_problem(
            "fx_rate_unavailable", "/target_currency", pair_of(wish) + " is not offered.");
    }
    if (!wish.valid_for) return std::nullopt;
    const bool fits =
        *wish.valid_for >= corridor->valid_min && *wish.valid_for <= corridor->valid_max;
    if (fits) return std::nullopt;
    return wrong_field("out_of_range",
                       "/valid_for",
                       "must be from " + std::to_string(corridor->valid_min.count()) + " to " +
                           std::to_string(corridor->valid_max.count()) + " for this pair");
}

// "from 100 to 5000 in minor units of USD"
std::string limits_of(const fx::Corridor& corridor, ledger::Currency source) {
    std::string text;
    if (corridor.source_min) text += "from " + std::to_string(*corridor.source_min) + " ";
    if (corridor.source_max) text += "to " + std::to_string(*corridor.source_max) + " ";
    return text + "in minor units of " + std::string(source.code());
}

Problem quote_refused(const Error& error,
                      const fx::Corridors& corridors,
                      const fx::QuoteRequest& wish) {
    const std::string pointer = wish.source_amount ? "/source_amount" : "/target_amount";
    const fx::Corridor* const corridor = corridors.find(wish.merchant, wish.source, wish.target);
    switch (error.code()) {
        case ErrorCode::not_found:
            return make_problem("fx_rate_unavailable",
                                "There is no rate for " + pair_of(wish) + ".");
        case ErrorCode::unavailable:
        case ErrorCode::expired:
            return make_problem("fx_rate_unavailable", "The rates are too old to quote by.");
        case ErrorCode::limit_exceeded:
            return make_problem("amount_out_of_range",
                                pointer,
                                "The buyer may pay " + limits_of(*corridor, wish.source) + ".");
        case ErrorCode::invalid_argument:
        case ErrorCode::amount_overflow:
            return make_problem("amount_out_of_range", pointer, "The amount cannot be converted.");
        default: return internal_problem(error);
    }
}

Result<Step> quote_step(Transaction& tx,
                        const Workshop& shop,
                        const Caller& caller,
                        fx::QuoteRequest wish) {
    const Result<Claimed> claimed = claim_key(tx, shop, caller, "");
    if (!claimed) return claimed.error();
    if (claimed->step) return *claimed->step;
    wish.merchant = caller.scope.merchant;
    wish.livemode = caller.scope.livemode;
    const fx::Corridors& corridors = shop.quotes.corridors;
    if (const std::optional<Problem> wrong = wrong_for_corridor(corridors, wish)) {
        return refuse(tx, caller, *wrong);
    }
    const Result<fx::Quote> quote = fx::make_quote(wish, shop.quotes);
    if (!quote) return refuse(tx, caller, quote_refused(quote.error(), corridors, wish));
    const Result<void> stored = fx::insert_quote(tx, *quote);
    if (!stored) return stored.error();
    return answer(tx, caller, 201, render_quote(*quote, shop.clock.now()));
}

}  // namespace

ResourceAnswer post_quote(ApiContext api, ApiRequest request) {
    std::variant<fx::QuoteRequest, Problem> wish =
        read_wish<fx::QuoteRequest>(request, read_create);
    std::variant<WishStep, Problem> step;
    if (auto* const problem = std::get_if<Problem>(&wish)) {
        step = std::move(*problem);
    } else {
        const Workshop& shop = api.service.shop();
        step = WishStep([&shop, inner = std::get<fx::QuoteRequest>(std::move(wish))](
                            Transaction& tx, const Caller& caller) {
            return quote_step(tx, shop, caller, inner);
        });
    }
    return mutate(api, std::move(request), false, std::move(step));
}

ResourceAnswer get_quote(ApiContext api, ApiRequest request) {
    const Clock& clock = api.service.shop().clock;
    Render body = [&clock, scope = request.key.scope, text = request.path.at("id")](
                      Transaction& tx) -> Result<std::string> {
        const Result<Uuid> id = parse_id(fx::kQuotePrefix, text);
        if (!id) return Error(ErrorCode::not_found);
        const Result<fx::Quote> quote =
            fx::load_quote(tx, {.merchant = scope.merchant, .livemode = scope.livemode}, *id);
        if (!quote) return quote.error();
        return render_quote(*quote, clock.now());
    };
    return show(api, std::move(request), "quote", std::move(body));
}

ResourceAnswer get_disclosure(ApiContext api, ApiRequest request) {
    Render body = [scope = request.key.scope,
                   text = request.path.at("id")](Transaction& tx) -> Result<std::string> {
        const Result<Uuid> id = parse_id(fx::kQuotePrefix, text);
        if (!id) return Error(ErrorCode::not_found);
        const Result<fx::Quote> quote =
            fx::load_quote(tx, {.merchant = scope.merchant, .livemode = scope.livemode}, *id);
        if (!quote) return quote.error();
        return render_disclosure(*quote);
    };
    return show(api, std::move(request), "quote", std::move(body));
}

ResourceAnswer list_quotes_route(ApiContext api, ApiRequest request) {
    std::variant<Page, Problem> wanted = page_of(request, fx::kQuotePrefix);
    const Clock& clock = api.service.shop().clock;
    RenderList body = [&clock, scope = request.key.scope](Transaction& tx,
                                                          const Page& page) -> Result<ListPage> {
        const Result<fx::QuoteList> listed =
            fx::list_quotes(tx,
                            {.merchant = scope.merchant, .livemode = scope.livemode},
                            {.after = page.starting_after,
                             .before = page.ending_before,
                             .created_from = page.created_from,
                             .created_earlier = page.created_until,
                             .limit = page.limit});
        if (!listed) return listed.error();
        std::vector<std::string> items;
        for (const fx::Quote& quote : listed->quotes)
            items.push_back(render_quote(quote, clock.now()));
        const std::string last =
            listed->quotes.empty() ? "" : to_text(fx::kQuotePrefix, listed->quotes.back().id);
        return render_list("/v1/fx/quotes", items, listed->has_more, last);
    };
    return show_list(api, std::move(request), std::move(wanted), std::move(body));
}

}  // namespace causeway::gateway
