// SPDX-License-Identifier: Apache-2.0
//
// The provider's side of the API Pix: from a request to an answer, over the sandbox's books. Knows
// neither connections nor tricks.
#pragma once

#include "connectors/net/http.h"
#include "connectors/pix/sandbox/books.h"
#include "ledger/clock.h"

#include <boost/json/object.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::connectors::pix::sandbox {

/// A request's target, taken apart and with its percent signs resolved.
struct Target {
    std::vector<std::string> path;
    std::map<std::string, std::string> query;
};
[[nodiscard]] Target parse_target(std::string_view target);

[[nodiscard]] net::HttpResponse answer(int status, const boost::json::object& body);
[[nodiscard]] net::HttpResponse answer(const Problem& problem);

/// `path` begins after the API's base: {"cob", "..."}.
[[nodiscard]] net::HttpResponse serve_api(Books& books,
                                          const net::HttpRequest& request,
                                          const Target& target,
                                          Timestamp now);

}  // namespace causeway::connectors::pix::sandbox
