// SPDX-License-Identifier: Apache-2.0
//
// What this gateway can do: its connectors of the key's mode, and the currencies it knows. Both
// lists are short and come whole.
#include "gateway/api/exchange.h"
#include "gateway/api/resources.h"
#include "gateway/connectors_view.h"
#include "gateway/payments/render.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace asio = boost::asio;
namespace json = boost::json;

namespace causeway::gateway {
namespace {

std::string render_currency(const ledger::Currency& currency) {
    json::object members;
    members["object"] = "currency";
    members["code"] = currency.code();
    members["numeric"] = currency.numeric_text();
    members["minor_units"] = currency.exponent();
    return json::serialize(members);
}

// Answers at once, but for a query that such a list has no use for.
ResourceAnswer whole_list(ApiRequest request, std::string url, std::vector<std::string> items) {
    if (!request.query.empty()) {
        const Problem problem =
            wrong_parameter(request.query.begin()->first, "is not a parameter of this list");
        co_return problem_response(problem, request.request_id);
    }
    if (!request.expand.empty()) {
        const Problem problem = wrong_parameter("expand", "is not a parameter of this list");
        co_return problem_response(problem, request.request_id);
    }
    co_return json_response(200, render_list(url, items, false, "").body);
}

}  // namespace

ResourceAnswer list_connectors_route(ApiContext api, ApiRequest request) {
    std::vector<std::string> items;
    for (const ConnectorEntry& entry : api.service.shop().connectors.all()) {
        if (entry.connector->capability().livemode != request.key.scope.livemode) continue;
        items.push_back(render_connector(*entry.connector));
    }
    return whole_list(std::move(request), "/v1/connectors", std::move(items));
}

ResourceAnswer list_currencies_route(ApiContext, ApiRequest request) {
    std::vector<std::string> items;
    for (const ledger::Currency& currency : ledger::Currency::all())
        items.push_back(render_currency(currency));
    return whole_list(std::move(request), "/v1/currencies", std::move(items));
}

}  // namespace causeway::gateway
