// SPDX-License-Identifier: Apache-2.0
//
// What goes wrong before a request reaches its handler, and how it is told.
#pragma once

#include "connectors/net/http.h"

#include <string>
#include <string_view>

namespace causeway::gateway {

/// A request that the protocol layer could not hand on, or whose handler threw.
struct ProtocolError {
    int status;
    std::string_view code;    ///< Spelt as in the API; a literal.
    std::string_view title;   ///< A literal too.
    std::string_view detail;  ///< A literal too: says nothing of our insides.
    bool retryable;           ///< The same request may succeed when it is sent again.
};

inline constexpr ProtocolError kBadRequest{
    400, "bad_request", "Bad request", "The request is not well-formed HTTP.", false};
inline constexpr ProtocolError kRequestTimeout{
    408, "request_timeout", "Request timeout", "The request did not arrive in time.", true};
inline constexpr ProtocolError kBodyTooLarge{
    413, "body_too_large", "Body too large", "The body is longer than the limit.", false};
inline constexpr ProtocolError kHeaderTooLarge{
    431, "header_too_large", "Header too large", "The header is longer than the limit.", false};
inline constexpr ProtocolError kInternalError{
    500, "internal_error", "Internal error", "The request could not be completed.", false};

/// `error` as application/problem+json.
///
/// Source: RFC 9457; `code`, `request_id` and `retryable` are extension members.
[[nodiscard]] net::HttpResponse problem_response(const ProtocolError& error,
                                                 std::string_view request_id);

}  // namespace causeway::gateway
