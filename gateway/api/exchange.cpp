// SPDX-License-Identifier: Apache-2.0
#include "gateway/api/exchange.h"

#include "gateway/api/expand.h"
#include "gateway/commit.h"

#include <boost/json/serialize.hpp>

#include <array>
#include <charconv>

namespace asio = boost::asio;
namespace json = boost::json;

namespace causeway::gateway {
namespace {

constexpr int kPageMax = 100;
constexpr std::string_view kJson = "application/json";
constexpr std::string_view kProblemJson = "application/problem+json";

// A text that is the same for two requests exactly when they ask for the same.
Sha256 fingerprint_of(const ApiRequest& request) {
    std::string text(request.target_path());
    text += '\n';
    text += request.http.body;
    return sha256(text);
}

Result<Step> remember_refusal(ledger::Transaction& tx,
                              const Workshop& shop,
                              const Caller& caller,
                              const Problem& problem) {
    const Result<Claimed> claimed = claim_key(tx, shop, caller, "");
    if (!claimed) return claimed.error();
    if (claimed->step) return *claimed->step;
    return refuse(tx, caller, problem);
}

PaymentService::FirstStep first_step(const Workshop& shop,
                                     const Caller& caller,
                                     std::variant<WishStep, Problem> wish) {
    if (auto* const problem = std::get_if<Problem>(&wish)) {
        return [&shop, caller, refusal = std::move(*problem)](ledger::Transaction& tx) {
            return remember_refusal(tx, shop, caller, refusal);
        };
    }
    return [caller, step = std::get<WishStep>(std::move(wish))](ledger::Transaction& tx) {
        return step(tx, caller);
    };
}

InTransaction<Shown<std::string>> on_object(ApiContext api,
                                            const ApiRequest& request,
                                            Render body) {
    return [inner = std::move(body), sight = sight_of(api, request), paths = request.expand](
               ledger::Transaction& tx) -> Result<Shown<std::string>> {
        Result<std::string> text = inner(tx);
        if (!text) return text.error();
        if (paths.empty()) return Shown<std::string>(*std::move(text));
        return expand_object(tx, sight, *text, paths);
    };
}

InTransaction<Shown<ListPage>> on_page(ApiContext api,
                                       const ApiRequest& request,
                                       RenderList body,
                                       const Page& page) {
    return [inner = std::move(body), page, sight = sight_of(api, request), paths = request.expand](
               ledger::Transaction& tx) -> Result<Shown<ListPage>> {
        Result<ListPage> list = inner(tx, page);
        if (!list) return list.error();
        if (paths.empty()) return Shown<ListPage>(*std::move(list));
        Result<Shown<std::string>> body_text = expand_list(tx, sight, list->body, paths);
        if (!body_text) return body_text.error();
        if (auto* const problem = std::get_if<Problem>(&*body_text)) {
            return Shown<ListPage>(std::move(*problem));
        }
        list->body = std::get<std::string>(*std::move(body_text));
        return Shown<ListPage>(*std::move(list));
    };
}

// Source: RFC 3986 section 2.3.
std::string percent_encoded(std::string_view text) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    constexpr std::string_view kPlain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    std::string encoded;
    for (const char letter : text) {
        const auto byte = static_cast<unsigned char>(letter);
        if (kPlain.find(letter) != std::string_view::npos) {
            encoded += letter;
        } else {
            encoded += '%';
            encoded += kDigits[byte >> 4U];
            encoded += kDigits[byte & 15U];
        }
    }
    return encoded;
}

// Every parameter of the query but the cursors, which the next page has its own of.
std::string with_parameters(std::string link, const ApiRequest& request) {
    for (const auto& [name, value] : request.query) {
        const bool cursor = name == "starting_after" || name == "ending_before";
        if (!cursor) link += "&" + percent_encoded(name) + "=" + percent_encoded(value);
    }
    for (const std::string& path : request.expand)
        link += "&expand=" + percent_encoded(path);
    return link;
}

bool read_limit(const std::string& text, int& limit) {
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), limit);
    return failed == std::errc{} && end == text.data() + text.size() && limit >= 1 &&
           limit <= kPageMax;
}

}  // namespace

Problem wrong_parameter(const std::string& name, const std::string& what) {
    Problem problem = make_problem("invalid_request", name + " " + what);
    problem.param = name;
    return problem;
}

net::HttpResponse json_response(int status, std::string body) {
    return {.status = status,
            .headers = {{"Content-Type", std::string(status < 400 ? kJson : kProblemJson)},
                        {"Cache-Control", "no-store"}},
            .body = std::move(body)};
}

net::HttpResponse problem_response(const Problem& problem, std::string_view request_id) {
    net::HttpResponse response = json_response(problem.status, render(problem, request_id));
    if (problem.retry_after_s > 0) {
        response.headers.emplace_back("Retry-After", std::to_string(problem.retry_after_s));
    }
    if (problem.status == 401) {
        response.headers.emplace_back("WWW-Authenticate", "Bearer, Basic realm=\"Causeway\"");
    }
    return response;
}

net::HttpResponse to_response(Reply reply) {
    net::HttpResponse response = json_response(reply.status, std::move(reply.body));
    if (reply.replayed) response.headers.emplace_back("Idempotency-Replayed", "true");
    if (reply.retry_after_s > 0) {
        response.headers.emplace_back("Retry-After", std::to_string(reply.retry_after_s));
    }
    return response;
}

std::variant<json::object, Problem> json_body(const ApiRequest& request) {
    if (request.http.body.empty()) return json::object();
    std::variant<json::object, FieldError> parsed = read_json_object(request.http.body);
    if (auto* const object = std::get_if<json::object>(&parsed)) return std::move(*object);
    const FieldError& error = std::get<FieldError>(parsed);
    if (error.code != "invalid_json") return invalid_request({error});
    Problem problem = make_problem("invalid_json", "The body " + error.detail + ".");
    problem.errors.push_back(error);
    return problem;
}

std::variant<Caller, Problem> caller_of(const ApiRequest& request, bool key_required) {
    Caller caller{.scope = request.key.scope,
                  .request_id = request.request_id,
                  .idempotency = std::nullopt,
                  .traceparent = request.traceparent};
    const std::string* const header = net::find_header(request.http.headers, "Idempotency-Key");
    if (header == nullptr) {
        if (!key_required) return caller;
        return make_problem("idempotency_key_required",
                            "Requests that can move money need an Idempotency-Key header.");
    }
    Result<std::string> key = parse_idempotency_key(*header);
    if (!key) return make_problem("idempotency_key_invalid", key.error().detail() + ".");
    caller.idempotency = IdempotencyKey{.scope = request.key.scope,
                                        .endpoint = request.endpoint,
                                        .key = *std::move(key),
                                        .fingerprint = fingerprint_of(request)};
    return caller;
}

std::variant<Caller, Problem> private_caller_of(const ApiRequest& request, const Vault& vault) {
    std::variant<Caller, Problem> who = caller_of(request, false);
    auto* const caller = std::get_if<Caller>(&who);
    if (caller != nullptr && caller->idempotency) {
        std::string text(request.target_path());
        text += '\n';
        text += request.http.body;
        caller->idempotency->fingerprint = vault.keyed_digest(text);
    }
    return who;
}

asio::awaitable<net::HttpResponse> mutate(ApiContext api,
                                          ApiRequest request,
                                          bool key_required,
                                          std::variant<WishStep, Problem> wish) {
    std::variant<Caller, Problem> who = caller_of(request, key_required);
    return mutate_as(api, std::move(request), std::move(who), std::move(wish));
}

asio::awaitable<net::HttpResponse> mutate_as(ApiContext api,
                                             ApiRequest request,
                                             std::variant<Caller, Problem> who,
                                             std::variant<WishStep, Problem> wish) {
    if (const auto* const problem = std::get_if<Problem>(&who)) {
        co_return problem_response(*problem, request.request_id);
    }
    const Caller caller = std::get<Caller>(std::move(who));
    const auto* const problem = std::get_if<Problem>(&wish);
    if (problem != nullptr && !caller.idempotency) {
        co_return problem_response(*problem, request.request_id);
    }
    PaymentService::FirstStep first = first_step(api.service.shop(), caller, std::move(wish));
    Reply reply = co_await api.service.run(caller, std::move(first));
    co_return to_response(std::move(reply));
}

asio::awaitable<net::HttpResponse> show(ApiContext api,
                                        ApiRequest request,
                                        std::string what,
                                        Render body) {
    InTransaction<Shown<std::string>> work = on_object(api, request, std::move(body));
    Result<Shown<std::string>> shown =
        co_await read<Shown<std::string>>(api.database, api.readers, std::move(work));
    if (!shown) co_return problem_response(missing(shown.error(), what), request.request_id);
    if (const auto* const problem = std::get_if<Problem>(&*shown)) {
        co_return problem_response(*problem, request.request_id);
    }
    co_return json_response(200, std::get<std::string>(*std::move(shown)));
}

asio::awaitable<net::HttpResponse> show_list(ApiContext api,
                                             ApiRequest request,
                                             std::variant<Page, Problem> page,
                                             RenderList body) {
    if (const auto* const problem = std::get_if<Problem>(&page)) {
        co_return problem_response(*problem, request.request_id);
    }
    InTransaction<Shown<ListPage>> work =
        on_page(api, request, std::move(body), std::get<Page>(page));
    Result<Shown<ListPage>> shown =
        co_await read<Shown<ListPage>>(api.database, api.readers, std::move(work));
    if (!shown) co_return problem_response(missing(shown.error(), "object"), request.request_id);
    if (const auto* const problem = std::get_if<Problem>(&*shown)) {
        co_return problem_response(*problem, request.request_id);
    }
    ListPage list = std::get<ListPage>(*std::move(shown));
    net::HttpResponse response = json_response(200, std::move(list.body));
    if (!list.next.empty()) {
        const std::string link = with_parameters("<" + list.next, request);
        response.headers.emplace_back("Link", link + ">; rel=\"next\"");
    }
    co_return response;
}

std::variant<Page, Problem> page_of(const ApiRequest& request, std::string_view id_prefix) {
    Page page;
    for (const auto& [name, value] : request.query) {
        if (name == "limit") {
            if (!read_limit(value, page.limit)) return wrong_parameter(name, "must be 1 to 100");
        } else if (name == "starting_after" || name == "ending_before") {
            const Result<Uuid> id = parse_id(id_prefix, value);
            if (!id) return wrong_parameter(name, "must be an id of this list");
            (name == "starting_after" ? page.starting_after : page.ending_before) = *id;
        } else if (name == "created_at[gte]" || name == "created_at[lt]") {
            const Result<Timestamp> moment = parse_rfc3339(value);
            if (!moment) return wrong_parameter(name, "must be an RFC 3339 date-time");
            (name == "created_at[gte]" ? page.created_from : page.created_until) = *moment;
        } else {
            return wrong_parameter(name, "is not a parameter of this list");
        }
    }
    if (page.starting_after && page.ending_before) {
        return wrong_parameter("ending_before", "cannot be combined with starting_after");
    }
    return page;
}

std::optional<ledger::Currency> read_currency(ObjectReader& reader,
                                              std::string_view name,
                                              Presence presence) {
    const std::optional<std::string> code = reader.text(name, presence);
    if (!code) return std::nullopt;
    const Result<ledger::Currency> currency = ledger::Currency::from_code(*code);
    if (currency) return *currency;
    reader.fail(name, "unknown_value", "is not an ISO 4217 currency code in upper case");
    return std::nullopt;
}

std::optional<Uuid> read_id(ObjectReader& reader,
                            std::string_view name,
                            std::string_view prefix,
                            Presence presence) {
    const std::optional<std::string> text = reader.text(name, presence);
    if (!text) return std::nullopt;
    const Result<Uuid> id = parse_id(prefix, *text);
    if (id) return *id;
    reader.fail(name, "invalid_format", "is not an id of the kind " + std::string(prefix));
    return std::nullopt;
}

std::string read_metadata(ObjectReader& reader) {
    json::object members;
    for (const auto& [key, value] : reader.string_map("metadata"))
        members[key] = value;
    return json::serialize(members);
}

}  // namespace causeway::gateway
