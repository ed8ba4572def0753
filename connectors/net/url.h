// SPDX-License-Identifier: Apache-2.0
//
// The parts of an absolute http or https URL. Strict: what two parsers could read in two ways is
// refused, for the one that checks a URL must not see another host than the one that connects.
#pragma once

#include "ledger/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace causeway::net {

struct Url {
    bool tls = true;
    std::string host;  ///< Lower case; an IPv6 address without its brackets.
    std::uint16_t port = 443;
    std::string target;     ///< Path and query, at least "/".
    std::string authority;  ///< As the Host header says it.
};

/// Errors: `invalid_argument` for another scheme, a user name, a fragment, a host of other than
/// letters, digits, hyphens and dots (or an address), an impossible port, anything but visible
/// ASCII, or more than 2048 bytes. Source: RFC 3986 section 3.
[[nodiscard]] Result<Url> parse_url(std::string_view text);

}  // namespace causeway::net
