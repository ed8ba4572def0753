// SPDX-License-Identifier: Apache-2.0
//
// The body of a response that is made while it is sent, because it is too long to be held.
#pragma once

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>

namespace causeway::net {

/// Threads: one piece at a time, asked for on the session's thread.
class BodySource {
  public:
    BodySource() = default;
    BodySource(const BodySource&) = delete;
    BodySource& operator=(const BodySource&) = delete;
    virtual ~BodySource() = default;

    /// The next piece; none when the body is complete. It is asked for when the other side has
    /// taken the piece before, so nothing piles up.
    virtual boost::asio::awaitable<std::optional<std::string>> next() = 0;
};

}  // namespace causeway::net
