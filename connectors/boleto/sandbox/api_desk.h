// SPDX-License-Identifier: Apache-2.0
//
// The bank's side of its API: from a request to an answer, over the sandbox's books. Knows neither
// connections nor tricks.
#pragma once

#include "connectors/boleto/sandbox/books.h"
#include "connectors/net/http.h"

#include <boost/json/object.hpp>

#include <string_view>

namespace causeway::connectors::boleto::sandbox {

[[nodiscard]] net::HttpResponse json_answer(int status, const boost::json::object& body);
/// `codigo` and `mensagem`, as a refusal has them.
[[nodiscard]] net::HttpResponse fault_answer(int status,
                                             std::string_view code,
                                             std::string_view message);

[[nodiscard]] net::HttpResponse serve_titles(BankBooks& books,
                                             const net::HttpRequest& request,
                                             Timestamp now);

}  // namespace causeway::connectors::boleto::sandbox
