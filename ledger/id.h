// SPDX-License-Identifier: Apache-2.0
//
// Identifiers that sort by the time they were made, so that inserting them appends.
//
// Inside, an id is the 16 bytes of a UUID version 7. Outside it is a prefix that says what it
// names and 26 characters of Crockford's base 32: "pay_01JZ8QK3M5X9T2B7C4D6E8F0G1".
#pragma once

#include "ledger/clock.h"
#include "ledger/entropy.h"
#include "ledger/result.h"

#include <array>
#include <compare>
#include <cstdint>
#include <mutex>
#include <span>
#include <string>
#include <string_view>

namespace causeway {

/// Sixteen bytes in network order; compares as the time order of version 7.
struct Uuid {
    std::array<std::uint8_t, 16> bytes{};

    friend auto operator<=>(const Uuid&, const Uuid&) = default;
};

/// Makes ids of UUID version 7 that grow strictly, also within one millisecond and when the
/// clock steps back.
///
/// Source: RFC 9562 section 5.7 and 6.2 method 2 (monotonic random).
/// Threads: may be called from any thread.
class IdSource {
  public:
    IdSource(const Clock& clock, Entropy& entropy) : clock_(clock), entropy_(entropy) {}

    [[nodiscard]] Uuid next();

  private:
    const Clock& clock_;
    Entropy& entropy_;
    std::mutex mutex_;
    std::int64_t last_ms_ = 0;
    std::uint64_t last_tail_ = 0;  // the 74 random bits' upper 64 without the version nibble
};

/// 26 characters of Crockford's base 32, upper case, no I, L, O or U.
[[nodiscard]] std::string to_text(const Uuid& id);

/// prefix + "_" + to_text(id).
[[nodiscard]] std::string to_text(std::string_view prefix, const Uuid& id);

/// Reads what to_text wrote, strictly: upper case, one spelling an id.
///
/// Errors: `invalid_argument`.
[[nodiscard]] Result<Uuid> parse_id(std::string_view prefix, std::string_view text);
[[nodiscard]] Result<Uuid> parse_id(std::string_view text);

/// As RFC 9562 writes it, lower case with hyphens.
[[nodiscard]] std::string to_rfc9562(const Uuid& id);

/// When the id was made. Units: whole milliseconds. Requires a version 7 id.
[[nodiscard]] Timestamp time_of(const Uuid& id) noexcept;

/// Errors: `invalid_argument` unless there are 16 bytes.
[[nodiscard]] Result<Uuid> uuid_from_bytes(std::span<const std::uint8_t> bytes);

}  // namespace causeway
