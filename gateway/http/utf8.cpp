// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/utf8.h"

#include <cstddef>

namespace causeway::gateway {
namespace {

struct Lead {
    std::size_t tail;          // how many bytes follow
    unsigned char low = 0x80;  // the least and the most the first of them may be
    unsigned char high = 0xBF;
};

// Returns a tail of 4 for a byte that begins nothing.
constexpr Lead lead_of(unsigned char byte) {
    if (byte < 0x80) return {0};
    if (byte >= 0xC2 && byte <= 0xDF) return {1};
    if (byte == 0xE0) return {2, 0xA0, 0xBF};
    if (byte == 0xED) return {2, 0x80, 0x9F};
    if (byte >= 0xE1 && byte <= 0xEF) return {2};
    if (byte == 0xF0) return {3, 0x90, 0xBF};
    if (byte >= 0xF1 && byte <= 0xF3) return {3};
    if (byte == 0xF4) return {3, 0x80, 0x8F};
    return {4};
}

}  // namespace

bool is_utf8(std::string_view text) noexcept {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const Lead lead = lead_of(static_cast<unsigned char>(text[i]));
        if (lead.tail > 3 || text.size() - i <= lead.tail) return false;
        for (std::size_t j = 1; j <= lead.tail; ++j) {
            const auto byte = static_cast<unsigned char>(text[i + j]);
            const unsigned char low = j == 1 ? lead.low : 0x80;
            const unsigned char high = j == 1 ? lead.high : 0xBF;
            if (byte < low || byte > high) return false;
        }
        i += lead.tail;
    }
    return true;
}

}  // namespace causeway::gateway
