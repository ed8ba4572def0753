// SPDX-License-Identifier: Apache-2.0
//
// What a camera reads from a QR code. What is taken for a BR Code is written, and read again as the
// same.
#include "connectors/pix/br_code.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

// libFuzzer's own name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace causeway::connectors::pix;
    const auto code = read_br_code(std::string_view(reinterpret_cast<const char*>(data), size));
    if (!code) return 0;
    const auto text = write_br_code(*code);
    if (!text) return 0;  // Names in other letters are read as they are and written in ASCII.
    if (!read_br_code(*text)) std::abort();
    return 0;
}
