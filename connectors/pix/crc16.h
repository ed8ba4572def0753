// SPDX-License-Identifier: Apache-2.0
//
// The check at the end of a BR Code. It is written with four digits, zeros in front included: one
// code in sixteen begins with one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace causeway::connectors::pix {

/// CRC-16/CCITT-FALSE: polynomial 0x1021, begins with 0xFFFF, nothing reflected or inverted.
/// "123456789" gives 0x29B1. Source: EMV QR Code MPM, section 4.7.3; ISO/IEC 13239.
[[nodiscard]] std::uint16_t crc16(std::string_view bytes) noexcept;

/// "0BF2".
[[nodiscard]] std::string crc16_text(std::string_view bytes);

}  // namespace causeway::connectors::pix
