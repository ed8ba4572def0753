// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/problem.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace causeway::gateway {

net::HttpResponse problem_response(const ProtocolError& error, std::string_view request_id) {
    boost::json::object members;
    members["type"] = "about:blank";
    members["title"] = error.title;
    members["status"] = error.status;
    members["detail"] = error.detail;
    members["code"] = error.code;
    members["request_id"] = request_id;
    members["retryable"] = error.retryable;

    net::HttpResponse response;
    response.status = error.status;
    response.headers.emplace_back("Content-Type", "application/problem+json");
    response.headers.emplace_back("Cache-Control", "no-store");
    response.body = boost::json::serialize(members);
    return response;
}

}  // namespace causeway::gateway
