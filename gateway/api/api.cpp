// SPDX-License-Identifier: Apache-2.0
#include "gateway/api/api.h"

#include "gateway/api/exchange.h"
#include "gateway/api/resources.h"
#include "gateway/api/version.h"
#include "gateway/commit.h"

namespace asio = boost::asio;

namespace causeway::gateway {
namespace {

constexpr std::string_view kRequestIdHeader = "X-Causeway-Request-Id";

bool may_call(KeyKind kind, bool checkout, bool secret_only) {
    if (kind == KeyKind::secret) return true;
    if (kind == KeyKind::publishable) return checkout;
    return !secret_only && !checkout;
}

net::HttpResponse text_response(int status, std::string text) {
    return {
        .status = status,
        .headers = {{"Content-Type", "text/plain; charset=utf-8"}, {"Cache-Control", "no-store"}},
        .body = std::move(text)};
}

Problem route_problem(Router::Outcome outcome) {
    if (outcome == Router::Outcome::method_not_allowed) {
        return make_problem("method_not_allowed", "This path does not have that method.");
    }
    if (outcome == Router::Outcome::bad_target) {
        return make_problem("invalid_request", "The path or the query is not well-formed.");
    }
    return make_problem("not_found", "There is no such path.");
}

asio::awaitable<net::HttpResponse> answer_at_once(net::HttpResponse response) {
    co_return response;
}

InTransaction<Readiness> looking(std::function<Readiness()> readiness) {
    return
        [check = std::move(readiness)](ledger::Transaction&) { return Result<Readiness>(check()); };
}

asio::awaitable<net::HttpResponse> answer_readyz(ApiContext api,
                                                 std::function<Readiness()> readiness) {
    InTransaction<Readiness> look = looking(std::move(readiness));
    const Result<Readiness> found =
        co_await read<Readiness>(api.database, api.readers, std::move(look));
    if (!found) co_return text_response(503, "database: cannot be read\n");
    const int status = found->ready ? 200 : 503;
    co_return text_response(status, found->report);
}

}  // namespace

Api::Api(ApiContext context, std::function<Readiness()> readiness) : context_(context) {
    add_public_routes(std::move(readiness));
    const Access secret = Access::secret_only;
    const Access reading = Access::any_secret;
    add_resource("POST", "/v1/payments", secret, post_payment);
    add_resource("GET", "/v1/payments", reading, list_payments_route);
    add_resource("GET", "/v1/payments/{id}", reading, get_payment);
    add_resource("POST", "/v1/payments/{id}/confirm", secret, post_confirm);
    add_resource("POST", "/v1/payments/{id}/cancel", secret, post_cancel);
    add_resource("POST", "/v1/payments/{id}/captures", secret, post_capture);
    add_resource("GET", "/v1/payments/{id}/captures", reading, list_captures_route);
    add_resource("POST", "/v1/refunds", secret, post_refund);
    add_resource("GET", "/v1/refunds", reading, list_refunds_route);
    add_resource("GET", "/v1/refunds/{id}", reading, get_refund);
    add_resource("POST", "/v1/fx/quotes", secret, post_quote);
    add_resource("GET", "/v1/fx/quotes", reading, list_quotes_route);
    add_resource("GET", "/v1/fx/quotes/{id}", reading, get_quote);
    add_resource("GET", "/v1/balance", reading, get_balance);
    add_resource("GET", "/v1/balance_transactions", reading, list_balance_transactions_route);
    add_resource("GET", "/v1/balance_transactions/{id}", reading, get_balance_transaction);
    add_resource("POST", "/v1/payment_methods", Access::checkout, post_payment_method);
}

void Api::add_public_routes(std::function<Readiness()> readiness) {
    router_.add("GET", "/livez", [](const net::HttpRequest&, const RouteMatch&) {
        return answer_at_once(text_response(200, "ok\n"));
    });
    router_.add("GET", "/openapi.json", [](const net::HttpRequest&, const RouteMatch&) {
        return answer_at_once(json_response(200, std::string(openapi_document())));
    });
    auto readyz = [this, check = std::move(readiness)](const net::HttpRequest&, const RouteMatch&) {
        return answer_readyz(context_, check);
    };
    router_.add("GET", "/readyz", std::move(readyz));
}

void Api::add_resource(std::string_view method,
                       std::string_view path_template,
                       Access access,
                       Resource resource) {
    const std::string endpoint = std::string(method) + " " + std::string(path_template);
    router_.add(method,
                path_template,
                [this, endpoint, access, resource](net::HttpRequest request, RouteMatch match) {
                    return authorised(
                        endpoint, access, resource, std::move(request), std::move(match));
                });
}

std::string Api::new_request_id() const {
    return to_text("req", context_.service.shop().ids.next());
}

asio::awaitable<net::HttpResponse> Api::authorised(std::string endpoint,
                                                   Access access,
                                                   Resource resource,
                                                   net::HttpRequest request,
                                                   RouteMatch match) {
    const std::string* const id = net::find_header(request.headers, kRequestIdHeader);
    ApiRequest call{.endpoint = std::move(endpoint), .request_id = id == nullptr ? "" : *id};
    const std::string* const header = net::find_header(request.headers, "Authorization");
    const std::optional<std::string> key =
        header == nullptr ? std::nullopt : key_in_header(*header);
    const Problem unauthorized =
        make_problem("unauthorized", "An API key is required: Authorization: Bearer sk_test_...");
    if (!key) co_return problem_response(unauthorized, call.request_id);
    Result<ApiKey> known = co_await context_.keys.find(*key);
    if (!known && known.error().code() != ErrorCode::not_found) {
        co_return problem_response(internal_problem(known.error()), call.request_id);
    }
    if (!known) co_return problem_response(unauthorized, call.request_id);
    if (!may_call(known->kind, access == Access::checkout, access == Access::secret_only)) {
        const Problem forbidden =
            make_problem("forbidden", "A key of this kind cannot call this path.");
        co_return problem_response(forbidden, call.request_id);
    }
    const std::string* const version = net::find_header(request.headers, "Gateway-Version");
    if (version != nullptr && *version != kApiVersion) {
        const Problem unknown = make_problem(
            "unsupported_version", "This gateway speaks " + std::string(kApiVersion) + ".");
        co_return problem_response(unknown, call.request_id);
    }
    call.key = *std::move(known);
    for (auto& [name, value] : match.params)
        call.path.insert_or_assign(name, std::move(value));
    for (auto& [name, value] : match.query) {
        if (call.query.insert_or_assign(name, std::move(value)).second) continue;
        const Problem twice = wrong_parameter(name, "stands twice");
        co_return problem_response(twice, call.request_id);
    }
    call.http = std::move(request);
    co_return co_await resource(context_, std::move(call));
}

asio::awaitable<net::HttpResponse> Api::handle(net::HttpRequest request) {
    const std::string request_id = new_request_id();
    // Ours, whatever a client sent under this name: the first of a name is the one that is found.
    std::pair<std::string, std::string> mark(kRequestIdHeader, request_id);
    request.headers.insert(request.headers.begin(), std::move(mark));
    Router::Found found = router_.find(request.method, request.target);
    net::HttpResponse response;
    if (found.handler == nullptr) {
        response = problem_response(route_problem(found.outcome), request_id);
        if (!found.allow.empty()) response.headers.emplace_back("Allow", found.allow);
    } else {
        response = co_await (*found.handler)(std::move(request), std::move(found.match));
    }
    response.headers.emplace_back("Request-Id", request_id);
    response.headers.emplace_back("Gateway-Version", std::string(kApiVersion));
    co_return response;
}

net::HttpResponse Api::protocol_error(const ProtocolError& error) const {
    const std::string request_id = new_request_id();
    net::HttpResponse response = problem_response(error, request_id);
    response.headers.emplace_back("Request-Id", request_id);
    return response;
}

}  // namespace causeway::gateway
