// SPDX-License-Identifier: Apache-2.0
#include "gateway/api/problem.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <array>
#include <stdexcept>

namespace json = boost::json;

namespace causeway::gateway {
namespace {

struct Listed {
    std::string_view code;
    int status;
    std::string_view title;
    bool retryable;
    int retry_after_s;
};

// Every code the API can answer. A client may rely on the spelling; docs/api-errors.md lists them
// with what to do.
constexpr std::array kListed{
    Listed{"invalid_request", 400, "Invalid request", false, 0},
    Listed{"invalid_json", 400, "Invalid JSON", false, 0},
    Listed{"idempotency_key_required", 400, "Idempotency-Key required", false, 0},
    Listed{"idempotency_key_invalid", 400, "Idempotency-Key invalid", false, 0},
    Listed{"unsupported_version", 400, "Unsupported Gateway-Version", false, 0},
    Listed{"unauthorized", 401, "Unauthorized", false, 0},
    Listed{"forbidden", 403, "Forbidden for this key", false, 0},
    Listed{"card_declined", 402, "Payment declined", false, 0},
    Listed{"payment_method_refused", 402, "Payment method refused", false, 0},
    Listed{"dispute_declined", 402, "Dispute answer declined", false, 0},
    Listed{"capture_declined", 402, "Capture declined", false, 0},
    Listed{"cancel_declined", 402, "Cancel declined", false, 0},
    Listed{"not_found", 404, "Not found", false, 0},
    Listed{"method_not_allowed", 405, "Method not allowed", false, 0},
    Listed{"idempotency_key_in_flight", 409, "Request in flight", true, 1},
    Listed{"dispute_state", 409, "Not in this state", false, 0},
    Listed{"payment_state", 409, "Not possible in this state", false, 0},
    Listed{"idempotency_key_reused", 422, "Idempotency-Key reused", false, 0},
    Listed{"unknown_reference", 422, "Unknown reference", false, 0},
    Listed{"payment_method_required", 422, "Payment method required", false, 0},
    Listed{"capture_method_not_supported", 422, "Capture method not supported", false, 0},
    Listed{"no_connector", 422, "No connector for this payment", false, 0},
    Listed{"amount_exceeds_capturable", 422, "More than can be captured", false, 0},
    Listed{"amount_not_increasable", 422, "The amount cannot grow", false, 0},
    Listed{"amount_exceeds_refundable", 422, "More than can be refunded", false, 0},
    Listed{"refund_not_supported", 422, "Refund not supported", false, 0},
    Listed{"fx_quote_mismatch", 422, "Quote does not fit", false, 0},
    Listed{"fx_quote_expired", 422, "Quote expired", false, 0},
    Listed{"fx_quote_consumed", 422, "Quote used before", false, 0},
    Listed{"fx_rate_unavailable", 422, "No rate", false, 0},
    Listed{"amount_out_of_range", 422, "Amount out of range", false, 0},
    Listed{"rate_limited", 429, "Too many requests", true, 1},
    Listed{"internal_error", 500, "Internal error", false, 0},
    Listed{"provider_unavailable", 503, "Provider unavailable", true, 5},
    Listed{"overloaded", 503, "Overloaded", true, 1},
    // Only ever seen as a payment's last_error.
    Listed{"provider_timeout_reversed", 402, "No answer; reversed", false, 0},
};

std::string problem_uri(std::string_view code) {
    std::string uri = "/problems/";
    for (const char letter : code)
        uri += letter == '_' ? '-' : letter;
    return uri;
}

}  // namespace

Problem make_problem(std::string_view code, std::string detail) {
    for (const Listed& listed : kListed) {
        if (listed.code != code) continue;
        return Problem{.status = listed.status,
                       .code = std::string(code),
                       .title = std::string(listed.title),
                       .detail = std::move(detail),
                       .decline_code = {},
                       .errors = {},
                       .param = {},
                       .instance = {},
                       .retryable = listed.retryable,
                       .retry_after_s = listed.retry_after_s};
    }
    throw std::logic_error("unlisted problem code " + std::string(code));
}

Problem make_problem(std::string_view code, std::string pointer, std::string detail) {
    Problem problem = make_problem(code, detail);
    problem.errors.push_back(
        {.pointer = std::move(pointer), .code = std::string(code), .detail = std::move(detail)});
    return problem;
}

Problem invalid_request(std::vector<FieldError> errors) {
    std::string detail = "The request has fields that cannot be right.";
    if (!errors.empty()) detail = errors.front().pointer + ": " + errors.front().detail;
    Problem problem = make_problem("invalid_request", std::move(detail));
    problem.errors = std::move(errors);
    return problem;
}

Problem internal_problem(const Error& error) {
    if (error.code() == ErrorCode::unavailable) {
        return make_problem("overloaded", "Too much is waiting; try again in a moment.");
    }
    return make_problem("internal_error", "The request could not be completed.");
}

std::string render(const Problem& problem, std::string_view request_id) {
    json::object members;
    members["type"] = problem_uri(problem.code);
    members["title"] = problem.title;
    members["status"] = problem.status;
    if (!problem.detail.empty()) members["detail"] = problem.detail;
    if (!problem.instance.empty()) members["instance"] = problem.instance;
    members["code"] = problem.code;
    if (!problem.decline_code.empty()) members["decline_code"] = problem.decline_code;
    if (!problem.param.empty()) members["param"] = problem.param;
    if (!problem.errors.empty()) {
        json::array errors;
        for (const FieldError& error : problem.errors) {
            json::object one;
            one["pointer"] = error.pointer;
            one["code"] = error.code;
            one["detail"] = error.detail;
            errors.push_back(std::move(one));
        }
        members["errors"] = std::move(errors);
    }
    members["request_id"] = request_id;
    members["retryable"] = problem.retryable;
    return json::serialize(members);
}

}  // namespace causeway::gateway
