// SPDX-License-Identifier: Apache-2.0
#include "gateway/api/api.h"

#include "gateway/api/exchange.h"
#include "gateway/api/request_notes.h"
#include "gateway/api/resources.h"
#include "gateway/api/version.h"
#include "gateway/collections/documents.h"
#include "gateway/commit.h"

namespace asio = boost::asio;

namespace causeway::gateway {
namespace {

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

InTransaction<Readiness> looking(CheckReadiness readiness) {
    return [check = std::move(readiness)](ledger::Transaction& snapshot) {
        return Result<Readiness>(check(snapshot));
    };
}

asio::awaitable<net::HttpResponse> answer_readyz(ApiContext api, CheckReadiness readiness) {
    InTransaction<Readiness> look = looking(std::move(readiness));
    const Result<Readiness> found =
        co_await read<Readiness>(api.database, api.readers, std::move(look));
    if (!found) co_return text_response(503, "database: cannot be read\n");
    const int status = found->ready ? 200 : 503;
    co_return text_response(status, found->report);
}

// The text format's own media type. Source: Prometheus, "Exposition formats", version 0.0.4.
constexpr std::string_view kMetricsType = "text/plain; version=0.0.4; charset=utf-8";

InTransaction<std::string> scraping(Metrics& metrics) {
    return [&metrics](ledger::Transaction& snapshot) {
        return Result<std::string>(metrics.render(snapshot));
    };
}

asio::awaitable<net::HttpResponse> answer_metrics(ApiContext api) {
    InTransaction<std::string> scrape = scraping(*api.metrics);
    Result<std::string> text =
        co_await read<std::string>(api.database, api.readers, std::move(scrape));
    if (!text) co_return text_response(503, "database: cannot be read\n");
    net::HttpResponse response;
    response.status = 200;
    response.headers.emplace_back("Content-Type", std::string(kMetricsType));
    response.headers.emplace_back("Cache-Control", "no-store");
    response.body = *std::move(text);
    co_return response;
}

}  // namespace

Api::Api(ApiContext context, CheckReadiness readiness)
    : context_(context), inbox_(context.database, context.service) {
    add_public_routes(std::move(readiness));
    add_core_routes();
}

void Api::add_core_routes() {
    const Access secret = Access::writing;
    const Access reading = Access::reading;
    add_resource("POST", "/v1/payments", secret, post_payment);
    add_resource("GET", "/v1/payments", reading, list_payments_route);
    add_resource("GET", "/v1/payments/{id}", reading, get_payment);
    add_resource("POST", "/v1/payments/{id}/confirm", secret, post_confirm);
    add_resource("POST", "/v1/payments/{id}/cancel", secret, post_cancel);
    add_resource("POST", "/v1/payments/{id}/captures", secret, post_capture);
    add_resource("GET", "/v1/payments/{id}/captures", reading, list_captures_route);
    add_resource("POST", "/v1/payments/{id}/increment", secret, post_increment);
    add_resource("GET", "/v1/payments/{id}/timeline", reading, list_timeline_route);
    add_resource("GET", "/v1/disputes", reading, list_disputes_route);
    add_resource("GET", "/v1/disputes/{id}", reading, get_dispute);
    add_resource("POST", "/v1/disputes/{id}/evidence", secret, post_evidence);
    add_resource("POST", "/v1/disputes/{id}/accept", secret, post_accept);
    add_resource("POST", "/v1/refunds", secret, post_refund);
    add_resource("GET", "/v1/refunds", reading, list_refunds_route);
    add_resource("GET", "/v1/refunds/{id}", reading, get_refund);
    add_resource("GET", "/v1/balance", reading, get_balance);
    add_resource("GET", "/v1/balance_transactions", reading, list_balance_transactions_route);
    add_resource("GET", "/v1/balance_transactions/{id}", reading, get_balance_transaction);
    add_resource("POST", "/v1/payment_methods", Access::checkout, post_payment_method);
    add_exchange_resources();
    add_webhook_resources();
    add_party_resources();
}

void Api::add_exchange_resources() {
    const Access reading = Access::reading;
    const Access shown = Access::checkout_reading;
    add_resource("POST", "/v1/fx/quotes", Access::writing, post_quote);
    add_resource("GET", "/v1/fx/quotes", reading, list_quotes_route);
    add_resource("GET", "/v1/fx/quotes/{id}", reading, get_quote);
    add_resource("GET", "/v1/fx/quotes/{id}/disclosure", reading, get_disclosure);
    add_resource("GET", "/v1/fx/rates", shown, list_rates_route);
    add_resource("GET", "/v1/fx/presentment", shown, list_presentment_route);
}

void Api::add_party_resources() {
    const Access secret = Access::writing;
    const Access reading = Access::reading;
    add_resource("POST", "/v1/customers", secret, post_customer);
    add_resource("GET", "/v1/customers", reading, list_customers_route);
    add_resource("GET", "/v1/customers/{id}", reading, get_customer);
    add_resource("POST", "/v1/merchants", secret, post_merchant);
    add_resource("GET", "/v1/merchants", reading, list_merchants_route);
    add_resource("GET", "/v1/merchants/{id}", reading, get_merchant);
    add_resource("GET", "/v1/connectors", reading, list_connectors_route);
    add_resource("GET", "/v1/currencies", reading, list_currencies_route);
}

void Api::add_webhook_resources() {
    const Access secret = Access::writing;
    const Access reading = Access::reading;
    const std::string one = "/v1/webhook_endpoints/{id}";
    add_resource("POST", "/v1/webhook_endpoints", secret, post_webhook_endpoint);
    add_resource("GET", "/v1/webhook_endpoints", reading, list_webhook_endpoints_route);
    add_resource("GET", one, reading, get_webhook_endpoint);
    add_resource("DELETE", one, secret, delete_webhook_endpoint);
    add_resource("POST", one + "/rotate_secret", secret, post_rotate_secret);
    add_resource("GET", "/v1/events", reading, list_events_route);
    add_resource("GET", "/v1/events/{id}", reading, get_event);
    add_resource("GET", "/v1/events/{id}/deliveries", reading, list_deliveries_route);
    add_resource("POST", "/v1/events/{id}/redeliver", secret, post_redeliver);
}

void Api::add_public_routes(CheckReadiness readiness) {
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
    // No key: the provider's signature says who speaks. Some append a word of their own to the
    // address they are given, as Pix does with "/pix".
    for (const char* const path :
         {"/v1/notifications/{connector}", "/v1/notifications/{connector}/{what}"}) {
        router_.add("POST", path, [this](net::HttpRequest request, const RouteMatch& match) {
            const std::string* const connector = find_parameter(match.params, "connector");
            std::string request_id = request_id_of(request);
            return inbox_.receive(std::move(request), *connector, std::move(request_id));
        });
    }
    // No key either: buyers have none. The address holds what they may know.
    router_.add("GET",
                "/documents/{payment}/{key}/{format}",
                [this](const net::HttpRequest& request, const RouteMatch& match) {
                    DocumentAddress address{.payment = *find_parameter(match.params, "payment"),
                                            .key = *find_parameter(match.params, "key"),
                                            .format = *find_parameter(match.params, "format")};
                    return show_document(context_.service.shop(),
                                         context_.database,
                                         context_.readers,
                                         std::move(address),
                                         request_id_of(request));
                });
    if (context_.metrics == nullptr) return;
    router_.add("GET", "/metrics", [this](const net::HttpRequest&, const RouteMatch&) {
        return answer_metrics(context_);
    });
}

void Api::add_resource(std::string_view method,
                       std::string_view path_template,
                       Access access,
                       Resource resource) {
    const RouteRule rule = route_rule(method, path_template, access);
    router_.add(
        method, path_template, [this, rule, resource](net::HttpRequest request, RouteMatch match) {
            return authorised(rule, resource, std::move(request), std::move(match));
        });
}

std::string Api::new_request_id() const {
    return to_text("req", context_.service.shop().ids.next());
}

asio::awaitable<net::HttpResponse> Api::authorised(RouteRule rule,
                                                   Resource resource,
                                                   net::HttpRequest request,
                                                   RouteMatch match) {
    const std::string request_id = request_id_of(request);
    Admission admission = co_await admit(context_, rule, std::move(request), std::move(match));
    net::HttpResponse response;
    if (auto* const call = std::get_if<ApiRequest>(&admission.outcome)) {
        response = co_await resource(context_, std::move(*call));
    } else {
        response = problem_response(std::get<Problem>(admission.outcome), request_id);
    }
    for (auto& header : admission.headers)
        response.headers.push_back(std::move(header));
    co_return response;
}

asio::awaitable<net::HttpResponse> Api::dispatch(Router::Found found, net::HttpRequest request) {
    const std::string request_id = request_id_of(request);
    if (found.handler != nullptr) {
        co_return co_await (*found.handler)(std::move(request), std::move(found.match));
    }
    net::HttpResponse response;
    const bool asks_methods = request.method == "OPTIONS" && !found.allow.empty();
    if (asks_methods) {
        response.status = 204;
    } else {
        response = problem_response(route_problem(found.outcome), request_id);
    }
    if (!found.allow.empty()) response.headers.emplace_back("Allow", found.allow);
    co_return response;
}

asio::awaitable<net::HttpResponse> Api::handle(net::HttpRequest request) {
    const std::string request_id = new_request_id();
    const auto began = std::chrono::steady_clock::now();
    mark_request(request, request_id, context_.service.shop().ids);
    Router::Found found = router_.find(request.method, request.target);
    RequestFacts facts = facts_of(request, found);
    net::HttpResponse response = co_await dispatch(std::move(found), std::move(request));
    response.headers.emplace_back("Request-Id", request_id);
    if (net::find_header(response.headers, "Gateway-Version") == nullptr) {
        response.headers.emplace_back("Gateway-Version", std::string(kApiVersion));
    }
    facts.status = response.status;
    facts.took = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now() - began);
    note_request(context_.metrics, facts);
    co_return response;
}

net::HttpResponse Api::protocol_error(const ProtocolError& error) const {
    const std::string request_id = new_request_id();
    net::HttpResponse response = problem_response(error, request_id);
    response.headers.emplace_back("Request-Id", request_id);
    return response;
}

}  // namespace causeway::gateway
