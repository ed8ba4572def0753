// SPDX-License-Identifier: Apache-2.0
//
// What every resource does the same way: read a body, honour an Idempotency-Key, page a list,
// answer.
#pragma once

#include "gateway/api/context.h"
#include "gateway/api/problem.h"
#include "gateway/http/json_reader.h"
#include "gateway/payments/render.h"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <functional>
#include <string>
#include <variant>
#include <vector>

namespace causeway::gateway {

[[nodiscard]] net::HttpResponse json_response(int status, std::string body);
[[nodiscard]] net::HttpResponse problem_response(const Problem& problem,
                                                 std::string_view request_id);
[[nodiscard]] net::HttpResponse to_response(Reply reply);

/// Fills a wish from a body, noting what is wrong with it.
template <class Wish>
using ReadBody = std::function<Wish(ObjectReader&, std::vector<FieldError>&)>;

/// The body as JSON. An empty one counts as {}.
[[nodiscard]] std::variant<boost::json::object, Problem> json_body(const ApiRequest& request);

/// Who asks, with the key of the request; a Problem when the header is missing or wrong.
[[nodiscard]] std::variant<Caller, Problem> caller_of(const ApiRequest& request, bool key_required);

/// The same for a body with personal data in it: its fingerprint is stored, and without the vault's
/// key nobody can try names and account numbers on it.
[[nodiscard]] std::variant<Caller, Problem> private_caller_of(const ApiRequest& request,
                                                              const Vault& vault);

/// Runs a request that changes something. `wish` is what the body asks for, or what is wrong with
/// it: then the refusal too is stored under the key, and replayed.
using WishStep = std::function<Result<Step>(ledger::Transaction&, const Caller&)>;
boost::asio::awaitable<net::HttpResponse> mutate(ApiContext api,
                                                 ApiRequest request,
                                                 bool key_required,
                                                 std::variant<WishStep, Problem> wish);

/// The same for a caller who is known already.
boost::asio::awaitable<net::HttpResponse> mutate_as(ApiContext api,
                                                    ApiRequest request,
                                                    std::variant<Caller, Problem> who,
                                                    std::variant<WishStep, Problem> wish);

/// Reads on a reader's thread; `body` renders the answer's JSON, in which what `expand` names is
/// then shown whole.
using Render = std::function<Result<std::string>(ledger::Transaction&)>;
boost::asio::awaitable<net::HttpResponse> show(ApiContext api,
                                               ApiRequest request,
                                               std::string what,
                                               Render body);

/// The same for a page of a list, with a Link to the next one. `page` is what page_of() made of the
/// query. `expand` counts from each object of the list. Source: RFC 8288 section 3.
using RenderList = std::function<Result<ListPage>(ledger::Transaction&, const Page&)>;
boost::asio::awaitable<net::HttpResponse> show_list(ApiContext api,
                                                    ApiRequest request,
                                                    std::variant<Page, Problem> page,
                                                    RenderList body);

/// What is wrong with a parameter of the query.
[[nodiscard]] Problem wrong_parameter(const std::string& name, const std::string& what);

/// The page a list request asks for.
[[nodiscard]] std::variant<Page, Problem> page_of(const ApiRequest& request,
                                                  std::string_view id_prefix);

/// Reads a body into a wish: `read` takes the fields, everything else is refused.
template <class Wish>
std::variant<Wish, Problem> read_wish(const ApiRequest& request, const ReadBody<Wish>& read) {
    std::variant<boost::json::object, Problem> body = json_body(request);
    if (auto* const problem = std::get_if<Problem>(&body)) return std::move(*problem);
    std::vector<FieldError> errors;
    ObjectReader reader(std::get<boost::json::object>(body), "", errors);
    Wish wish = read(reader, errors);
    reader.finish();
    if (!errors.empty()) return invalid_request(std::move(errors));
    return wish;
}

/// Fields that several resources have.
[[nodiscard]] std::optional<ledger::Currency> read_currency(ObjectReader& reader,
                                                            std::string_view name,
                                                            Presence presence);
[[nodiscard]] std::optional<Uuid> read_id(ObjectReader& reader,
                                          std::string_view name,
                                          std::string_view prefix,
                                          Presence presence);
[[nodiscard]] std::string read_metadata(ObjectReader& reader);

}  // namespace causeway::gateway
