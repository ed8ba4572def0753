// SPDX-License-Identifier: Apache-2.0
//
// The whole HTTP API as one handler: find the route, check the key, call the resource, put the
// headers on that every answer has.
#pragma once

#include "gateway/api/context.h"
#include "gateway/http/options.h"
#include "gateway/http/router.h"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <string>
#include <string_view>

namespace causeway::gateway {

/// What /readyz says. Blocking: called on a reader's thread.
struct Readiness {
    bool ready = false;
    std::string report;  ///< A line for each thing that was looked at.
};

/// Threads: handle() from any thread. Lifetime: outlives every awaitable.
class Api {
  public:
    Api(ApiContext context, std::function<Readiness()> readiness);

    boost::asio::awaitable<net::HttpResponse> handle(net::HttpRequest request);

    /// What the protocol layer answers with.
    [[nodiscard]] net::HttpResponse protocol_error(const ProtocolError& error) const;

  private:
    using Resource = boost::asio::awaitable<net::HttpResponse> (*)(ApiContext api,
                                                                   ApiRequest request);

    /// Which kinds of key may call a route.
    enum class Access { any_secret, secret_only, checkout };

    void add_resource(std::string_view method,
                      std::string_view path_template,
                      Access access,
                      Resource resource);
    void add_public_routes(std::function<Readiness()> readiness);
    [[nodiscard]] std::string new_request_id() const;
    boost::asio::awaitable<net::HttpResponse> authorised(std::string endpoint,
                                                         Access access,
                                                         Resource resource,
                                                         net::HttpRequest request,
                                                         RouteMatch match);

    ApiContext context_;
    Router router_;
};

/// openapi.json as this program was built with it.
[[nodiscard]] std::string_view openapi_document() noexcept;

}  // namespace causeway::gateway
