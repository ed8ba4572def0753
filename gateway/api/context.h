// SPDX-License-Identifier: Apache-2.0
//
// What the resources of the API work with, and what they know of a request.
#pragma once

#include "connectors/net/http.h"
#include "fx/source.h"
#include "gateway/api/key_ring.h"
#include "gateway/payments/service.h"
#include "gateway/webhooks/desk.h"
#include "ledger/store/database.h"

#include <boost/asio/thread_pool.hpp>

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::gateway {

class Metrics;
class RateLimiter;

/// Lifetime: borrowed; outlives every request.
struct ApiContext {
    ledger::Database& database;
    boost::asio::thread_pool& readers;
    PaymentService& service;
    KeyRing& keys;
    CvcMemory& cvcs;
    const WebhookDesk& webhooks;
    RateLimiter* limits = nullptr;                      ///< None: no key is limited.
    Metrics* metrics = nullptr;                         ///< None: nothing is counted.
    std::span<const fx::RateSource> rate_sources = {};  ///< Who is asked for reference rates.
};

/// A request whose key was accepted.
struct ApiRequest {
    net::HttpRequest http;
    std::string endpoint;                      ///< "POST /v1/payments/{id}/captures"
    std::map<std::string, std::string> path;   ///< Parameters of the template.
    std::map<std::string, std::string> query;  ///< Decoded; no name twice.
    std::vector<std::string> expand;           ///< What "expand=" names.
    ApiKey key;                                ///< Its scope is that of the merchant acted for.
    std::string request_id;
    std::string traceparent;  ///< To be handed on: the caller's trace, our span.
    std::string version;      ///< Of the contract.

    [[nodiscard]] std::string_view target_path() const {
        return std::string_view(http.target).substr(0, http.target.find('?'));
    }
};

}  // namespace causeway::gateway
