// SPDX-License-Identifier: Apache-2.0
//
// Which addresses may be spoken to when somebody else chose the name. A server that posts to any
// URL it is given is a way into the network it stands in.
#pragma once

#include <boost/asio/ip/address.hpp>

namespace causeway::net {

/// False for loopback, private, link-local, shared (CGNAT), multicast, reserved and documentation
/// addresses, and for IPv6 addresses that carry such an IPv4 address (mapped, NAT64) or that
/// would be tunnelled to one we cannot see (6to4, Teredo).
///
/// Source: the IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890).
[[nodiscard]] bool is_public(const boost::asio::ip::address& address) noexcept;

}  // namespace causeway::net
