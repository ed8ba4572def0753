// SPDX-License-Identifier: Apache-2.0
//
// The whole HTTP API as one handler: find the route, check the key, call the resource, put the
// headers on that every answer has.
#pragma once

#include "gateway/api/admission.h"
#include "gateway/api/context.h"
#include "gateway/http/options.h"
#include "gateway/http/router.h"
#include "gateway/notifications/inbox.h"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <string>
#include <string_view>

namespace causeway::gateway {

/// What /readyz says.
struct Readiness {
    bool ready = false;
    std::string report;  ///< A line for each thing that was looked at.
};

/// Blocking: called on a reader's thread, with a snapshot of the database.
using CheckReadiness = std::function<Readiness(ledger::Transaction&)>;

/// Threads: handle() from any thread. Lifetime: outlives every awaitable.
class Api {
  public:
    Api(ApiContext context, CheckReadiness readiness);

    boost::asio::awaitable<net::HttpResponse> handle(net::HttpRequest request);

    /// What the protocol layer answers with.
    [[nodiscard]] net::HttpResponse protocol_error(const ProtocolError& error) const;

    /// Where providers' messages come in; for metrics.
    [[nodiscard]] const Inbox& inbox() const noexcept { return inbox_; }
    [[nodiscard]] Inbox& inbox() noexcept { return inbox_; }

  private:
    using Resource = boost::asio::awaitable<net::HttpResponse> (*)(ApiContext api,
                                                                   ApiRequest request);

    void add_resource(std::string_view method,
                      std::string_view path_template,
                      Access access,
                      Resource resource);
    void add_exchange_resources();
    void add_webhook_resources();
    void add_party_resources();
    void add_public_routes(CheckReadiness readiness);
    [[nodiscard]] std::string new_request_id() const;
    void add_core_routes();
    boost::asio::awaitable<net::HttpResponse> authorised(RouteRule rule,
                                                         Resource resource,
                                                         net::HttpRequest request,
                                                         RouteMatch match);
    boost::asio::awaitable<net::HttpResponse> dispatch(Router::Found found,
                                                       net::HttpRequest request);

    ApiContext context_;
    Inbox inbox_;
    Router router_;
};

/// openapi.json as this program was built with it.
[[nodiscard]] std::string_view openapi_document() noexcept;

}  // namespace causeway::gateway
