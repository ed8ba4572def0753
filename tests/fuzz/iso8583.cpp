// SPDX-License-Identifier: Apache-2.0
//
// The first byte chooses the dialect, the rest is a message. The codec is strict both ways: what it
// decodes, it encodes to the same message again.
#include "connectors/card/codec.h"

#include <cstdint>
#include <cstdlib>
#include <span>

// libFuzzer's own name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace causeway::connectors::card;
    if (size == 0) return 0;
    const auto dialects = all_dialects();
    const Dialect& dialect = dialects[data[0] % dialects.size()];
    const auto message = decode(std::span(data + 1, size - 1), dialect);
    if (!message) return 0;
    const auto bytes = encode(*message, dialect);
    if (!bytes) std::abort();
    const auto again = decode(*bytes, dialect);
    if (!again || !(*again == *message)) std::abort();
    static_cast<void>(loggable(*message));
    return 0;
}
