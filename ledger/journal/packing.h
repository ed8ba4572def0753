// SPDX-License-Identifier: Apache-2.0
//
// Integers in as few bytes as they need: seven bits a byte, the lowest first, the highest bit says
// that more follow. Signed ones are folded first, so that small negatives stay short.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace causeway::ledger {

inline constexpr std::size_t kPackedBytesMax = 10;

/// Writes at most kPackedBytesMax bytes and returns where they end.
[[nodiscard]] inline std::uint8_t* pack(std::uint64_t number, std::uint8_t* to) noexcept {
    while (number >= 0x80) {
        *to++ = static_cast<std::uint8_t>(number | 0x80);
        number >>= 7;
    }
    *to++ = static_cast<std::uint8_t>(number);
    return to;
}

inline void pack(std::uint64_t number, std::vector<std::uint8_t>& out) {
    std::array<std::uint8_t, kPackedBytesMax> bytes;
    out.insert(out.end(), bytes.data(), pack(number, bytes.data()));
}

/// 0, -1, 1, -2, 2, ... become 0, 1, 2, 3, 4, ...
[[nodiscard]] constexpr std::uint64_t fold(std::int64_t number) noexcept {
    return (static_cast<std::uint64_t>(number) << 1) ^ static_cast<std::uint64_t>(number >> 63);
}
[[nodiscard]] constexpr std::int64_t unfold(std::uint64_t folded) noexcept {
    return static_cast<std::int64_t>(folded >> 1) ^ -static_cast<std::int64_t>(folded & 1);
}

inline void pack_signed(std::int64_t number, std::vector<std::uint8_t>& out) {
    pack(fold(number), out);
}

/// Reads what pack() wrote. After a read past the end, or of a number in more bytes than it needs
/// or than 64 bits hold, sound() is false and every further read gives 0.
class Unpacker {
  public:
    explicit Unpacker(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

    [[nodiscard]] std::uint64_t number() noexcept {
        std::uint64_t value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (bytes_.empty()) break;
            const std::uint8_t byte = bytes_.front();
            bytes_ = bytes_.subspan(1);
            if (shift == 63 && byte > 1) break;
            value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
            if (byte >= 0x80) continue;
            if (byte == 0 && shift > 0) break;
            return value;
        }
        return fail();
    }
    [[nodiscard]] std::int64_t signed_number() noexcept { return unfold(number()); }
    /// A number that must not be negative as an int64.
    [[nodiscard]] std::int64_t amount() noexcept {
        const std::uint64_t value = number();
        return value > INT64_MAX ? static_cast<std::int64_t>(fail())
                                 : static_cast<std::int64_t>(value);
    }
    /// Empty when there are not so many.
    [[nodiscard]] std::span<const std::uint8_t> take(std::size_t count) noexcept {
        if (bytes_.size() < count) {
            (void)fail();
            return {};
        }
        const auto taken = bytes_.first(count);
        bytes_ = bytes_.subspan(count);
        return taken;
    }

    [[nodiscard]] bool sound() const noexcept { return sound_; }
    [[nodiscard]] bool at_end() const noexcept { return bytes_.empty(); }

  private:
    std::uint64_t fail() noexcept {
        sound_ = false;
        bytes_ = {};
        return 0;
    }

    std::span<const std::uint8_t> bytes_;
    bool sound_ = true;
};

}  // namespace causeway::ledger
