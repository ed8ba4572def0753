// SPDX-License-Identifier: Apache-2.0
//
// Fields of signed and hashed bytes: integers are big-endian, and every length is in front of what
// it counts.
#pragma once

#include "ledger/result.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace causeway::ledger {

/// Writes the last `count` bytes of `value` to `out`.
template <std::size_t count>
inline void put_big_endian(std::uint8_t* out, std::uint64_t value) noexcept {
    for (std::size_t i = 0; i < count; ++i) {
        out[i] = static_cast<std::uint8_t>(value >> (8 * (count - 1 - i)));
    }
}

template <std::size_t count>
inline void append_big_endian(std::vector<std::uint8_t>& out, std::uint64_t value) {
    std::array<std::uint8_t, count> bytes;
    put_big_endian<count>(bytes.data(), value);
    out.insert(out.end(), bytes.begin(), bytes.end());
}

inline void append_bytes(std::vector<std::uint8_t>& out, std::span<const std::uint8_t> bytes) {
    out.insert(out.end(), bytes.begin(), bytes.end());
}

/// Reads fields one after the other. A field that is cut short reads as zeros or as nothing, and
/// then so do all that follow: ask at_end() once, when everything has been read.
///
/// Lifetime: `bytes` outlive the reader and what it hands out.
class FieldReader {
  public:
    explicit FieldReader(std::span<const std::uint8_t> bytes) : rest_(bytes) {}

    template <std::size_t count>
    [[nodiscard]] std::uint64_t unsigned_number() noexcept {
        std::uint64_t value = 0;
        for (const std::uint8_t byte : bytes(count)) {
            value = value << 8U | byte;
        }
        return value;
    }
    [[nodiscard]] std::int64_t number() noexcept {
        return static_cast<std::int64_t>(unsigned_number<8>());
    }

    [[nodiscard]] std::span<const std::uint8_t> bytes(std::size_t count) noexcept {
        if (count > rest_.size()) {
            cut_ = true;
            rest_ = {};
            return {};
        }
        const std::span<const std::uint8_t> taken = rest_.first(count);
        rest_ = rest_.subspan(count);
        return taken;
    }
    [[nodiscard]] std::string_view text(std::size_t count) noexcept {
        const std::span<const std::uint8_t> taken = bytes(count);
        return {reinterpret_cast<const char*>(taken.data()), taken.size()};
    }
    template <std::size_t count>
    [[nodiscard]] std::array<std::uint8_t, count> array() noexcept {
        std::array<std::uint8_t, count> taken{};
        const std::span<const std::uint8_t> from = bytes(count);
        std::copy(from.begin(), from.end(), taken.begin());
        return taken;
    }

    [[nodiscard]] bool is_cut() const noexcept { return cut_; }
    /// True when all fields were whole and nothing follows them.
    [[nodiscard]] bool at_end() const noexcept { return !cut_ && rest_.empty(); }

  private:
    std::span<const std::uint8_t> rest_;
    bool cut_ = false;
};

}  // namespace causeway::ledger
