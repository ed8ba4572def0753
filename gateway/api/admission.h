// SPDX-License-Identifier: Apache-2.0
//
// The way from a request to one whose key was accepted: who asks, not too often, for something
// that this key may do, in a version that we speak, for whom, and with which parameters.
#pragma once

#include "gateway/api/context.h"
#include "gateway/api/problem.h"
#include "gateway/http/router.h"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <string_view>
#include <variant>

namespace causeway::gateway {

/// What a route does with its resource. A restricted key needs the permission for it.
enum class Access {
    reading,
    writing,
    checkout,          ///< Writing that a publishable key may do too.
    checkout_reading,  ///< Reading that a publishable key may do too.
};

struct RouteRule {
    std::string endpoint;  ///< "POST /v1/payments/{id}/captures"
    std::string resource;  ///< "payments"
    Access access;
};

/// Requires a `path_template` that resource_of() knows.
[[nodiscard]] RouteRule route_rule(std::string_view method,
                                   std::string_view path_template,
                                   Access access);

[[nodiscard]] bool may_call(const ApiKey& key, const RouteRule& rule) noexcept;

/// `headers` go onto the answer either way.
struct Admission {
    std::variant<ApiRequest, Problem> outcome;
    net::HttpHeaders headers;
};

/// Requires `request` to carry the headers that mark_request() puts in front.
boost::asio::awaitable<Admission> admit(ApiContext api,
                                        const RouteRule& rule,
                                        net::HttpRequest request,
                                        RouteMatch match);

/// Puts our own id and trace before what the client sent: the first of a name is the one found.
void mark_request(net::HttpRequest& request, const std::string& request_id, IdSource& ids);
[[nodiscard]] std::string request_id_of(const net::HttpRequest& request);

}  // namespace causeway::gateway
