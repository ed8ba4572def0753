// SPDX-License-Identifier: Apache-2.0
#include "connectors/pix/crc16.h"

namespace causeway::connectors::pix {

std::uint16_t crc16(std::string_view bytes) noexcept {
    unsigned crc = 0xFFFF;
    for (const char byte : bytes) {
        crc ^= static_cast<unsigned>(static_cast<unsigned char>(byte)) << 8U;
        for (int bit = 0; bit < 8; ++bit) {
            const bool carry = (crc & 0x8000U) != 0;
            crc = crc << 1U & 0xFFFFU;
            if (carry) crc ^= 0x1021U;
        }
    }
    return static_cast<std::uint16_t>(crc);
}

std::string crc16_text(std::string_view bytes) {
    const unsigned crc = crc16(bytes);
    std::string text;
    for (const unsigned shift : {12U, 8U, 4U, 0U})
        text += "0123456789ABCDEF"[crc >> shift & 0xFU];
    return text;
}

}  // namespace causeway::connectors::pix
