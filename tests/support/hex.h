// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::test {

/// The bytes of pairs of hexadecimal digits.
inline std::vector<std::uint8_t> from_hex(std::string_view text) {
    if (text.size() % 2 != 0) throw std::runtime_error("half a byte");
    std::vector<std::uint8_t> bytes;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int byte = std::stoi(std::string(text.substr(i, 2)), nullptr, 16);
        bytes.push_back(static_cast<std::uint8_t>(byte));
    }
    return bytes;
}

template <std::size_t count>
std::array<std::uint8_t, count> array_from_hex(std::string_view text) {
    const std::vector<std::uint8_t> bytes = from_hex(text);
    if (bytes.size() != count) throw std::runtime_error("another number of bytes");
    std::array<std::uint8_t, count> array{};
    std::copy(bytes.begin(), bytes.end(), array.begin());
    return array;
}

}  // namespace causeway::test
