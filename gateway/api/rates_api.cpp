// SPDX-License-Identifier: Apache-2.0
//
// What a checkout shows before anybody promises anything: the reference rates of a day, and a price
// in every currency that a buyer may pay in. Neither belongs to a merchant, so a publishable key
// may ask.
#include "fx/presentment.h"
#include "gateway/api/exchange.h"
#include "gateway/api/quote_view.h"
#include "gateway/api/resources.h"
#include "gateway/fx/rate_desk.h"
#include "gateway/payments/render.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <charconv>
#include <utility>

namespace json = boost::json;

namespace causeway::gateway {
namespace {

using ledger::Currency;
using ledger::Transaction;

struct RatesWish {
    Day day;
    std::optional<Currency> base = {};  ///< None: the source's own.
};

struct PriceWish {
    std::optional<std::int64_t> amount = {};
    std::optional<Currency> currency = {};
};

std::optional<Problem> no_expansion(const ApiRequest& request) {
    if (request.expand.empty()) return std::nullopt;
    return wrong_parameter("expand", "is not a parameter of this list");
}

std::variant<RatesWish, Problem> read_rates_wish(const ApiRequest& request, Day today) {
    if (std::optional<Problem> problem = no_expansion(request)) return *std::move(problem);
    RatesWish wish{.day = today};
    for (const auto& [name, value] : request.query) {
        if (name == "date") {
            const Result<Day> day = parse_day(value);
            if (!day) return wrong_parameter(name, "must be a day, YYYY-MM-DD");
            if (*day > today) return wrong_parameter(name, "must not be in the future");
            wish.day = *day;
        } else if (name == "base") {
            const Result<Currency> base = Currency::from_code(value);
            if (!base) return wrong_parameter(name, "must be an ISO 4217 code in upper case");
            wish.base = *base;
        } else {
            return wrong_parameter(name, "is not a parameter of this list");
        }
    }
    return wish;
}

bool read_amount(const std::string& text, std::optional<std::int64_t>& amount) {
    std::int64_t number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed != std::errc{} || end != text.data() + text.size()) return false;
    amount = number;
    return number >= 1 && number <= fx::kQuoteAmountMax;
}

std::variant<ledger::Money, Problem> read_price_wish(const ApiRequest& request) {
    if (std::optional<Problem> problem = no_expansion(request)) return *std::move(problem);
    PriceWish wish;
    for (const auto& [name, value] : request.query) {
        if (name == "amount") {
            if (read_amount(value, wish.amount)) continue;
            return wrong_parameter(name, "must be minor units, from 1 to 2^53 - 1");
        }
        if (name != "currency") return wrong_parameter(name, "is not a parameter of this list");
        const Result<Currency> currency = Currency::from_code(value);
        if (!currency) return wrong_parameter(name, "must be an ISO 4217 code in upper case");
        wish.currency = *currency;
    }
    if (!wish.amount) return wrong_parameter("amount", "is required: what you want to get");
    if (!wish.currency) return wrong_parameter("currency", "is required: that of the amount");
    return ledger::Money(*wish.amount, *wish.currency);
}

Result<std::string> render_rates(const fx::ReferenceTable& table, Currency base) {
    std::vector<Currency> others{table.base()};
    for (const fx::ReferenceRate& one : table.rates())
        others.push_back(one.currency);
    // Not by a projection: g++ 12 takes a member's pointer apart at -O2 and warns about its own
    // code.
    std::ranges::sort(others,
                      [](const Currency& a, const Currency& b) { return a.code() < b.code(); });
    std::vector<std::string> items;
    for (const Currency& currency : others) {
        if (currency == base) continue;
        const Result<fx::Decimal> rate = table.cross(base, currency);
        if (!rate) return rate.error();
        json::object members;
        members["object"] = "rate";
        members["base"] = base.code();
        members["currency"] = currency.code();
        members["rate"] = rate->to_string();
        members["date"] = to_text(table.day());
        members["source"] = table.publisher();
        items.push_back(json::serialize(members));
    }
    return render_list("/v1/fx/rates", items, false, "").body;
}

ResourceAnswer answer_at_once(net::HttpResponse response) {
    co_return response;
}

}  // namespace

ResourceAnswer list_rates_route(ApiContext api, ApiRequest request) {
    const Day today = day_of(api.service.shop().clock.now());
    const std::variant<RatesWish, Problem> read = read_rates_wish(request, today);
    if (const auto* const problem = std::get_if<Problem>(&read)) {
        return answer_at_once(problem_response(*problem, request.request_id));
    }
    Render body = [sources = api.rate_sources,
                   wish = std::get<RatesWish>(read)](Transaction& tx) -> Result<std::string> {
        const Result<fx::ReferenceTable> table = reference_rates(tx, sources, wish.day, wish.base);
        if (!table) return table.error();
        return render_rates(*table, wish.base.value_or(table->base()));
    };
    return show(api, std::move(request), "rate of that day and base", std::move(body));
}

ResourceAnswer list_presentment_route(ApiContext api, ApiRequest request) {
    const std::variant<ledger::Money, Problem> read = read_price_wish(request);
    if (const auto* const problem = std::get_if<Problem>(&read)) {
        return answer_at_once(problem_response(*problem, request.request_id));
    }
    const std::vector<fx::Quote> prices =
        fx::presentment({.merchant = request.key.scope.merchant,
                         .livemode = request.key.scope.livemode,
                         .receives = std::get<ledger::Money>(read)},
                        api.service.shop().quotes);
    std::vector<std::string> items;
    for (const fx::Quote& price : prices)
        items.push_back(render_presentment(price));
    return answer_at_once(
        json_response(200, render_list("/v1/fx/presentment", items, false, "").body));
}

}  // namespace causeway::gateway
