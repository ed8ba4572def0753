// SPDX-License-Identifier: Apache-2.0
//
// What the API says when it does not do what was asked. One closed list of codes.
#pragma once

#include "gateway/http/json_reader.h"
#include "ledger/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace causeway::gateway {

/// Source: RFC 9457; `code`, `decline_code`, `errors`, `request_id`, `retryable` are extensions.
struct Problem {
    int status = 400;
    std::string code;
    std::string title;
    std::string detail;
    std::string decline_code;        ///< Only with `card_declined`.
    std::vector<FieldError> errors;  ///< Where in the body.
    std::string param;               ///< Which parameter of the query.
    std::string instance;            ///< The object it is about, such as "/v1/payments/pay_...".
    bool retryable = false;
    int retry_after_s = 0;  ///< 0: no Retry-After header. Units: seconds.
};

/// A problem of the list in problem.cpp; throws std::logic_error for a code that is not in it.
[[nodiscard]] Problem make_problem(std::string_view code, std::string detail);
/// The same, pointing at one field.
[[nodiscard]] Problem make_problem(std::string_view code, std::string pointer, std::string detail);
/// The body failed its checks: 400 `invalid_request` with every field that is wrong.
[[nodiscard]] Problem invalid_request(std::vector<FieldError> errors);

/// What a storage-level error looks like from outside: full queue 503, anything else 500.
[[nodiscard]] Problem internal_problem(const Error& error);

/// application/problem+json.
[[nodiscard]] std::string render(const Problem& problem, std::string_view request_id);

}  // namespace causeway::gateway
