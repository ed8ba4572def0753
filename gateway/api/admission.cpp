// SPDX-License-Identifier: Apache-2.0
#include "gateway/api/admission.h"

#include "gateway/api/exchange.h"
#include "gateway/api/rate_limit.h"
#include "gateway/api/trace.h"
#include "gateway/api/version.h"
#include "gateway/merchants/permissions.h"

namespace asio = boost::asio;

namespace causeway::gateway {
namespace {

constexpr std::string_view kRequestIdHeader = "X-Causeway-Request-Id";
constexpr std::string_view kTraceHeader = "traceparent";
constexpr std::size_t kExpandMax = 10;

Problem no_key() {
    return make_problem("unauthorized",
                        "An API key is required: Authorization: Bearer sk_test_...");
}

// Counts the request and says so; a Problem when the key has sent too many.
std::optional<Problem> check_rate(const ApiContext& api,
                                  const ApiKey& key,
                                  net::HttpHeaders& headers) {
    if (api.limits == nullptr || !api.limits->limits()) return std::nullopt;
    const RateVerdict verdict = api.limits->take(key.hash, api.service.shop().clock.now());
    headers.emplace_back("RateLimit-Policy", api.limits->policy_field());
    headers.emplace_back("RateLimit", verdict.field());
    if (verdict.allowed) return std::nullopt;
    Problem problem = make_problem("rate_limited", "This key sends too many requests.");
    problem.retry_after_s = static_cast<int>(verdict.retry_in_s);
    return problem;
}

// `expand` alone may stand more than once.
std::optional<Problem> take_parameters(RouteMatch match, ApiRequest& call) {
    for (auto& [name, value] : match.params)
        call.path.insert_or_assign(name, std::move(value));
    for (auto& [name, value] : match.query) {
        if (name == "expand" || name == "expand[]") {
            call.expand.push_back(std::move(value));
            continue;
        }
        if (call.query.insert_or_assign(name, std::move(value)).second) continue;
        return wrong_parameter(name, "stands twice");
    }
    if (call.expand.size() > kExpandMax) {
        return wrong_parameter("expand", "stands more than ten times");
    }
    const bool reads = call.http.method == "GET" || call.http.method == "HEAD";
    if (!call.expand.empty() && !reads) {
        return wrong_parameter("expand", "is for GET requests");
    }
    return std::nullopt;
}

std::optional<Problem> choose_version(const net::HttpRequest& request,
                                      ApiRequest& call,
                                      net::HttpHeaders& headers) {
    const std::string* const header = net::find_header(request.headers, "Gateway-Version");
    const auto wanted = header == nullptr ? std::nullopt : std::optional<std::string_view>(*header);
    const std::optional<std::string_view> version = version_for(wanted, call.key.version);
    if (!version) {
        return make_problem("unsupported_version",
                            "This gateway speaks " + std::string(kApiVersion) + ".");
    }
    call.version = *version;
    headers.emplace_back("Gateway-Version", call.version);
    return std::nullopt;
}

// Whether the merchant is another's or nobody's makes no difference.
Problem may_not_act() {
    return make_problem("forbidden", "This key may not act for that merchant.");
}

// The merchant that a platform acts for, by the header Gateway-Merchant.
asio::awaitable<std::optional<Problem>> choose_merchant(ApiContext api,
                                                        const net::HttpRequest& request,
                                                        ApiRequest& call) {
    const std::string* const header = net::find_header(request.headers, "Gateway-Merchant");
    if (header == nullptr) co_return std::nullopt;
    const Result<Uuid> merchant = parse_id("mer", *header);
    if (!merchant) co_return may_not_act();
    if (*merchant == call.key.scope.merchant) co_return std::nullopt;
    const Result<bool> allowed = co_await api.keys.may_act(call.key.scope.merchant, *merchant);
    if (!allowed) co_return internal_problem(allowed.error());
    if (!*allowed) co_return may_not_act();
    call.key.scope.merchant = *merchant;
    co_return std::nullopt;
}

asio::awaitable<std::variant<ApiKey, Problem>> find_key_of(ApiContext api,
                                                           const net::HttpRequest& request) {
    const std::string* const header = net::find_header(request.headers, "Authorization");
    const std::optional<std::string> key =
        header == nullptr ? std::nullopt : key_in_header(*header);
    if (!key) co_return no_key();
    Result<ApiKey> known = co_await api.keys.find(*key);
    if (known) co_return *std::move(known);
    const bool nobody = known.error().code() == ErrorCode::not_found;
    if (nobody) co_return no_key();
    co_return internal_problem(known.error());
}

}  // namespace

RouteRule route_rule(std::string_view method, std::string_view path_template, Access access) {
    return {.endpoint = std::string(method) + " " + std::string(path_template),
            .resource = std::string(resource_of(path_template)),
            .access = access};
}

bool may_call(const ApiKey& key, const RouteRule& rule) noexcept {
    const bool reads = rule.access == Access::reading || rule.access == Access::checkout_reading;
    const bool at_checkout =
        rule.access == Access::checkout || rule.access == Access::checkout_reading;
    switch (key.kind) {
        case KeyKind::secret: return true;
        case KeyKind::publishable: return at_checkout;
        case KeyKind::restricted: return permits(key.permissions, rule.resource, !reads);
    }
    return false;
}

asio::awaitable<Admission> admit(ApiContext api,
                                 const RouteRule& rule,
                                 net::HttpRequest request,
                                 RouteMatch match) {
    Admission admission{.outcome = no_key(), .headers = {}};
    std::variant<ApiKey, Problem> known = co_await find_key_of(api, request);
    if (auto* const problem = std::get_if<Problem>(&known)) {
        admission.outcome = std::move(*problem);
        co_return admission;
    }
    ApiRequest call;
    call.endpoint = rule.endpoint;
    call.request_id = request_id_of(request);
    call.key = std::get<ApiKey>(std::move(known));
    std::optional<Problem> problem = check_rate(api, call.key, admission.headers);
    if (!problem && !may_call(call.key, rule)) {
        problem = make_problem("forbidden", "This key may not call this path.");
    }
    if (!problem) problem = choose_version(request, call, admission.headers);
    if (!problem) problem = co_await choose_merchant(api, request, call);
    const std::string* const trace = net::find_header(request.headers, kTraceHeader);
    if (trace != nullptr) call.traceparent = *trace;
    call.http = std::move(request);
    if (!problem) problem = take_parameters(std::move(match), call);
    if (problem) {
        admission.outcome = *std::move(problem);
    } else {
        admission.outcome = std::move(call);
    }
    co_return admission;
}

void mark_request(net::HttpRequest& request, const std::string& request_id, IdSource& ids) {
    const std::string* const sent = net::find_header(request.headers, kTraceHeader);
    net::HttpHeaders marks{{std::string(kRequestIdHeader), request_id},
                           {std::string(kTraceHeader), continue_trace(sent, ids).header()}};
    request.headers.insert(request.headers.begin(), marks.begin(), marks.end());
}

std::string request_id_of(const net::HttpRequest& request) {
    const std::string* const id = net::find_header(request.headers, kRequestIdHeader);
    return id == nullptr ? std::string() : *id;
}

}  // namespace causeway::gateway
