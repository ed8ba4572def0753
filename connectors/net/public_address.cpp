// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/public_address.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace causeway::net {
namespace {

using boost::asio::ip::address_v4;
using boost::asio::ip::address_v6;

struct Block4 {
    std::uint32_t first;
    int bits;
};

constexpr std::uint32_t quad(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
    return (a << 24U) | (b << 16U) | (c << 8U) | d;
}

constexpr std::array kClosed4{
    Block4{quad(0, 0, 0, 0), 8},        // this network
    Block4{quad(10, 0, 0, 0), 8},       // private
    Block4{quad(100, 64, 0, 0), 10},    // shared, carrier-grade NAT
    Block4{quad(127, 0, 0, 0), 8},      // loopback
    Block4{quad(169, 254, 0, 0), 16},   // link-local, and where clouds keep their secrets
    Block4{quad(172, 16, 0, 0), 12},    // private
    Block4{quad(192, 0, 0, 0), 24},     // protocol assignments
    Block4{quad(192, 0, 2, 0), 24},     // documentation
    Block4{quad(192, 88, 99, 0), 24},   // 6to4 relays
    Block4{quad(192, 168, 0, 0), 16},   // private
    Block4{quad(198, 18, 0, 0), 15},    // benchmarks
    Block4{quad(198, 51, 100, 0), 24},  // documentation
    Block4{quad(203, 0, 113, 0), 24},   // documentation
    Block4{quad(224, 0, 0, 0), 4},      // multicast
    Block4{quad(240, 0, 0, 0), 4},      // reserved, broadcast
};

bool is_public_v4(const address_v4& address) noexcept {
    const std::uint32_t number = address.to_uint();
    return std::ranges::none_of(kClosed4, [number](const Block4& block) {
        return ((number ^ block.first) >> (32 - block.bits)) == 0;
    });
}

// The IPv4 address in the last four bytes.
address_v4 inner(const address_v6::bytes_type& bytes) noexcept {
    return address_v4({bytes[12], bytes[13], bytes[14], bytes[15]});
}

constexpr std::array<std::uint8_t, 12> kNat64{0x00, 0x64, 0xFF, 0x9B};  // 64:ff9b::/96

bool is_public_v6(const address_v6& address) noexcept {
    const address_v6::bytes_type bytes = address.to_bytes();
    if (address.is_v4_mapped()) return is_public_v4(inner(bytes));
    if (std::equal(kNat64.begin(), kNat64.end(), bytes.begin())) return is_public_v4(inner(bytes));
    if ((bytes[0] & 0xE0U) != 0x20U) return false;  // only 2000::/3 is global unicast
    const unsigned first = (unsigned{bytes[0]} << 8U) | bytes[1];
    const unsigned second = (unsigned{bytes[2]} << 8U) | bytes[3];
    if (first == 0x2001U && second < 0x0200U) return false;   // protocols, Teredo, ORCHID
    if (first == 0x2001U && second == 0x0DB8U) return false;  // documentation
    if (first == 0x2002U) return false;                       // 6to4
    return first != 0x3FFFU || second >= 0x1000U;             // documentation
}

}  // namespace

bool is_public(const boost::asio::ip::address& address) noexcept {
    return address.is_v4() ? is_public_v4(address.to_v4()) : is_public_v6(address.to_v6());
}

}  // namespace causeway::net
