// SPDX-License-Identifier: Apache-2.0
//
// Addresses of a host, by a deadline.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace causeway::net {

struct LookedUp {
    boost::system::error_code error = boost::asio::error::timed_out;
    std::vector<boost::asio::ip::tcp::endpoint> endpoints;
};

/// `host` is a name or an address, an IPv6 one without brackets. The system's resolver cannot be
/// interrupted: at the deadline it is left to end on its own, and `error` stays `timed_out`.
boost::asio::awaitable<LookedUp> look_up(std::string host,
                                         std::uint16_t port,
                                         std::chrono::steady_clock::time_point deadline);

}  // namespace causeway::net
