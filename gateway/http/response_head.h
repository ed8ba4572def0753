// SPDX-License-Identifier: Apache-2.0
//
// Spells the status line and the header of a response.
#pragma once

#include "connectors/net/http.h"

#include <string>
#include <string_view>

namespace causeway::gateway {

/// What the connection, and not the handler, decides about a response.
struct ResponseFrame {
    bool keep_alive = true;
    bool http_1_0 = false;
    bool to_head = false;  ///< The length is told, the body is not sent.
};

[[nodiscard]] std::string_view reason_phrase(int status) noexcept;

/// Whether a response of this status may have a body. Source: RFC 9110 section 6.4.1.
[[nodiscard]] bool has_body(int status) noexcept;

/// Whether every header may stand in a message: a line break in one would forge another.
[[nodiscard]] bool headers_are_safe(const net::HttpHeaders& headers) noexcept;

/// Appends the head to `out`. Content-Length, Connection and Transfer-Encoding are ours: a
/// handler's own are dropped. A body that is made piece by piece has no length.
///
/// Requires headers_are_safe(), a status of three digits, and no keep_alive for such a body.
void append_head(std::string& out, const net::HttpResponse& response, const ResponseFrame& frame);

}  // namespace causeway::gateway
