// SPDX-License-Identifier: Apache-2.0
//
// Reads HTTP/1 messages from bytes as they come, straight into our own types.
//
// The one place that knows Beast: what is above it needs no Beast and compiles fast, and the
// parser can be tested and fuzzed without a socket. It adds to Beast what Beast 1.81 leaves open:
// a limit on trailers and on the number of fields, exactly one Host, and no transfer coding but
// "chunked", so that nobody can disagree with us about where a message ends.
#pragma once

#include "connectors/net/http.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace causeway::gateway {

struct ParserLimits {
    std::size_t header_bytes_max = 16'384;  ///< Start line and fields; trailers count again.
    std::size_t header_count_max = 100;
    std::uint64_t body_bytes_max = 262'144;
};

enum class ParseFailure { malformed, header_too_large, body_too_large };

/// Source: RFC 9112.
/// Threads: one at a time.
class RequestParser {
  public:
    explicit RequestParser(ParserLimits limits);
    RequestParser(const RequestParser&) = delete;
    RequestParser& operator=(const RequestParser&) = delete;
    ~RequestParser();

    /// Reads from the front of `bytes` and returns how many were used up. The caller keeps the
    /// rest, and hands it in again with what follows it.
    std::size_t put(std::string_view bytes);

    [[nodiscard]] bool done() const noexcept;
    /// Final: the bytes after a failure mean nothing.
    [[nodiscard]] std::optional<ParseFailure> failure() const noexcept;

    /// The header is here, not one byte of the body, and the client waits for "100 Continue".
    [[nodiscard]] bool awaits_continue() const noexcept;

    // Of the request that is done, until take().
    [[nodiscard]] bool keep_alive() const noexcept;
    [[nodiscard]] bool http_1_0() const noexcept;

    /// Hands the request out and begins with the next one. Requires done().
    net::HttpRequest take();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// The client's side: one response; interim ones (1xx) are swallowed.
///
/// Source: RFC 9112.
/// Threads: one at a time.
class ResponseParser {
  public:
    /// `to_head`: the request was HEAD, so there is no body whatever the header says.
    ResponseParser(ParserLimits limits, bool to_head);
    ResponseParser(const ResponseParser&) = delete;
    ResponseParser& operator=(const ResponseParser&) = delete;
    ~ResponseParser();

    std::size_t put(std::string_view bytes);
    /// The other side has closed: that ends a body without a length, and fails any other.
    void put_end();

    [[nodiscard]] bool done() const noexcept;
    [[nodiscard]] std::optional<ParseFailure> failure() const noexcept;
    [[nodiscard]] bool keep_alive() const noexcept;

    /// Hands out what has come of the body so far, and forgets it.
    [[nodiscard]] std::string take_body();

    /// Hands the response out and begins with the next one. Requires done().
    net::HttpResponse take();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace causeway::gateway
