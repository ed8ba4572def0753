// SPDX-License-Identifier: Apache-2.0
//
// The resources of the API: one function a route, one file a resource.
#pragma once

#include "gateway/api/context.h"

#include <boost/asio/awaitable.hpp>

namespace causeway::gateway {

using ResourceAnswer = boost::asio::awaitable<net::HttpResponse>;

// payments_api.cpp
ResourceAnswer post_payment(ApiContext api, ApiRequest request);
ResourceAnswer get_payment(ApiContext api, ApiRequest request);
ResourceAnswer list_payments_route(ApiContext api, ApiRequest request);
ResourceAnswer post_confirm(ApiContext api, ApiRequest request);
ResourceAnswer post_cancel(ApiContext api, ApiRequest request);
ResourceAnswer post_capture(ApiContext api, ApiRequest request);
ResourceAnswer list_captures_route(ApiContext api, ApiRequest request);
ResourceAnswer post_increment(ApiContext api, ApiRequest request);
ResourceAnswer list_timeline_route(ApiContext api, ApiRequest request);

// refunds_api.cpp
ResourceAnswer post_refund(ApiContext api, ApiRequest request);
ResourceAnswer get_refund(ApiContext api, ApiRequest request);
ResourceAnswer list_refunds_route(ApiContext api, ApiRequest request);

// disputes_api.cpp
ResourceAnswer post_evidence(ApiContext api, ApiRequest request);
ResourceAnswer post_accept(ApiContext api, ApiRequest request);
ResourceAnswer get_dispute(ApiContext api, ApiRequest request);
ResourceAnswer list_disputes_route(ApiContext api, ApiRequest request);

// tokens_api.cpp
ResourceAnswer post_payment_method(ApiContext api, ApiRequest request);

// fx_api.cpp
ResourceAnswer post_quote(ApiContext api, ApiRequest request);
ResourceAnswer get_quote(ApiContext api, ApiRequest request);
ResourceAnswer list_quotes_route(ApiContext api, ApiRequest request);
ResourceAnswer get_disclosure(ApiContext api, ApiRequest request);

// rates_api.cpp
ResourceAnswer list_rates_route(ApiContext api, ApiRequest request);
ResourceAnswer list_presentment_route(ApiContext api, ApiRequest request);

// balance_api.cpp
ResourceAnswer get_balance(ApiContext api, ApiRequest request);
ResourceAnswer get_balance_transaction(ApiContext api, ApiRequest request);
ResourceAnswer list_balance_transactions_route(ApiContext api, ApiRequest request);

// webhooks_api.cpp
ResourceAnswer post_webhook_endpoint(ApiContext api, ApiRequest request);
ResourceAnswer get_webhook_endpoint(ApiContext api, ApiRequest request);
ResourceAnswer list_webhook_endpoints_route(ApiContext api, ApiRequest request);
ResourceAnswer delete_webhook_endpoint(ApiContext api, ApiRequest request);
ResourceAnswer post_rotate_secret(ApiContext api, ApiRequest request);
ResourceAnswer get_event(ApiContext api, ApiRequest request);
ResourceAnswer list_events_route(ApiContext api, ApiRequest request);
ResourceAnswer list_deliveries_route(ApiContext api, ApiRequest request);
ResourceAnswer post_redeliver(ApiContext api, ApiRequest request);

// customers_api.cpp
ResourceAnswer post_customer(ApiContext api, ApiRequest request);
ResourceAnswer get_customer(ApiContext api, ApiRequest request);
ResourceAnswer list_customers_route(ApiContext api, ApiRequest request);

// merchants_api.cpp
ResourceAnswer post_merchant(ApiContext api, ApiRequest request);
ResourceAnswer get_merchant(ApiContext api, ApiRequest request);
ResourceAnswer list_merchants_route(ApiContext api, ApiRequest request);

// meta_api.cpp
ResourceAnswer list_connectors_route(ApiContext api, ApiRequest request);
ResourceAnswer list_currencies_route(ApiContext api, ApiRequest request);

}  // namespace causeway::gateway
