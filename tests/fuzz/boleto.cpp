// SPDX-License-Identifier: Apache-2.0
//
// What somebody types from a boleto: 47 digits, 44, or the 48 of a slip. What is taken for one is
// written back to the same digits.
#include "connectors/boleto/barcode.h"
#include "connectors/boleto/collection.h"
#include "connectors/boleto/title.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

// libFuzzer's own name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace causeway::connectors::boleto;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto barcode = parse_line(text);
    if (barcode) {
        const auto again = parse_line(to_line(*barcode).digits());
        if (!again || !(*again == *barcode)) std::abort();
        const causeway::Day today(std::chrono::days(20'779));
        static_cast<void>(decode(*barcode, today));
    }
    static_cast<void>(Barcode::parse(text));
    static_cast<void>(parse_collection(text));
    return 0;
}
